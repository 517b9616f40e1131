"""What lies above the projects of the demonstration: drafted, adopted and booked by two officers, as in life."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.db.models import Q, Sum

from portal.accounts.models import Role, User
from portal.audit.models import Entry
from programmes.completeness import lacks
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import Scope, now, on_day
from programmes.models import (
    Action,
    Commitment,
    CommitmentStatus,
    Document,
    DocumentFile,
    DocumentKind,
    DocumentStatus,
    Passage,
    PassageKind,
    Version,
)
from programmes.rules import APPROVALS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

IN_FORCE = (DocumentStatus.ADOPTED, DocumentStatus.AMENDED)


def test_what_is_planned_is_what_the_work_programmes_in_force_say():
    documents = Document.objects.filter(kind=DocumentKind.WORK_PROGRAMME, amends=None)
    stated = {
        document.code: document.actions.aggregate(total=Sum("amounts__amount"))["total"]
        for document in documents.filter(status__in=IN_FORCE)
    }
    cells = figures.table(Measure.PLANNED, Scope("DEMO"), now(), ["work_programme"])
    planned = {code: cell.amount for (code,), cell in cells.items()}
    repealed = documents.get(status=DocumentStatus.REPEALED)
    assert planned == stated | {repealed.code: 0}
    assert len(stated) == 9


def test_the_envelope_is_the_sum_of_the_allocations_and_holds_what_is_planned():
    programmes = Document.objects.filter(kind=DocumentKind.INDICATIVE_PROGRAMME)
    assert programmes.count() == 2
    for document in programmes:
        scope = Scope("DEMO", indicative_programme=document.code)
        envelope = figures.value(Measure.ENVELOPE, scope, now()).total
        leaves = document.allocations.aggregate(total=Sum("amount"))["total"]
        assert envelope == leaves == document.stated_amount
        assert figures.value(Measure.PLANNED, scope, now()).total < envelope


def test_documents_stand_in_every_status():
    found = defaultdict(set)
    for code, status in Document.objects.values_list("code", "status"):
        found[status].add(code.removeprefix("DEMO-"))
    papers = {"SP-2018-2022", "SP-2023-2031", "MIP-2018-2022", "MIP-2023-2031"}
    years = {"2018", "2019", "2020-1", "2020-2", "2021", "2023", "2024", "2025", "2022-A1"}
    assert found == {
        "draft": {"AWP-2027", "AWP-2024-A1"},
        "in_consultation": {"AWP-2026"},
        "adopted": papers | {f"AWP-{name}" for name in years},
        "amended": {"AWP-2022"},
        "superseded": {"SP-INTERIM"},
        "repealed": {"AWP-2019-2"},
        "published": {"FRAMEWORK", "EVAL-2022"},
    }


def test_what_waits_for_adoption_is_complete_and_a_sketch_says_what_it_lacks():
    waiting, sketch, change = (
        lacks(Document.objects.get(code=f"DEMO-AWP-{name}")) for name in ("2026", "2027", "2024-A1")
    )
    assert (waiting, change) == ([], [])
    assert {lack.text for lack in sketch if lack.text.startswith("DEMO-AWP-2027-1")} == {
        "DEMO-AWP-2027-1: its geographical area is missing.",
        "DEMO-AWP-2027-1: its anticipated results are missing.",
        "DEMO-AWP-2027-1: its indicative amounts are missing.",
        "DEMO-AWP-2027-1: it names no priority that it serves.",
        "DEMO-AWP-2027-1: it does not say whether it serves democratic principles.",
        "DEMO-AWP-2027-1: it does not say whether it serves the rule of law.",
        "DEMO-AWP-2027-1: it does not say whether it serves human and minority rights.",
    }


def test_an_amendment_left_two_versions_and_the_older_figure_stands_as_of_the_day_before():
    scope = Scope("DEMO", work_programme="DEMO-AWP-2022")
    before = figures.value(Measure.PLANNED, scope, on_day(date(2022, 10, 13), ["DEMO"])).total
    after = figures.value(Measure.PLANNED, scope, now()).total
    assert after - before == Decimal("5500000.00")
    first, second = Version.objects.filter(document__code="DEMO-AWP-2022")
    assert (first.number, second.number) == (1, 2)
    assert second.amendment.code == "DEMO-AWP-2022-A1"
    assert len(second.content["actions"]) == len(first.content["actions"]) + 1
    added = Action.objects.get(code="DEMO-AWP-2022-4")
    assert (added.work_programme.code, added.amends) == ("DEMO-AWP-2022", None)


def test_every_action_in_force_serves_a_priority_and_one_priority_is_left_aside():
    actions = Action.objects.filter(work_programme__status__in=IN_FORCE)
    assert not actions.filter(priorities=None).exists()
    first = Passage.objects.filter(document__code="DEMO-MIP-2018-2022", kind=PassageKind.PRIORITY)
    served = set(first.filter(actions__in=actions).values_list("code", flat=True))
    assert set(first.values_list("code", flat=True)) - served == {"DEMO-MIP-2018-2022-P7"}
    up = Passage.objects.get(code="DEMO-MIP-2018-2022-P1").serves
    assert (up.code, up.serves.code) == ("DEMO-SP-2018-2022-P1", "DEMO-SP-2018-2022-O2")
    assert (up.chapter, up.page) == ("Chapter 2", 2)


def test_the_first_paper_has_its_text_in_two_languages_as_it_was_drafted():
    english, french = DocumentFile.objects.order_by("language")
    assert (english.language, english.binding, english.file.pages) == ("en", True, 2)
    assert (french.language, french.binding, french.file.pages) == ("fr", False, 2)
    adopted = Entry.objects.get(verb="adopt_document", record_code=english.document.code)
    assert english.document.code == "DEMO-SP-2018-2022"
    assert max(english.added_at, french.added_at) < adopted.at
    with pikepdf.open(english.file.open()) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Demonstration strategy paper 2018-2022"


WITHOUT_FILE = """
import django; django.setup()
from django.utils import timezone
from portal.management.demonstration.files import ENGLISH, add_file
from portal.pdf import ReportsUnavailable, versions
add_file("DEMO-SP-2018-2022", None, ENGLISH, timezone.now())
try:
    versions()
