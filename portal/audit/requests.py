"""The number of the request at hand, by which an entry of the trail is found again in the server's logs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,36}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The number of the request that is being answered, or whose task is being done; empty for a command."""
    return _current.get()


@contextmanager
def numbered(number: str) -> Iterator[None]:
    """Let what is done inside this block be done for the request with this number."""
    token = _current.set(number)
    try:
        yield
    finally:
        _current.reset(token)


def number_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: gives every request a number and tells it in the answer.

    The number that a proxy gave is taken over only where the proxy is trusted to give one.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        number = _number_of(request)
        with numbered(number):
            response = get_response(request)
        response[HEADER] = number
        return response

    return answer


def _number_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.TRUST_REQUEST_ID else ""
    return given if WELL_FORMED.fullmatch(given) else str(uuid.uuid4())
