"""A programme with something at every node of its thread, and the thread of a page as a person reads it."""

from __future__ import annotations

from programmes.freezing import unfrozen
from programmes.ledger.models import Measure, SubjectKind
from programmes.models import (
    CommitmentStatus,
    Document,
    DocumentKind,
    Passage,
    PassageKind,
    Programme,
)
from tests.factories.calls import CallFactory
from tests.factories.ledger import know, know_project, post_line
from tests.factories.programmes import (
    ActionFactory,
    CommitmentFactory,
    DocumentFactory,
    FinancingDecisionFactory,
    PassageFactory,
    ProgrammeFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import text_of, tree_of

NODE = './/li[contains(concat(" ", @class, " "), " portal-tree__node ")]'


def nodes_of(response) -> dict[str, dict[str, object]]:
    """Each node of the tree by its label: the label of the node above, its money, its gaps, its notes."""
    found = {}
    for node in tree_of(response).xpath(f"//section[@class='portal-tree']/{NODE[2:]}"):
        row = node.find("div")
        above = node.xpath("ancestor::li[1]/div")
        figures = row.xpath('./div[contains(@class, "portal-tree__figure")]')
        found[_label(row)] = {
            "above": _label(above[0]) if above else None,
            "money": [text_of(each.xpath("./span[2]")[0]) if len(each) else "" for each in figures],
            "gaps": [text_of(gap) for gap in row.xpath('.//span[@class="portal-gap"]')],
            "notes": [text_of(note) for note in row.xpath('./div/span[@class="portal-note"]')],
        }
    return found


def _label(row) -> str:
    named = row.xpath('.//div[@class="portal-tree__label"]/span[not(@class)]')[0]
    code = named.xpath('./span[@class="portal-code"]')
    return text_of(code[0]) if code else text_of(named)


def gaps_of(response) -> dict[str, list[str]]:
    """What is missing, by node."""
    return {label: node["gaps"] for label, node in nodes_of(response).items() if node["gaps"]}


def counted_gaps(response) -> dict[str, tuple[str, list[str]]]:
    """The summary: for each kind its number, and the addresses of the places."""
    kinds = tree_of(response).xpath('//li[@class="portal-gaps__kind"]')
    found = {}
    for kind in kinds:
        words = kind.xpath("./details/summary|./span")[0]
        label, _colon, number = text_of(words).rpartition(": ")
        found[label] = (number, kind.xpath(".//a/@href"))
    return found


def state(document: Document, kind: PassageKind, code: str, **fields) -> Passage:
    """A passage of a document, whether it is adopted or not."""
    with unfrozen():
        return PassageFactory(document=document, kind=kind, code=code, **fields)


def hang_everything() -> Programme:
    """A strategy paper with all that may come of it, and calls and projects that hang on nothing."""
    programme = ProgrammeFactory()
    paper = DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER)
    plan = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, parent=paper)
    year = DocumentFactory(code="AAP-2009", parent=plan)
    aim = state(paper, PassageKind.OBJECTIVE, "TSP-O1", text="Fewer deaths", chapter="2", page=7)
    priority = state(plan, PassageKind.PRIORITY, "MIP-P1", text="Rescue", serves=aim)
    action = ActionFactory(code="AAP-2009-1", work_programme=year)
    action.priorities.add(priority)
    decision = FinancingDecisionFactory(work_programme=year)
    CommitmentFactory(
        code="COM-1",
        decision=decision,
        action=action,
        status=CommitmentStatus.BOOKED,
        booked_on="2009-12-02",
    )
    call = CallFactory(code="CALL-1")
    call.actions.add(action)
    ProjectFactory(code="P001", call=call, action=action, work_programme=year)
    ProjectFactory(code="P002", work_programme=year, acronym="SIREADA", title="Readmission")
    ProjectFactory(code="P003", attribution="inferred")
    CallFactory(code="CALL-2")
    ProjectFactory(code="P004", call_id=CallFactory(code="CALL-3").pk)
    post_everything()
    return programme


def post_everything() -> None:
    know(SubjectKind.INDICATIVE_PROGRAMME, "MIP")
    know(SubjectKind.WORK_PROGRAMME, "AAP-2009")
    above = {"work_programme": "AAP-2009", "indicative_programme": "MIP"}
    cells = {"action": "AAP-2009-1", "budget_year": 2009, **above}
    years = {"period_start": 2007, "period_end": 2010}
    post_line(Measure.ENVELOPE, "205000000", indicative_programme="MIP", **years)
    post_line(Measure.PLANNED, "2000000", **cells)
    post_line(Measure.COMMITTED, "1900000", commitment="COM-1", **cells)
    know_project("P001", contracted="1500000.25", call="CALL-1", commitment="COM-1", **cells)
    know_project("P002", contracted="300000", work_programme="AAP-2009")
    know_project("P003")
    know_project("P004", contracted="10", call="CALL-3")


UNLINKED_CALLS = "Calls not linked to a work programme in the record"
UNLINKED_PROJECTS = "Projects not linked to a work programme in the record"
PASSAGES = "Objectives and priorities"
# Where each record stands, and its envelope, planned, committed, contracted, paid and accepted.
THREAD = {
    "TSP": (None, ["", "", "", "", "", ""]),
    "MIP": ("TSP", ["205 000 000", "2 000 000", "1 900 000", "1 500 000.25", "", ""]),
    "AAP-2009": ("MIP", ["", "2 000 000", "1 900 000", "1 800 000.25", "", ""]),
    "AAP-2009-1": ("AAP-2009", ["", "2 000 000", "1 900 000", "1 500 000.25", "", ""]),
    "COM-1": ("AAP-2009-1", ["", "", "1 900 000", "1 500 000.25", "", ""]),
    "CALL-1": ("AAP-2009-1", ["", "", "", "1 500 000.25", "not reported", ""]),
    "P001": ("CALL-1", ["", "", "", "1 500 000.25", "not reported", ""]),
    "P002": ("AAP-2009", ["", "", "", "300 000", "not reported", ""]),
    "CALL-2": (UNLINKED_CALLS, ["", "", "", "not reported", "not reported", ""]),
    "CALL-3": (UNLINKED_CALLS, ["", "", "", "10", "not reported", ""]),
    "P004": ("CALL-3", ["", "", "", "10", "not reported", ""]),
    "P003": (UNLINKED_PROJECTS, ["", "", "", "not reported", "not reported", ""]),
}
