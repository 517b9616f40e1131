"""Helpers of HTML pages: fetch-or-refuse, pages by key, and what every page shows around its content."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import rules
from django.conf import settings
from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.forms.renderers import TemplatesSetting
from django.http import Http404, HttpRequest
from django.urls import register_converter, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.people import VISITOR, Viewer, reads_everything
from portal.accounts.rules import is_auditor

Row = TypeVar("Row")
Record = TypeVar("Record", bound=models.Model)


class EclFormRenderer(TemplatesSetting):
    """Draws every form with the templates in `templates/django/forms/`."""


class CodeConverter:
    """A record's code in an address: capitals, digits and hyphens."""

    regex = "[A-Z0-9][A-Z0-9-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")


NAVIGATION = [
    ("home", gettext_lazy("Home")),
    ("list_programmes", gettext_lazy("Programmes")),
    ("list_calls", gettext_lazy("Calls")),
    ("list_projects", gettext_lazy("Projects")),
    ("list_countries", gettext_lazy("Countries")),
    ("list_evaluations", gettext_lazy("Evaluation")),
    ("open_data", gettext_lazy("Data")),
]
REPORTS = ("list_reports", gettext_lazy("Reports"))
AUDIT = ("list_entries", gettext_lazy("Audit trail"))


def house_context(request: HttpRequest) -> dict[str, Any]:
    """What the base template needs on every page: the portal's name and the main navigation."""
    viewer = getattr(request, "user", VISITOR)
    shown = [*NAVIGATION]
    if reads_everything(viewer):
        shown += [REPORTS]
    if is_auditor(viewer):
        shown += [AUDIT]
    entries = [(reverse(name), label) for name, label in shown]
    here = max((url for url, _label in entries if request.path.startswith(url)), key=len)
    return {
        "portal_name": settings.PORTAL_NAME,
        "navigation": [
            (url, label, url == here and (url != "/" or request.path == "/"))
            for url, label in entries
        ],
    }


class UnknownCode(Http404):
    """No record of this kind has this code, or the one who asks may not see it."""


def get_permitted(
    rows: models.QuerySet[Record], code: str, viewer: Viewer, permission: str | None = None
) -> Record:
    """The one record with this code among `rows`, which must already be those the viewer may see.

    Raises a 404 that names the code where there is none, and `PermissionDenied` (403) where the viewer may
    see it but not do what `permission` names.
    """
    try:
        record = rows.get(code=code)
    except ObjectDoesNotExist as error:
        kind = str(rows.model._meta.verbose_name)
        raise UnknownCode(
            _("There is no %(kind)s with the code “%(code)s”.") % {"kind": kind, "code": code}
        ) from error
    if permission and not rules.has_perm(permission, viewer, record):
        raise PermissionDenied(_("You may see this record, but not change it in this way."))
    return record


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Some rows of a list, and the keys from which the rows after and before them are read."""

    rows: list[Row]
    after: str | None
    before: str | None


def read_page(
    rows: models.QuerySet[Any, Row],
    order: Sequence[str],
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> KeysetPage[Row]:
    """One page of `rows` in the order of `order`, read by key: as quick at the end of a list as at its start.

    `order` names fields or annotations without nulls, the last one unique, with `-` for descending. `after`
    and `before` are keys from another page; one that was not made here raises `BadRequest`.
    Rows may be records or dictionaries of `.values()`.
    """
    backwards = before is not None
    key = _read_key(before if backwards else after, len(order))
    steps = [_reversed(name) for name in order] if backwards else list(order)
    if key is not None:
        rows = rows.filter(_beyond(steps, key))
    found = list(rows.order_by(*steps)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, key is not None)
    return KeysetPage(
        rows=found,
        after=_make_key(found[-1], order) if found and has_next else None,
        before=_make_key(found[0], order) if found and has_previous else None,
    )


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(steps: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows that come after the key: larger in the first field, or equal there and larger in the next."""
    condition = Q()
    equal: dict[str, Any] = {}
    for step, value in zip(steps, key, strict=True):
        name, operator = step.lstrip("-"), "lt" if step.startswith("-") else "gt"
        condition |= Q(**equal, **{f"{name}__{operator}": value})
        equal[name] = value
    return condition


def _make_key(row: Any, order: Sequence[str]) -> str:
    names = [name.lstrip("-") for name in order]
    values = [row[name] if isinstance(row, Mapping) else getattr(row, name) for name in names]
    text = json.dumps(values, cls=DjangoJSONEncoder, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_key(text: str | None, length: int) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise BadRequest(_("This page key is not one of this list.")) from error
    if not isinstance(values, list) or len(values) != length or not all(map(_is_plain, values)):
        raise BadRequest(_("This page key is not one of this list."))
    return values


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int)) and "\x00" not in str(value)
