"""What every endpoint shares: fast lists by key, strong ETags, and errors as problem+json.

An endpoint of an app is a `RecordViewSet` with a serializer that names its fields. Lists and single records
are both read as `.values()` rows of those names and rendered by orjson, so the serializer is at once the
schema and the query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.db.models import F
from django.http import Http404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, status
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import BasePagination
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from portal.pages import KeysetPage, read_page

LARGEST_PAGE = 500


def _plain(value: object) -> str:
    """Amounts leave as text, so that no reader loses a cent to binary fractions; so do translated labels."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


class OrjsonRenderer(BaseRenderer):
    """JSON, with times as RFC 3339 and amounts as text."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_plain)


class ProblemRenderer(OrjsonRenderer):
    """The same, under the media type of RFC 9457."""

    media_type = "application/problem+json"


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Any refusal as RFC 9457 says: title, status, detail, and `errors` by field. None for a bug of ours."""
    error = _as_api_error(error)
    if not isinstance(error, exceptions.APIException):
        return None
    detail = error.detail
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": str(error.default_detail),
        "status": error.status_code,
    }
    if isinstance(detail, Mapping):
        problem["errors"] = {
            field: [str(text) for text in (texts if isinstance(texts, list) else [texts])]
            for field, texts in detail.items()
        }
        problem["detail"] = _("Some parameters cannot be used: see errors.")
    else:
        problem["detail"] = " ".join(
            str(text) for text in (detail if isinstance(detail, list) else [detail])
        )
    response = Response(problem, status=error.status_code)
    for name, value in _error_headers(error).items():
        response[name] = value
    request = context.get("request")
    if request is not None:
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = ProblemRenderer.media_type
    return response


def _as_api_error(error: Exception) -> Exception:
    """Django's own refusals as those of the REST framework."""
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) or None)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, BadRequest):
        return exceptions.ParseError(str(error) or None)
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"detail": error.messages}
        )
    return error


def _error_headers(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    return headers


class KeysetPagination(BasePagination):
    """Pages by key, announced in the Link header (RFC 8288): `first`, `next`, `prev`. `limit` is 50, at most 500."""

    def read(
        self, rows: models.QuerySet[Any, Any], request: Request, order: Sequence[str]
    ) -> KeysetPage[Any]:
        """One page of rows. Raises a refusal for a limit or a key that is not one."""
        params = request.query_params
        return read_page(
            rows,
            order,
            after=params.get("after"),
            before=params.get("before"),
            size=self._limit(params.get("limit", "50")),
        )

    @staticmethod
    def _limit(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LARGEST_PAGE):
            raise exceptions.ValidationError(
                {"limit": [_("Write a whole number from 1 to %d.") % LARGEST_PAGE]}
            )
        return int(text)

    @staticmethod
    def links(page: KeysetPage[Any], request: Request) -> str:
        kept = [
            (name, value)
            for name, values in request.query_params.lists()
            for value in values
            if name not in {"after", "before"}
        ]
        here = request.build_absolute_uri(request.path)
        targets = {"first": kept}
        if page.after:
            targets["next"] = [*kept, ("after", page.after)]
        if page.before:
            targets["prev"] = [*kept, ("before", page.before)]
        return ", ".join(
            f'<{here}{"?" if params else ""}{urlencode(params)}>; rel="{relation}"'
            for relation, params in targets.items()
        )

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:
        """What the schema says of paging."""
        texts = {
            "limit": _("Rows on a page, 1 to 500."),
            "after": _("Key of the last row before the page, from a Link header."),
            "before": _("Key of the first row after the page, from a Link header."),
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": text,
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE}
                if name == "limit"
                else {"type": "string"},
            }
            for name, text in texts.items()
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A list is the bare array; paging stands in the header."""
        return schema


class ConditionalView(GenericAPIView[Any]):
    """An endpoint whose answers carry a strong ETag, and are not sent again to those who hold them."""

    renderer_classes = (OrjsonRenderer,)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ["Accept-Language", "Cookie"])
        if answer.status_code != status.HTTP_200_OK:
            return answer
        answer.render()
        etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
        answer["ETag"] = etag
        inner = request._request  # noqa: SLF001 - the framework wraps Django's own request
        conditional = get_conditional_response(inner, etag=etag, response=answer)
        if conditional is not answer and conditional is not None:
            answer.status_code = conditional.status_code
            answer.content = b""
        return answer


class UnknownAddress(GenericAPIView[Any]):
    """Any address under the API that is none: a problem, not a page."""

    renderer_classes = (ProblemRenderer,)

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str) -> Response:
        """Refuse, naming where the endpoints are listed."""
        raise exceptions.NotFound(
            _("There is no endpoint at “%s”. /api/v1/schema/ lists them all.") % rest
        )


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def document_refusals(result: dict[str, Any], **_context: object) -> dict[str, Any]:
    """Say in the schema, of every operation, how it refuses (RFC 9457)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    problem = {
        "description": "Refused, and why.",
        "content": {
            ProblemRenderer.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {"400": problem, "404": problem}
    return result


@cache
def field_sources(serializer: Any) -> dict[str, str]:
    """For each field of a serializer, the lookup that `.values()` reads it from."""
    return {
        name: "__".join(field.source_attrs or [name]) for name, field in serializer().fields.items()
    }


def read_values(
    rows: models.QuerySet[Any], serializer: Any, extra: Sequence[str] = ()
) -> models.QuerySet[Any, dict[str, Any]]:
    """Rows as dictionaries with the serializer's fields, and the fields that `extra` orders by."""
    sources = field_sources(serializer)
    plain = [name for name, source in sources.items() if name == source]
    renamed = {name: F(source) for name, source in sources.items() if name != source}
    keys = {name.lstrip("-") for name in extra} - set(sources)
    return rows.values(*plain, *keys, **renamed)


class ListViewSet(ViewSetMixin, ConditionalView):
    """A list, read only, each row one `.values()` dictionary.

    Subclasses give `serializer_class`, whose fields are the keys of a row (a dotted `source` is followed),
    `order` for the pages, and `get_queryset`: annotated records that the one who asks may see.
    """

    filter_backends = (DjangoFilterBackend,)
    pagination_class = KeysetPagination
    order: ClassVar[Sequence[str]] = ("id",)

    def list(self, request: Request) -> Response:
        """A page of the list. Links to the next and previous pages stand in the Link header."""
        serializer: Any = self.get_serializer_class()
        rows = read_values(self.filter_queryset(self.get_queryset()), serializer, self.order)
        paginator = KeysetPagination()
        page = paginator.read(rows, request, self.order)
        fields = field_sources(serializer)
        answer = [{name: row[name] for name in fields} for row in page.rows]
        return Response(answer, headers={"Link": paginator.links(page, request)})


class RecordViewSet(ListViewSet):
    """A list and its single records, each under its code."""

    lookup_field = "code"
    lookup_value_regex = "[A-Z0-9][A-Z0-9-]*"
    order: ClassVar[Sequence[str]] = ("code",)

    def retrieve(self, request: Request, code: str) -> Response:
        """One record. An unknown code, or one the viewer may not see, is a 404."""
        records = self.get_queryset().filter(code=code)
        row = read_values(records, self.get_serializer_class()).first()
        if row is None:
            kind = str(records.model._meta.verbose_name)
            raise Http404(
                _("There is no %(kind)s with the code “%(code)s”.") % {"kind": kind, "code": code}
            )
        return Response(row)
