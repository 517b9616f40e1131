"""The text of the first strategy paper as files: the binding English one and a French translation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.core.files.base import ContentFile
from django.template.loader import render_to_string

from portal.accounts.models import User
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.papers import SAID
from portal.management.demonstration.plan import FIRST_YEAR, STRANDS
from portal.management.demonstration.rows import SOURCE
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from portal.pdf import ReportsUnavailable, render_pdf
from programmes.actions.files import add_document_file
from programmes.models import Document

_WORDS = SAID[FIRST_YEAR]


@dataclass(frozen=True)
class Text:
    """A paper in one language: its title, what says that it is invented, and chapters with their sentences."""

    language: str
    title: str
    marking: str
    chapters: Sequence[tuple[str, Sequence[str]]]


ENGLISH = Text(
    language="en",
    title="Demonstration strategy paper 2018-2022",
    marking=f"{SOURCE}.",
    chapters=(
        ("Objectives", _WORDS.objectives),
        ("Priorities", [_WORDS.priorities[strand][0] for strand in STRANDS]),
    ),
)
FRENCH = Text(
    language="fr",
    title="Document de stratégie de démonstration 2018-2022",
    marking="Inventé à des fins de démonstration. Seule la version anglaise fait foi.",
    chapters=(
        (
            "Objectifs",
            (
                "Celles et ceux qui migrent le font en sécurité, légalement et bien informés.",
                "La migration profite aux lieux de départ comme aux lieux d’arrivée.",
                "Toute personne qui a besoin de protection la trouve, le plus près possible de chez elle.",
            ),
        ),
        (
            "Priorités",
            (
                "Les migrants et leurs villes d’origine tirent profit de la migration.",
                "Les travailleurs sont recrutés équitablement et leurs compétences sont reconnues.",
                "Le retour et les frontières sont gérés dans le respect du droit et de la dignité.",
                "Les migrants sont protégés de l’exploitation et de l’exclusion.",
                "Les autorités accueillent et protègent celles et ceux qui demandent l’asile.",
            ),
        ),
    ),
)


def file_happenings(script: Script) -> Iterator[Happening]:
    """The English text is added to the draft, the French one once it is translated."""
    code, writer = script.plan.strategy_paper(FIRST_YEAR), script.writer(FIRST_YEAR)
    for day, text in ((date(2017, 9, 26), ENGLISH), (date(2017, 10, 9), FRENCH)):
        moment = moment_after(day, 0)
        yield Happening(moment, partial(add_file, code, writer, text, moment))


def add_file(code: str, by: User, text: Text, created: datetime) -> None:
    """Add a text to a document; where the libraries that draw a PDF are missing, the document goes without."""
    try:
        pdf = _drawn(text, created)
    except ReportsUnavailable:
        return
    add_document_file(
        Document.objects.get(code=code),
        by=by,
        upload=ContentFile(pdf, name=f"{code}-{text.language}.pdf"),
        language=text.language,
        binding=text == ENGLISH,
    )


def _drawn(text: Text, created: datetime) -> bytes:
    html = render_to_string("portal/pdf/demonstration_paper.html", {"text": text})
    return render_pdf(
        html, title=text.title, language=text.language, created=created, images={}, attachments=()
    )
