"""`manage.py load_record`: the whole public record, again and again, broken and changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction

from calls.models import Call, Lot
from evaluation.models import Evaluation, Finding
from portal.audit.models import Entry
from portal.countries.models import Country
from portal.management.commands.load_record import RECORD
from programmes.actions.setting_up import MemberLine, add_region, change_countries
from programmes.ledger import figures
from programmes.ledger.models import Milestone, Posting, Tag
from programmes.ledger.scope import Scope, now
from programmes.models import (
    Action,
    Document,
    DocumentLink,
    Programme,
    Region,
    RegionMembership,
    StatedAmount,
    Theme,
)
from projects.models import Organisation, Project
from tests.factories.sheets import change_cell

SHEETS = 16
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The record loaded once for this file; each test works in a transaction within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run()
        transaction.set_rollback(True)


@pytest.fixture
def folder(tmp_path):
    """A copy of the record that a test may spoil."""
    shutil.copytree(RECORD, tmp_path / "record")
    return tmp_path / "record"


def run(**options) -> str:
    out = StringIO()
    call_command("load_record", stdout=out, **options)
    return out.getvalue()


def run_refused(**options) -> tuple[str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("load_record", stdout=out, **options)
    return out.getvalue(), str(refused.value)


def everything() -> dict[str, list]:
    """Every row of every table of ours."""
    ours = {"countries", "audit", "programmes", "ledger", "calls", "projects", "evaluation"}
    tables = [
        model
        for label in sorted(ours)
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


class TestFirstLoad:
    def test_what_is_there(self, record) -> None:
        counts = {
            model: model.objects.count()
            for model in (
                Programme, Theme, Country, Document, DocumentLink, Action, Call, Lot, Project,
                StatedAmount, Evaluation, Finding, Entry,
            )
        }  # fmt: skip
        assert list(counts.values()) == [3, 2, 153, 31, 18, 1, 7, 12, 70, 25, 6, 14, SHEETS]

    def test_the_chain_of_programmes(self, record) -> None:
        programme = Programme.objects.get(code="TPMA")
        assert programme.predecessor.code == "AENEAS"
        assert programme.predecessor.predecessor.code == "B7-667"
        assert programme.is_field_unconfirmed("budget_eur")

    def test_the_reduction_of_aeneas_is_a_stated_amount(self, record) -> None:
        stated = StatedAmount.objects.get(about="REG-491-2004")
        assert (stated.amount, stated.period_start, stated.period_end) == (250_000_000, 2004, 2008)
        assert stated.note == "shortened to three years"

    def test_envelopes_are_leaves_only(self, record) -> None:
        rows = Posting.objects.filter(measure="envelope").order_by(
            "programme", "period_start", "place"
        )
        assert list(
            rows.values_list(
                "programme", "indicative_programme", "work_programme", "place", "region",
                "period_start", "period_end", "amount",
            )
        ) == [
            ("AENEAS", "", "", "not_reported", "", 2004, 2005, 75_000_000),
            ("AENEAS", "", "AENEAS-AWP-2006", "not_reported", "", 2006, 2006, 45_000_000),
            ("B7-667", "", "", "not_reported", "", 2001, 2001, 10_000_000),
            ("B7-667", "", "", "not_reported", "", 2002, 2002, 12_500_000),
            ("TPMA", "MIP-2007-2010", "", "not_reported", "", 2007, 2010, 135_000_000),
            ("TPMA", "MIP-2007-2010", "", "region", "SOUTH", 2007, 2010, 70_000_000),
        ]  # fmt: skip

    def test_what_is_planned_hangs_on_the_indicative_programme(self, record) -> None:
        line = Posting.objects.get(measure="planned")
        assert (line.indicative_programme, line.work_programme, line.action) == (
            "MIP-2007-2010",
            "AAP-2010-2",
            "AAP-2010-2-1",
        )
        scope = Scope("TPMA", indicative_programme="MIP-2007-2010")
        assert figures.value("planned", scope, now()).total == 2_000_000

    def test_figures(self, record) -> None:
        contracted = figures.value("contracted", Scope(programme="all"), now())
        assert (contracted.total, contracted.reported, contracted.recorded) == (
            Decimal("87466075.92"),
            27,
            70,
        )
        assert contracted.by_attribution == {
            "explicit": Decimal("12062826.92"),
            "inferred": Decimal("51705749.00"),
            "uncertain": Decimal("23697500.00"),
        }
        assert figures.value("planned", Scope(programme="TPMA"), now()).total == 2_000_000
        assert figures.value("paid", Scope(programme="TPMA"), now()).total is None

    @pytest.mark.parametrize(
        ("project", "cells"),
        [
            (
                "P033",
                ("MIGDEV", "country", "MD", "EASTERN-EUROPE", "AAP-2010-2", "AAP-2010-2-1", ""),
            ),
            ("P024", ("", "several", "", "", "AAP-2009", "", "")),
            ("P040", ("", "global", "", "", "", "", "")),
            ("P005", ("ASYLUM", "not_reported", "", "", "", "", "AENEAS-2004")),
        ],
    )
    def test_contracted_is_undated_and_undivided(self, record, project, cells) -> None:
        posting = Posting.objects.get(project=project)
        assert (
            posting.strand, posting.place, posting.country, posting.region,
            posting.work_programme, posting.action, posting.call,
        ) == cells  # fmt: skip
        assert posting.value_date is None
        assert posting.budget_year is None

    def test_tags_and_milestones(self, record) -> None:
        tags = Tag.objects.filter(subject="P024").order_by("key").values_list("key", "region")
        assert list(tags) == [
            ("ILLMIG", ""),
            ("MD", "EASTERN-EUROPE"),
            ("MIGDEV", ""),
            ("RU", "EASTERN-EUROPE"),
            ("UA", "EASTERN-EUROPE"),
        ]
        kinds = Milestone.objects.values_list("subject_kind", "kind")
        assert {pair: list(kinds).count(pair) for pair in set(kinds)} == {
            ("project", "recorded"): 70,
            ("call", "recorded"): 7,
            ("work_programme", "recorded"): 12,
            ("indicative_programme", "recorded"): 2,
        }

    def test_deadlines_keep_what_the_source_knows(self, record) -> None:
        day = Call.objects.get(code="CALL-2009-2010")
        assert day.deadline_at == datetime(2009, 11, 13, 22, 59, 59, 999999, tzinfo=UTC)
        assert day.deadline_is_day
        hour = Call.objects.get(code="CALL-2011-2012")
        assert hour.deadline_at == datetime(2011, 12, 1, 15, tzinfo=UTC)
        assert not hour.deadline_is_day
        month = Call.objects.get(code="JMDI-2008")
        assert (month.deadline_at, month.full_application_deadline) == (None, "2009-03")

    def test_lots(self, record) -> None:
        lot = Lot.objects.get(code="CALL-2009-2010-LOT1")
        years = lot.budgets.values_list("budget_year", "amount", "conditional")
        assert (lot.budget, list(years)) == (
            28_500_000,
            [(2009, 14_000_000, False), (2010, 14_500_000, True)],
        )
        assert sum(part.budget for part in lot.sub_lots.all()) == lot.budget
        assert Lot.objects.get(code="CALL-2009-2010-LOT2").budget is None

    def test_places(self, record) -> None:
        south_sudan = Country.objects.get(code="SS")
        rules = {row.programme.code: row.rule for row in south_sudan.programmes.all()}
        assert {code: rule.admits for code, rule in rules.items()} == {
            "TPMA": True,
            "AENEAS": False,
        }
        years = RegionMembership.objects.filter(country=south_sudan).values_list("year_from")
        assert set(years) == {(2011,)}
        gulf = Region.objects.filter(programme__code="TPMA", name__startswith="Middle East")
        assert set(gulf.values_list("code", "parent__code")) == {
            ("MIDDLE-EAST-AND-GULF", "SOUTH"),
            ("MIDDLE-EAST-AND-GULF-OTHER", "OTHER"),
        }

    def test_partners_are_linked_by_exact_name_only(self, record) -> None:
        partners = Project.objects.get(code="P032").partners.values_list(
            "name", "organisation__code"
        )
        assert list(partners) == [
            ("Ministry of Labour, Social Protection and Family of Moldova", None),
            ("IOM", None),
        ]
        assert (
            Project.objects.get(code="P037").partners.get(name="ICMPD").organisation.code == "ICMPD"
        )
        assert Organisation.objects.filter(name="IOM").count() == 0

    def test_projects_outside_the_rules_load_with_a_warning(self, record) -> None:
        warnings = [line.strip() for line in record.splitlines() if "is not admitted" in line]
        assert warnings == [
            (
                "row 20 P019: warning: MO is not admitted by rule TPMA-NO-INSTRUMENT: "
                "A country under none of the instruments is not eligible as a beneficiary."
            ),
            (
                "row 45 P044: warning: AE is not admitted by rule TPMA-NO-INSTRUMENT: "
                "A country under none of the instruments is not eligible as a beneficiary."
            ),
        ]


class TestSecondLoad:
    def test_nothing_changes(self, record) -> None:
        before = everything()
        out = run()
        assert everything() == before
        heads = [line for line in out.splitlines() if not line.startswith(" ")]
        assert len(heads) == SHEETS
        assert "added" not in out
        assert "changed" not in out
        assert "projects.csv                70 left alone, 16 left out" in heads

    def test_what_officers_said_of_countries_meanwhile_stays(self, record, officer) -> None:
        programme, morocco = Programme.objects.get(code="TPMA"), Country.objects.get(code="MA")
        rule = programme.rules.get(code="TPMA-NO-INSTRUMENT")
        later = {"rule": rule, "source": "A decision", "valid_from": date(2012, 1, 1)}
        change_countries(programme, [morocco], by=officer, **later)
        elsewhere = MemberLine(morocco, 2012)
        home = RegionMembership.objects.get(programme=programme, country=morocco)
        home.year_to = 2011
        home.save()
        add_region(programme, by=officer, code="NEW", name="New", members=[elsewhere])
        before = everything()
        assert len(before["ProgrammeCountry"]) == 307
        assert "added" not in run()
        assert everything() == before

    def test_a_changed_amount_is_reversed_and_posted_anew(self, record, folder) -> None:
        before, answer = now(), Scope(programme="TPMA", project="P023")
        change_cell(folder / "projects.csv", "P023", "amount_eur", "2600000.50")
        out = run(folder=folder)
        assert "eu_contribution: “2500000.00” -> “2600000.50”" in out
        assert (
            "projects.csv                1 changed, 69 left alone, 16 left out, 2 ledger rows"
            in out
        )
        rows = Posting.objects.filter(project="P023").values_list(
            "amount", "reverses__amount", "by"
        )
        assert list(rows) == [
            (Decimal("2500000.00"), None, None),
            (Decimal("-2500000.00"), Decimal("2500000.00"), None),
            (Decimal("2600000.50"), None, None),
        ]
        assert figures.value("contracted", answer, before).total == 2_500_000
        assert figures.value("contracted", answer, now()).total == Decimal("2600000.50")
        entry = Entry.objects.latest("position")
        assert (entry.verb, entry.old) == (
            "import_projects",
            {"P023": {"eu_contribution": "2500000.00"}},
        )

    def test_a_changed_envelope_is_reversed_and_posted_anew(self, record, folder) -> None:
        path = folder / "allocations.csv"
        path.write_text(path.read_text().replace(",70000000,", ",80000000,"))
        run(folder=folder)
        standing = Posting.objects.filter(
            measure="envelope", indicative_programme="MIP-2007-2010", reverses=None
        )
        amounts = standing.filter(reversed_by=None).values_list("region", "amount")
        assert set(amounts) == {("", 125_000_000), ("SOUTH", 80_000_000)}
        assert figures.value("envelope", Scope(programme="TPMA"), now()).total == 205_000_000

    def test_countries_taken_out_are_untagged(self, record, folder) -> None:
        change_cell(folder / "projects.csv", "P024", "countries", "MD;UA")
        out = run(folder=folder)
        assert "countries: “Moldova; Russian Federation; Ukraine” -> “Moldova; Ukraine”" in out
        assert Tag.objects.get(subject="P024", reverses__isnull=False).key == "RU"

    def test_preview_writes_nothing(self, record, folder) -> None:
        change_cell(folder / "projects.csv", "P023", "amount_eur", "1")
        before = everything()
        assert "eu_contribution: “2500000.00” -> “1.00”" in run(folder=folder, preview=True)
        assert everything() == before


class TestRecalled:
    def test_left_out_without_the_option(self, record) -> None:
        assert not Project.objects.filter(confidence="recalled").exists()
        assert Call.objects.get(code="JMDI-2008").budget is None
        assert Document.objects.get(code="MIP-2011-2013").stated_amount is None
        assert not StatedAmount.objects.filter(confidence="recalled").exists()
        assert Document.objects.get(code="MIP-2011-2013").is_unconfirmed
        assert Document.objects.get(code="REG-1905-2006").is_field_unconfirmed("adopted")

    def test_loaded_and_marked_with_the_option_and_then_kept(self, record) -> None:
        run(with_recalled=True)
        assert Project.objects.filter(confidence="recalled").count() == 16
        assert Call.objects.get(code="JMDI-2008").budget == 10_000_000
        assert Document.objects.get(code="MIP-2011-2013").stated_amount == 179_000_000
        events = Posting.objects.filter(event="amount from general knowledge, not confirmed")
        assert set(events.values_list("measure", "amount", "attribution")) == {
            ("envelope", 179_000_000, "uncertain"),
            ("contracted", 10_000_000, "inferred"),
        }
        before = everything()
        run()
        assert everything() == before


class TestRefused:
    def test_a_bad_row_keeps_its_file_and_those_that_stand_on_it_out(self, record, folder) -> None:
        before = everything()
        change_cell(folder / "projects.csv", "P023", "amount_eur", "2600000")
        change_cell(folder / "projects.csv", "P024", "strands", "ILLMIG;NOTHING")
        change_cell(folder / "projects.csv", "P025", "amount_eur", "2.4 m")
        out, error = run_refused(folder=folder)
        lines = out.splitlines()
        assert "projects.csv                nothing loaded: 2 refused" in lines
        assert (
            "  row 26, column amount_eur: “2.4 m”: "
            "Write an amount in EUR without separators, e.g. 698005.92."
        ) in lines
        assert "  row 25, column strands: “NOTHING”: There is no record with this code." in lines
        assert "allocations.csv             not loaded, because of projects.csv" in lines
        assert "lots.csv                    not loaded, because of allocations.csv" in lines
        assert "lot_budgets.csv             not loaded, because of lots.csv" in lines
        assert "prag_grids.csv              35 left alone" in lines
        assert error == "Not loaded: projects.csv, allocations.csv, lots.csv, lot_budgets.csv."
        assert everything() == before

    def test_files_before_a_bad_one_are_loaded(self, record, folder) -> None:
        change_cell(folder / "themes.csv", "TRAFFICKING", "title", "Trafficking")
        (folder / "evaluation.csv").unlink()
        out, error = run_refused(folder=folder)
        assert "  file: The file is missing." in out
        assert error == "Not loaded: evaluation.csv."
        assert Theme.objects.get(code="TRAFFICKING").title == "Trafficking"

    def test_parts_larger_than_their_whole(self, record, folder) -> None:
        before = everything()
        path = folder / "allocations.csv"
        path.write_text(path.read_text().replace(",70000000,", ",270000000,"))
        out, _error = run_refused(folder=folder)
        assert (
            "  row 11, column amount_eur: “205000000.00”: "
            "The parts of this amount add up to more than the amount."
        ) in out.splitlines()
        assert everything() == before

    def test_no_such_folder(self, db, tmp_path) -> None:
        _out, error = run_refused(folder=tmp_path / "nowhere")
        assert error == f"There is no folder {tmp_path / 'nowhere'}."
