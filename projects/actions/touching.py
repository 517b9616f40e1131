"""Writing what a project touches and who takes part in it, where that differs from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from portal.countries.models import Country
from portal.imports.reports import Change
from programmes.models import Strand
from projects.models import Organisation, Partner, Project, ProjectCountry, ProjectStrand

LINKS = {"project", "strand", "country", "organisation"}
Touched = TypeVar("Touched", ProjectStrand, ProjectCountry, Partner)


def touch(
    project: Project,
    *,
    strands: Sequence[Strand],
    countries: Sequence[Country],
    partners: Sequence[tuple[str, Organisation | None]],
) -> list[Change]:
    """Make these the project's strands, countries and partners, without shares; return what changed."""
    return [
        *_touch_strands(project, strands),
        *_touch_countries(project, countries),
        *_set_partners(project, partners),
    ]


def _touch_strands(project: Project, strands: Sequence[Strand]) -> list[Change]:
    """A project's only strand is its main one; among several no source says which is."""
    old = list(project.strand_tags.all())
    if {row.strand_id for row in old} == {strand.pk for strand in strands}:
        return []
    alone = len(strands) == 1
    new = [ProjectStrand(project=project, strand=strand, main=alone) for strand in strands]
    return [_replace("strands", old, new)]


def _touch_countries(project: Project, countries: Sequence[Country]) -> list[Change]:
    old = list(project.country_tags.all())
    if {row.country_id for row in old} == {country.pk for country in countries}:
        return []
    new = [ProjectCountry(project=project, country=country) for country in countries]
    return [_replace("countries", old, new)]


def _set_partners(
    project: Project, partners: Sequence[tuple[str, Organisation | None]]
) -> list[Change]:
    old = list(project.partners.all())
    wanted = [(name, body.pk if body else None) for name, body in partners]
    if [(row.name, row.organisation_id) for row in old] == wanted:
        return []
    new = [
        Partner(project=project, name=name, organisation=body, order=order)
        for order, (name, body) in enumerate(partners)
    ]
    return [_replace("partners", old, new)]


def _replace(name: str, old: Sequence[Touched], new: Sequence[Touched]) -> Change:
    before, after = "; ".join(map(str, old)), "; ".join(map(str, new))
    for row in old:
        row.delete()
    for row in new:
        # Its records have just been found, and the database itself keeps each from being named twice.
        row.clean_fields(exclude=LINKS)
    if new:
        type(new[0])._default_manager.bulk_create(new)
    return Change(name, before, after)
