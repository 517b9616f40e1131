"""Two officers take a work programme from its draft to its amendment, and its euros are right at every step."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from portal.dates import BRUSSELS
from tests.journeys.walk import Walk

LACKS = [
    "its geographical area is missing.",
    "its thematic area is missing: name a strand.",
    "its specific objectives are missing.",
    "its anticipated results are missing.",
    "its indicative amounts are missing.",
    "it names no priority that it serves.",
    "it does not say whether it serves democratic principles.",
    "it does not say whether it serves the rule of law.",
    "it does not say whether it serves human and minority rights.",
]
ABOVE = "Demonstration indicative programme 2023"


@pytest.fixture
def officers(portal, new_context) -> tuple[Walk, Walk]:
    """Olivia and Stefan, each in a browser of their own."""
    both = []
    for email in ("olivia@example.org", "stefan@example.org"):
        walk = Walk(portal, new_context().new_page())
        walk.sign_in(email)
        both.append(walk)
    return both[0], both[1]


def meter(walk: Walk) -> tuple[str, str]:
    """What the envelope meter says is available, and what is left."""
    found = {}
    for term in walk.main.locator("#meter dl > div").all():
        word = term.locator("dt").inner_text().split()[0]
        found[word] = term.locator("dd").inner_text().replace("\u00a0", " ").strip()
    return found["Available"], found["Left"]


def thread_row(walk: Walk, code: str) -> dict[str, str]:
    """The amounts of one action in the thread of the demonstration programme, by measure."""
    walk.open("/programmes/DEMO/thread/")
    cells = walk.main.locator(f"#action-{code} .portal-tree__figure").filter(
        has=walk.page.get_by_role("link")
    )
    words = [cell.text_content() or "" for cell in cells.all()]
    pairs = (text.replace("\u00a0", " ").strip().partition(" ") for text in words)
    return {measure: amount.strip() for measure, _space, amount in pairs}


def draft(walk: Walk) -> str:
    """Begin a work programme that is far from complete, and return its address."""
    walk.follow("New document")
    walk.type("Programme", "Demonstration")
    walk.type("Kind", "Annual")
    walk.type("First year it covers", "2028")
    walk.send("Continue")
    walk.type("Title", "Annual work programme 2028: return")
    walk.type("First budget year", "2028")
    walk.type("Last budget year", "2029")
    walk.type("Rests on", ABOVE)
    walk.send("Begin the draft")
    address = walk.path
    walk.follow("Add an action")
    walk.type("Title", "Advice before return")
    walk.send("Add the action")
    return address


def complete(walk: Walk) -> None:
    """Fill in all that the law and the programme ask of an action."""
    walk.tick("Worldwide")
    walk.tick("Promoting asylum and international protection of refugees")
    walk.type("Specific objectives", "People decide on their return well informed.")
    walk.type("Anticipated results", "Twenty advice centres at work.")
    first = walk.main.get_by_role("group", name=re.compile("^Priorities it serves"))
    walk.reach(first.get_by_role("checkbox").first)
    walk.page.keyboard.press("Space")
    for principle in ("democratic principles", "the rule of law", "human and minority rights"):
        walk.choose(f"Serves {principle}", "yes")
    line = walk.main.get_by_role("group", name="Line 1")
    walk.reach(line.get_by_label("Budget year"))
    walk.page.keyboard.type("2028")
    walk.reach(line.get_by_label("Amount in EUR"))
    walk.page.keyboard.type("5000000")
    walk.send("Store")


def consult(walk: Walk, address: str) -> None:
    walk.open(address)
    walk.follow("Send into consultation")
    walk.send("Send into consultation")


def commit(walk: Walk, address: str) -> str:
    """Record a financing decision and propose a commitment under it; return the commitment's address."""
    walk.open(address)
    walk.follow("Add a financing decision")
    walk.type("Number", "C(2026) 8001")
    walk.enter_day("Date of the decision", today())
    walk.type("Budget line", "19 02 01")
    walk.send("Add the decision")
    walk.follow("Propose a commitment")
    walk.type("Budget year", "2028")
    walk.type("Amount in EUR", "4000000")
    walk.send("Propose it")
    return walk.path


def today() -> str:
    return datetime.now(BRUSSELS).date().isoformat()


def figure(walk: Walk, address: str) -> str:
    walk.open(address)
    value = walk.main.locator(".portal-figure__value").first.inner_text()
    return value.split("\n")[0].replace("\u00a0", " ").strip()


def test_from_draft_to_amendment(officers):
    olivia, stefan = officers
    address = draft(olivia)
    code = address.rstrip("/").rpartition("/")[2]
    action = f"{code}-1"

    # Refused with every reason at once, each leading to its field.
    consult(olivia, address)
    stefan.open(f"{address}adopt/")
    assert stefan.main.locator("#lacks li").all_inner_texts() == [
        f"{action}: {lack}" for lack in LACKS
    ]
    assert len(stefan.addresses(rf"/actions/{action}/change/#")) == len(LACKS)

    # Completed by the one who drafted it, who cannot adopt it.
    olivia.open(f"/programmes/actions/{action}/change/")
    complete(olivia)
    assert olivia.status_of(f"{address}adopt/") == 403

    # Adopted by the other: planned, and all of it left.
    stefan.open(f"{address}adopt/")
    stefan.send("Adopt")
    assert stefan.path == address
    stefan.open(f"/programmes/actions/{action}/")
    assert meter(stefan) == ("EUR 5 000 000", "EUR 5 000 000")
    before = stefan.addresses(r"/evaluation/figures/planned/")[0]
    assert thread_row(stefan, action) == {"Planned": "5 000 000"}

    # A commitment, proposed by one and booked by the other.
    commitment = commit(olivia, address)
    assert thread_row(olivia, action) == {"Planned": "5 000 000"}
    stefan.open(commitment)
    stefan.follow("Book")
    stefan.send("Book it")
    assert meter(stefan) == ("EUR 4 000 000", "EUR 4 000 000")
    assert thread_row(stefan, action) == {"Planned": "5 000 000", "Committed": "4 000 000"}

    # An amendment raises the amount; nothing changes for readers until it is adopted.
    olivia.open(address)
    olivia.follow("Amend")
    olivia.type("Reason", "More centres than foreseen.")
    olivia.send("Open an amendment")
    amendment = olivia.path
    olivia.open(f"/programmes/actions/{amendment.rstrip('/').rpartition('/')[2]}-1/change/")
    line = olivia.main.get_by_role("group", name="Line 1")
    olivia.reach(line.get_by_label("Amount in EUR"))
    olivia.page.keyboard.type("6000000")
    olivia.send("Store")
    consult(olivia, amendment)
    assert thread_row(olivia, action) == {"Planned": "5 000 000", "Committed": "4 000 000"}
    stefan.open(f"{amendment}adopt/")
    stefan.send("Adopt")
    assert stefan.path == address
    stefan.follow("What version 2 changed")
    changes = stefan.main.inner_text().replace("\u00a0", " ")
    assert "Indicative amount 2028 EUR 5 000 000 EUR 6 000 000" in " ".join(changes.split())

    # The meter and the thread follow; the address of the old figure answers as it did.
    stefan.open(f"/programmes/actions/{action}/")
    assert meter(stefan) == ("EUR 6 000 000", "EUR 6 000 000")
    after = stefan.addresses(r"/evaluation/figures/planned/")[0]
    assert thread_row(stefan, action) == {"Planned": "6 000 000", "Committed": "4 000 000"}
    assert figure(stefan, before) == "EUR 5 000 000"
    assert figure(stefan, after) == "EUR 6 000 000"
