"""How long pages and endpoints take, and how long the same rows take without a portal around them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import orjson
from django.db import connection
from django.test import Client
from django.utils.translation import gettext as _

from portal.accounts.people import VISITOR
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import Axis, Scope, now
from programmes.models import Programme
from projects.models import Project

WARM_UP, ROUNDS = 3, 25


class CannotMeasure(Exception):
    """A page that is to be measured does not answer as it should."""


@dataclass(frozen=True)
class Subject:
    """Something that is timed: its name, its address, and a text that it has to show."""

    name: str
    address: str
    shows: str


def subjects(programme: str) -> list[Subject]:
    """The pages and endpoints that are timed, for a programme that has projects."""
    rows = Project.objects.visible_to(VISITOR).filter(programme__code=programme, status="closed")
    project = rows.order_by("code")[rows.count() // 2]
    strand = project.strand_tags.values_list("strand__code", flat=True)[0]
    country = project.country_tags.values_list("country__code", flat=True)[0]
    narrow = Scope(
        programme,
        strands=(strand,),
        countries=(country,),
        start="2019",
        end="2021",
        axis=Axis.EVENT,
    )
    listed = f"?programme={programme}"
    filtered = f"{listed}&strand={strand}&country={country}"
    begins = f"{programme}-"
    return [
        Subject(_("Project list"), f"/projects/{listed}", begins),
        Subject(_("Project list, one strand and country"), f"/projects/{filtered}", begins),
        Subject(_("Project"), f"/projects/{project.code}/", project.code),
        Subject(_("Figure, whole programme"), _figure(Scope(programme)), programme),
        Subject(_("Figure, one strand, country, 2019-2021"), _figure(narrow), programme),
        Subject(_("API list"), f"/api/v1/projects/{listed}", begins),
    ]


def _figure(scope: Scope) -> str:
    return figures.address(Measure.CONTRACTED, scope, now())


def measure(programme: str) -> dict[str, float]:
    """Median milliseconds by name of each subject, and of the raw query under the empty name."""
    client = Client(headers={"host": "localhost"})
    key = Programme.objects.get(code=programme).pk
    times = {"": median_time(partial(read_raw, key))}
    for subject in subjects(programme):
        _check(client, subject)
        times[subject.name] = median_time(partial(client.get, subject.address, secure=True))
    return times


def _check(client: Client, subject: Subject) -> None:
    """Refuse to time an error page, or a page without the rows it is timed for."""
    response = client.get(subject.address, secure=True)
    if response.status_code != 200:
        raise CannotMeasure(
            _("%(address)s answered %(status)d, not 200.")
            % {"address": subject.address, "status": response.status_code}
        )
    if subject.shows not in response.content.decode():
        raise CannotMeasure(
            _("%(address)s does not show %(text)s.")
            % {"address": subject.address, "text": subject.shows}
        )


def read_raw(programme: int) -> None:
    """The first fifty projects, read by one query and written by orjson: what every ratio is against."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT code, title, status, start, "end", eu_contribution::text
            FROM projects_project WHERE programme_id = %s ORDER BY code LIMIT 50""",
            [programme],
        )
        names = [column.name for column in cursor.description]
        orjson.dumps([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])


def median_time(work: Callable[[], object]) -> float:
    """The median time of a piece of work in milliseconds, after it has run a few times unmeasured."""
    for _round in range(WARM_UP):
        work()
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def table(small: Mapping[str, float], large: Mapping[str, float], sizes: tuple[int, int]) -> str:
    """One line for each thing measured: milliseconds and ratio at both sizes, and the growth between them."""
    heads = [_("Median of %d") % ROUNDS]
    for size in sizes:
        heads += [_("%d projects, ms") % size, _("ratio to raw")]
    rows = [[*heads, _("growth")]]
    for name in small:
        cells = [name or _("Raw query and orjson, 50 rows")]
        for times in (small, large):
            cells += [f"{times[name]:.2f}", f"{times[name] / times['']:.1f}"]
        rows.append([*cells, f"{large[name] / small[name]:.2f}"])
    return "\n".join(_aligned(rows))


def _aligned(rows: list[list[str]]) -> list[str]:
    """Names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
