"""A list page: filters and what they leave, the number of hits, one page by key, and the addresses around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models
from django.forms import Field, Form
from django.http import HttpRequest, QueryDict
from django_filters import FilterSet

from portal.pages import KeysetPage, read_page
from portal.wording import MARKS, number

Row = TypeVar("Row")
Chip = tuple[str, str]

# Counting further than this costs more than anybody learns from it.
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Hits:
    """How many rows there are; `more` says that counting stopped at `counted`."""

    counted: int
    more: bool

    @property
    def text(self) -> str:
        return number(self.counted)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """What a list page shows. `rows` is empty where a filter is wrong: the form then says which and why."""

    form: Form
    rows: list[Row]
    hits: Hits
    chips: list[Chip]
    clear_url: str
    first_url: str | None
    previous_url: str | None
    next_url: str | None

    @property
    def status(self) -> int:
        """The HTTP status: 400 where a filter is wrong."""
        return 400 if self.form.errors else 200


def read_listing(
    request: HttpRequest,
    filters: FilterSet,
    order: Sequence[str],
    prepare: Callable[[Any], models.QuerySet[Any, Any]] = lambda rows: rows,
) -> Listing[Any]:
    """Read the page of a list that `request` asks for.

    `prepare` adds to the rows of the page what the count does not need; `order` is as in `read_page`.
    """
    params = request.GET
    rows = filters.queryset.none() if filters.errors else filters.qs
    page = read_page(prepare(rows), order, after=params.get("after"), before=params.get("before"))
    return Listing(
        form=filters.form,
        rows=page.rows,
        hits=count_hits(rows),
        chips=list(_chips(request, filters.form)),
        clear_url=request.path,
        **_addresses(request, page),
    )


def count_hits(rows: models.QuerySet[Any]) -> Hits:
    """Count rows, but stop at `MOST_COUNTED`."""
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    return Hits(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _addresses(request: HttpRequest, page: KeysetPage[Any]) -> dict[str, str | None]:
    start = _address(request, _without_keys(request.GET))
    return {
        "first_url": start if page.before else None,
        "previous_url": _with(request, "before", page.before),
        "next_url": _with(request, "after", page.after),
    }


def _with(request: HttpRequest, name: str, key: str | None) -> str | None:
    if key is None:
        return None
    params = _without_keys(request.GET)
    params[name] = key
    return _address(request, params)


def _without_keys(params: QueryDict) -> QueryDict:
    kept = params.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    return kept


def _address(request: HttpRequest, params: QueryDict) -> str:
    return f"{request.path}?{params.urlencode()}" if params else request.path


def _chips(request: HttpRequest, form: Form) -> Iterator[Chip]:
    """Each filter in force in words, with the address of the list without it."""
    for name, value in getattr(form, "cleaned_data", {}).items():
        field = form.fields[name]
        several = value if isinstance(value, (list, models.QuerySet)) else [value]
        for each in several:
            if each not in (None, ""):
                params = _without_keys(request.GET)
                sent = _as_sent(field, each)
                params.setlist(name, [text for text in params.getlist(name) if text != sent])
                if not params.getlist(name) or not isinstance(value, (list, models.QuerySet)):
                    params.pop(name, None)
                yield f"{field.label}: {_in_words(field, each)}", _address(request, params)


def _as_sent(field: Field, value: Any) -> str:
    """The text by which a choice stands in an address."""
    if isinstance(value, models.Model):
        return str(getattr(value, getattr(field, "to_field_name", None) or "pk"))
    return str(value)


def _in_words(field: Field, value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))


def marks_in(parts: Any) -> list[str]:
    """The codes of the marks that occur anywhere in cells, facts, figures or lists of them, in the order of the legend."""
    found = set(_marks_in(parts))
    return [code for code in MARKS if code in found]


def _marks_in(parts: Any) -> Iterator[str]:
    if isinstance(parts, Mapping):
        yield from parts.get("marks") or ()
        parts = parts.values()
    if isinstance(parts, Iterable) and not isinstance(parts, str):
        for part in parts:
            if not isinstance(part, str):
                yield from _marks_in(part)