except ReportsUnavailable:
    print("went without")
"""


def test_where_the_libraries_of_pdf_are_missing_it_goes_without_files(tmp_path):
    # The loader takes this empty file for the library, and cannot use it.
    (tmp_path / "libgobject-2.0.so.0").touch()
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_FILE],
        env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.splitlines()[-1] == "went without"


def test_nobody_approved_what_they_had_changed_themselves():
    approved = 0
    for approval in Entry.objects.filter(verb__in=APPROVALS).exclude(verb="amend_document"):
        code = approval.record_code
        told = Entry.objects.filter(Q(record_code=code) | Q(part_of=code))
        told = told.filter(position__lt=approval.position)
        last = told.filter(verb__in=APPROVALS, record_code=code).order_by("-position").first()
        since = told.filter(position__gt=last.position) if last else told
        assert approval.actor not in set(since.values_list("actor", flat=True)), approval
        approved += 1
    assert approved > 50
    two = {user.actor for user in User.objects.filter(role=Role.OFFICER)}
    assert set(Entry.objects.exclude(actor=None).values_list("actor", flat=True)) == two


def test_the_trail_tells_of_the_past_at_its_moments():
    told = Entry.objects.exclude(verb="seed_demo").order_by("position")
    moments = list(told.values_list("at", flat=True))
    assert moments == sorted(moments)
    assert (moments[0].year, moments[-1].year) == (2017, 2025)
    verbs = set(told.values_list("verb", flat=True))
    assert {
        *("add_programme", "open_programme", "add_document", "add_passage", "set_allocations"),
        *("add_action", "change_action", "consult_document", "adopt_document", "amend_document"),
        *("supersede_document", "repeal_document", "add_financing_decision", "add_commitment"),
        *("book_commitment", "decommit_commitment", "carry_over_commitment"),
    } <= verbs


def test_conditional_money_was_freed_first_and_some_was_carried_over():
    conditional = Commitment.objects.filter(conditional=True)
    assert conditional.count() == 9
    assert all(row.freed_on.year == row.budget_year - 1 for row in conditional)
    left = Commitment.objects.get(code="DEMO-AWP-2021-1-C2022")
    carried = Commitment.objects.get(action=left.action, budget_year=2023)
    assert carried.decision == left.decision
    stands = {
        (code, year): cell.amount
        for (code, year), cell in figures.table(
            Measure.COMMITTED,
            Scope("DEMO", action=left.action.code),
            now(),
            ["commitment", "budget_year"],
        ).items()
        if code in {left.code, carried.code}
    }
    assert stands == {
        (left.code, 2022): left.amount - carried.amount,
        (carried.code, 2023): carried.amount,
    }
    dates = (left.final_contracting_date, carried.final_contracting_date)
    assert dates == (date(2023, 12, 31), date(2024, 12, 31))


def test_one_commitment_waits_for_a_second_officer():
    (waiting,) = Commitment.objects.filter(status=CommitmentStatus.PROPOSED)
    assert waiting.code == "DEMO-AWP-2025-3-C2025"
    assert not Posting.objects.filter(commitment=waiting.code).exists()


def test_no_commitment_is_overdrawn_or_contracted_too_late():
    committed, contracted, paid = (
        {
            code: cell.amount
            for (code,), cell in figures.table(each, Scope("DEMO"), now(), ["commitment"]).items()
            if code
        }
        for each in (Measure.COMMITTED, Measure.CONTRACTED, Measure.PAID)
    )
    assert len(contracted) > 20
    assert all(contracted[code] <= committed[code] for code in contracted)
    assert all(paid[code] <= committed[code] for code in paid)
    last = dict(Commitment.objects.values_list("code", "final_contracting_date"))
    signed = Posting.objects.filter(measure=Measure.CONTRACTED, event="Contract signed")
    assert all(row.value_date <= last[row.commitment] for row in signed)
