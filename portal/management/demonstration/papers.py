"""What the strategy papers and indicative programmes of the demonstration say, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.management.demonstration.plan import PERIODS, STRANDS


@dataclass(frozen=True)
class Said:
    """A passage: its text, where it stands, and the passage it serves, named without its document's code.

    That one stands in the same document, or with `above` in the one above.
    """

    text: str
    chapter: str
    page: int
    serves: str = ""
    above: bool = False


@dataclass(frozen=True)
class Period:
    """The words of one programming period: objectives, and by strand a priority with the objective it serves.

    `narrower` and `results` say by strand what the indicative programme makes of a priority, and what is to
    come of it. `unserved` is a priority that no work programme takes up.
    """

    objectives: tuple[str, ...]
    priorities: Mapping[str, tuple[str, int]]
    narrower: Mapping[str, str]
    results: Mapping[str, str]
    overall: str
    unserved: str


_FIRST = Period(
    objectives=(
        "People who move do so safely, legally and well informed.",
        "Migration serves the places that people leave as well as those they come to.",
        "Whoever needs protection finds it, as close to home as possible.",
    ),
    priorities={
        "MIGDEV": ("Migrants and their home towns gain from migration.", 2),
        "ECOMIG": ("Workers are recruited fairly and their skills are recognised.", 1),
        "ILLMIG": ("Return and borders are managed within the law and with dignity.", 1),
        "MIGPROT": ("Migrants are protected from exploitation and exclusion.", 3),
        "ASYLUM": ("Authorities receive and protect those who seek asylum.", 3),
    },
    narrower={
        "MIGDEV": "Savings and skills of migrants abroad work for their home towns.",
        "ECOMIG": "Recruitment for seasonal work is open, free of charge and supervised.",
        "ILLMIG": "Voluntary return is offered with advice before and help after it.",
        "MIGPROT": "Victims of trafficking and exploited workers find shelter and legal advice.",
        "ASYLUM": "Asylum is decided by trained people within the time that the law sets.",
    },
    results={
        "MIGDEV": "In each partner country one town in four draws up its plans with migrants abroad.",
        "ECOMIG": "Three in four seasonal workers know their contract before they leave.",
        "ILLMIG": "Two in three of those who return chose to do so and were advised.",
        "MIGPROT": "Every region has a place where victims of trafficking are received.",
        "ASYLUM": "Nine in ten applications are decided within six months.",
    },
    overall="Data, standards and exchange are shared by all regions.",
    unserved="Towns prepare for people displaced by drought and flood.",
)
_SECOND = Period(
    objectives=(
        "Mobility is legal, orderly and of use to both sides.",
        "Diasporas and returning migrants shape development at home.",
        "Protection systems last without outside help.",
    ),
    priorities={
        "MIGDEV": ("Local plans and budgets count on migrants.", 2),
        "ECOMIG": ("Labour offices on both sides match people and work.", 1),
        "ILLMIG": ("Readmission rests on rights and on a start after return.", 1),
        "MIGPROT": ("Labour inspection reaches migrants wherever they work.", 3),
        "ASYLUM": ("National asylum bodies decide fairly and in time.", 3),
    },
    narrower={
        "MIGDEV": "Towns and diasporas fund small firms together.",
        "ECOMIG": "Certificates of one side are recognised by the other.",
        "ILLMIG": "Those who return are accompanied for a year.",
        "MIGPROT": "Farms and building sites are inspected together with unions.",
        "ASYLUM": "Courts and asylum offices train their own staff.",
    },
    results={
        "MIGDEV": "A thousand firms have been founded with money of migrants.",
        "ECOMIG": "Forty trades are recognised by both sides.",
        "ILLMIG": "Four in five of those who returned are in work or training a year later.",
        "MIGPROT": "Every second seasonal worker has met an inspector.",
        "ASYLUM": "One decision in ten or fewer is overturned on appeal.",
    },
    overall="Lessons of each region are open to all others.",
    unserved="Cities keep a register of places in schools for newcomers.",
)
SAID: Mapping[int, Period] = {
    first: words for (first, _last), words in zip(PERIODS, (_FIRST, _SECOND), strict=True)
}


def paper_passages(first: int) -> Iterator[tuple[str, Said]]:
    """The passages of a period's strategy paper: O1 to O3, and P1 to P5 in the order of the strands.

    They stand where the paper's own file has them: a chapter each, a page each.
    """
    words = SAID[first]
    for number, text in enumerate(words.objectives, start=1):
        yield f"O{number}", Said(text, "Chapter 1", 1)
    for number, strand in enumerate(STRANDS, start=1):
        text, objective = words.priorities[strand]
        yield f"P{number}", Said(text, "Chapter 2", 2, f"O{objective}")


def programme_passages(first: int) -> Iterator[tuple[str, Said]]:
    """The passages of a period's indicative programme.

    P1 to P5 narrow down the strategy paper's own, P6 is for all regions, and P7 is taken up by nobody; R1 to
    R5 are results.
    """
    words = SAID[first]
    for number, strand in enumerate(STRANDS, start=1):
        text, section = words.narrower[strand], f"Section {number}.1"
        yield f"P{number}", Said(text, section, 2 + 3 * number, f"P{number}", above=True)
    yield "P6", Said(words.overall, "Section 6.1", 20, "O1", above=True)
    yield "P7", Said(words.unserved, "Section 7.1", 22, "O3", above=True)
    for number, strand in enumerate(STRANDS, start=1):
        text, section = words.results[strand], f"Section {number}.2"
        yield f"R{number}", Said(text, section, 3 + 3 * number, f"P{number}")


def priority_for(strand: str) -> str:
    """The priority of its indicative programme that an action of a strand serves, without the document's code."""
    return f"P{STRANDS.index(strand) + 1}" if strand else "P6"
