"""What becomes of each invented project, as plain data: the same on every machine.

Fifty of these make the demonstration programme; hundreds of thousands make a database for measuring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from portal.management.demonstration.contracts import (
    SEED,
    Fate,
    Terms,
    book_contract,
    book_inherited,
    terms,
)
from portal.management.demonstration.facts import Fact, facts_of
from portal.management.demonstration.money import Account, Booking, Cell
from portal.management.demonstration.places import AREA_BY_CODE
from portal.management.demonstration.plan import STRANDS, Plan
from portal.management.demonstration.words import (
    AIM,
    MEANS,
    ORGANISATIONS,
    SHELTER,
    SUBJECTS,
    UNLINKED_PARTNERS,
)
from projects.models import AwardType, ProjectStatus

STATUS = {
    Fate.COMPLETE: ProjectStatus.CLOSED,
    Fate.TERMINATED: ProjectStatus.TERMINATED,
    Fate.RUNNING: ProjectStatus.SIGNED,
    Fate.SUSPENDED: ProjectStatus.SUSPENDED,
    Fate.PREPARED: ProjectStatus.PREPARED,
    Fate.INHERITED: ProjectStatus.NOT_REPORTED,
}
WITHOUT_CALL = (AwardType.DIRECT, AwardType.TARGETED, AwardType.DELEGATION)
STRAND_SHARES = {1: (100,), 2: (60, 40), 3: (50, 30, 20)}
COUNTRY_SHARES = {1: (100,), 2: (55, 45), 3: (40, 35, 25)}


@dataclass(frozen=True)
class Story:
    """One project with everything that happens to it. Shares are percentages, or None where not known.

    `lead` and `partners` are places in the list of organisations; a partner without one has a name only.
    """

    terms: Terms
    title: str
    summary: str
    award_type: str
    strands: Mapping[str, Decimal | None]
    countries: Mapping[str, Decimal | None]
    lead: int
    partners: Sequence[tuple[str, int | None]]
    bookings: Sequence[Booking]
    facts: Sequence[Fact]

    @property
    def status(self) -> ProjectStatus:
        return STATUS[self.terms.fate]

    @property
    def contribution(self) -> Decimal | None:
        """What the contract says as amended, in EUR; None where no amount is known."""
        if self.terms.fate == Fate.INHERITED:
            return self.terms.grant if self.bookings else None
        return self.terms.amended

    @property
    def dates(self) -> tuple[str, str]:
        """First and last day; of an inherited project only the first year is known."""
        if self.terms.fate == Fate.INHERITED:
            return str(self.terms.start.year), ""
        return self.terms.start.isoformat(), self.terms.end.isoformat()

    @property
    def lines(self) -> int:
        """How many postings the story needs."""
        return sum(len(booking.parts) for booking in self.bookings)


def stories(plan: Plan, count: int, lines_each: int | None = None) -> Iterator[Story]:
    """`count` stories, one after the other, by themselves or with so many postings for each on the whole.

    A story that needs fewer postings than its due leaves more to the next, so that the total comes out. The
    last stories cannot, so the first ones begin with a little more than their due.
    """
    owed = 2 * (lines_each or 0)
    for number in range(1, count + 1):
        agreed = terms(plan, number)
        if lines_each is None:
            yield _tell(agreed)
            continue
        owed += lines_each
        story = _tell(agreed, owed)
        owed -= story.lines
        yield story


def _tell(agreed: Terms, lines: int | None = None) -> Story:
    rng = Random(f"{SEED}/{agreed.number}/story")  # noqa: S311 - repeatable on purpose
    divided = agreed.fate != Fate.INHERITED
    most = _most_cells(agreed, lines)
    strands = _shares(_strands(agreed, rng, most), STRAND_SHARES, divided)
    most = max(1, most // len(strands))
    countries = _shares(_countries(agreed, rng, most), COUNTRY_SHARES, divided)
    main = next(iter(strands))
    lead, *others = rng.sample(range(len(ORGANISATIONS)), rng.randint(1, 3))
    return Story(
        terms=agreed,
        title=SHELTER if agreed.is_shelter else _title(agreed, main, rng),
        summary=f"{AIM[main]} It works through {ORGANISATIONS[lead][0]} and bodies on the spot.",
        award_type=_award_type(agreed),
        strands=strands,
        countries=countries,
        lead=lead,
        partners=_partners(others, agreed.number),
        bookings=_bookings(agreed, strands, countries, lines),
        facts=facts_of(agreed),
    )


def _most_cells(agreed: Terms, lines: int | None) -> int:
    """How many parts an amount may have: a contract books at least six times in each."""
    if agreed.is_shelter:
        return 1
    return 9 if lines is None else max(1, lines // 6)


def _title(agreed: Terms, strand: str, rng: Random) -> str:
    area = agreed.slot.action.area
    where = AREA_BY_CODE[area].name if area else "several regions"
    return f"{rng.choice(SUBJECTS[strand])} through {rng.choice(MEANS)}, {where}"


def _award_type(agreed: Terms) -> str:
    if agreed.fate == Fate.INHERITED:
        return ""
    return AwardType.CALL if agreed.slot.call else WITHOUT_CALL[agreed.number % 3]


def _partners(places: Sequence[int], number: int) -> list[tuple[str, int | None]]:
    partners: list[tuple[str, int | None]] = [(ORGANISATIONS[at][0], at) for at in places]
    if number % 3 == 0:
        partners.append((UNLINKED_PARTNERS[number % len(UNLINKED_PARTNERS)], None))
    return partners


def _strands(agreed: Terms, rng: Random, most: int) -> list[str]:
    main = agreed.slot.action.strand or rng.choice(STRANDS)
    others = [strand for strand in STRANDS if strand != main]
    extra = min(rng.choice((0, 0, 0, 1, 1, 2)), most - 1)
    if agreed.fate == Fate.INHERITED:
        extra = 1
    return [main, *rng.sample(others, extra)]


def _countries(agreed: Terms, rng: Random, most: int) -> list[str]:
    pool = agreed.slot.action.countries
    wanted = min(rng.choice((1, 1, 1, 2, 2, 3)), most)
    if agreed.fate == Fate.INHERITED:
        wanted = 2
    # The first country of an area comes up most: the demonstration's officials are to find projects.
    main = pool[0] if rng.random() < 0.5 else rng.choice(pool)
    others = [country for country in pool if country != main]
    return [main, *rng.sample(others, min(len(others), wanted - 1))]


def _shares(
    codes: Sequence[str], table: Mapping[int, tuple[int, ...]], divided: bool
) -> dict[str, Decimal | None]:
    if not divided:
        return dict.fromkeys(codes)
    return {code: Decimal(share) for code, share in zip(codes, table[len(codes)], strict=True)}


def _bookings(
    agreed: Terms,
    strands: Mapping[str, Decimal | None],
    countries: Mapping[str, Decimal | None],
    lines: int | None,
) -> list[Booking]:
    account = Account(agreed.number, _cells(strands, countries))
    if agreed.fate == Fate.INHERITED:
        book_inherited(agreed, account)
    elif agreed.fate != Fate.PREPARED:
        book_contract(agreed, account, _interims(agreed, len(account.shares), lines))
    return account.bookings


def _interims(agreed: Terms, cells: int, lines: int | None) -> int:
    """One interim payment a year, or as many as it takes to come to so many postings."""
    if lines is None:
        return max(1, (agreed.end - agreed.start).days // 365)
    # Signature, pre-financing and settlement take four bookings; each instalment takes two.
    wanted = -(-lines // cells) - 4
    return max(1, -(-wanted // 2))


def _cells(
    strands: Mapping[str, Decimal | None], countries: Mapping[str, Decimal | None]
) -> dict[Cell, Decimal]:
    """The percentage of each strand in each country; none where shares are not known."""
    return {
        (strand, country): strand_share * country_share / 100
        for strand, strand_share in strands.items()
        for country, country_share in countries.items()
        if strand_share is not None and country_share is not None
    }


def needed_commitments(plan: Plan, count: int) -> dict[tuple[str, int], Decimal]:
    """For each action's code and budget year, the most that `count` projects ever have contracted, in EUR."""
    needed: dict[tuple[str, int], Decimal] = {}
    for number in range(1, count + 1):
        agreed = terms(plan, number)
        key = agreed.slot.action.code, agreed.slot.budget_year
        needed[key] = needed.get(key, Decimal(0)) + agreed.ceiling
    return needed
