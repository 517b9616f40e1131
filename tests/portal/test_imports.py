"""The engine of sheets: what can be seen in a file alone, what is compared, and all or nothing."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from portal.imports.cells import (
    as_amount,
    as_choice,
    as_count,
    as_date,
    as_flag,
    as_hour,
    as_list,
    as_percent,
    as_year,
)
from portal.imports.keeping import Kept, find_all
from portal.imports.provenance import SOURCE_COLUMNS, note_batch, provenance
from portal.imports.reports import (
    CellRefused,
    Change,
    Outcome,
    all_or_nothing,
    begin_report,
)
from portal.imports.sheets import Column, Refusal, SheetForm, read_sheet
from portal.records import Confidence
from programmes.models import Theme

FORM = SheetForm(
    "themes.csv",
    [
        Column("code", required=True),
        Column("title", required=True),
        Column("amount", as_amount, empty=None),
        *SOURCE_COLUMNS,
    ],
)
HEADER = "code,title,amount,source,confidence\n"


def read(tmp_path, text: str | bytes):
    path = tmp_path / "themes.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_sheet(path, FORM)


def load(sheet, *, preview: bool = False):
    """A small action, as the apps write them."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        themes = Kept(Theme.objects.all(), ["code"], report)
        for line in sheet.lines:
            with report.row(line):
                if line["title"] == "refused":
                    raise CellRefused("title", line["title"], "Not this.")
                values = {"code": line["code"], "title": line["title"]}
                themes.put(line, values | provenance(line))
        note_batch("import_themes", report, by=None, record_kind="theme")
    return report


class TestReading:
    def test_rows_become_values(self, tmp_path) -> None:
        sheet = read(tmp_path, HEADER + 'A-1," One, two ",12.5,somewhere,seen\n')
        assert sheet.refused == []
        (line,) = sheet.lines
        assert (line.number, line.label) == (2, "A-1")
        assert line.values == {
            "code": "A-1",
            "title": "One, two",
            "amount": Decimal("12.50"),
            "source": "somewhere",
            "confidence": "seen",
        }

    def test_byte_order_mark_and_empty_lines_are_no_rows(self, tmp_path) -> None:
        sheet = read(tmp_path, "\ufeff" + HEADER + "\nA,One,,s,seen\n,,,,\n")
        assert [line.label for line in sheet.lines] == ["A"]
        assert sheet.refused == []

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "The file has no rows."),
            (HEADER.encode(), "The file has no rows."),
            (
                HEADER.encode() + "A,Caf\xe9,,s,seen\n".encode("latin-1"),
                "The file is not UTF-8 (byte 41).",
            ),
            (b"code,title,source\nA,One,s\n", "Missing columns: amount, confidence."),
            (HEADER.encode() + b'A,"One,,s,seen\n', "The file is not CSV: unexpected end of data."),
        ],
    )
    def test_unreadable_file(self, tmp_path, content, reason) -> None:
        sheet = read(tmp_path, content)
        assert sheet.lines == []
        assert sheet.refused == [Refusal(None, "", "", reason)]

    def test_missing_file(self, tmp_path) -> None:
        sheet = read_sheet(tmp_path / "themes.csv", FORM)
        assert sheet.refused == [Refusal(None, "", "", "The file is missing.")]

    def test_every_faulty_cell_is_named(self, tmp_path) -> None:
        sheet = read(
            tmp_path,
            HEADER
            + "A,One,,s,seen\n"
            + "A,Two,,s,seen\n"
            + "B,,1.234,s,rumour\n"
            + "C,Three,,s\n"
            + "D,Four,,s,seen\n",
        )
        assert [line.label for line in sheet.lines] == ["A", "D"]
        assert sheet.refused == [
            Refusal(3, "code", "A", "The same as in row 2."),
            Refusal(4, "title", "", "This column may not be empty."),
            Refusal(4, "amount", "1.234", "An amount has whole cents."),
            Refusal(4, "confidence", "rumour", "Write one of: seen, recalled, entered."),
            Refusal(5, "", "", "4 cells under 5 columns."),
        ]


class TestCells:
    @pytest.mark.parametrize(
        ("read_cell", "text", "value"),
        [
            (as_amount, "1999999.0", Decimal("1999999.00")),
            (as_amount, "698005.92", Decimal("698005.92")),
            (as_percent, "80", Decimal(80)),
            (as_count, "0", 0),
            (as_year, "2007", 2007),
            (as_date, "2009-02", "2009-02"),
            (as_hour, "16:00", time(16)),
            (as_flag, "yes", True),
            (as_list, "MA; DZ;;", ["MA", "DZ"]),
            (as_choice(Confidence), "seen", "seen"),
        ],
    )
    def test_read(self, read_cell, text, value) -> None:
        assert read_cell(text) == value

    @pytest.mark.parametrize(
        ("read_cell", "text"),
        [
            (as_amount, "-5"),
            (as_amount, "1,000"),
            (as_amount, "1.2m"),
            (as_amount, "0.001"),
            (as_amount, "NaN"),
            (as_percent, "0"),
            (as_percent, "100.01"),
            (as_percent, "NaN"),
            (as_percent, "eighty"),
            (as_count, "-1"),
            (as_count, "1.0"),
            (as_year, "207"),
            (as_date, "2009-02-30"),
            (as_date, "2009-2"),
            (as_date, "12/2009"),
            (as_hour, "24:00"),
            (as_flag, "Yes"),
        ],
    )
    def test_refused(self, read_cell, text) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            read_cell(text)

    def test_a_code_twice_in_one_cell(self) -> None:
        with pytest.raises(CellRefused, match=r"^A code is given twice\.$"):
            find_all({}, ["MA", "MA"], "countries")


@pytest.mark.django_db
class TestApplying:
    def test_added_changed_left_alone(self, tmp_path) -> None:
        first = load(read(tmp_path, HEADER + "A,One,,s,seen\nB,Two,,s,seen\n"))
        assert [row.label for row in first.of(Outcome.ADDED)] == ["A", "B"]
        second = load(
            read(tmp_path, HEADER + "A,One,,s,seen\nB,Deux,,s,recalled\nC,Three,,s,seen\n")
        )
        assert [row.label for row in second.of(Outcome.LEFT_ALONE)] == ["A"]
        assert [row.label for row in second.of(Outcome.ADDED)] == ["C"]
        (changed,) = second.of(Outcome.CHANGED)
        assert (changed.number, changed.label) == (3, "B")
        assert changed.changes == [
            Change("title", "Two", "Deux"),
            Change("confidence", "seen", "recalled"),
        ]
        assert dict(Theme.objects.values_list("code", "title")) == {
            "A": "One",
            "B": "Deux",
            "C": "Three",
        }

    def test_one_audit_entry_for_a_sheet_that_did_something(self, tmp_path) -> None:
        load(read(tmp_path, HEADER + "A,One,,s,seen\n"))
        load(read(tmp_path, HEADER + "A,Uno,,s,seen\n"))
        load(read(tmp_path, HEADER + "A,Uno,,s,seen\n"))
        first, second = Entry.objects.all()
        assert first.new["added"] == ["A"]
        assert (second.old, second.new["changed"]) == (
            {"A": {"title": "One"}},
            {"A": {"title": "Uno"}},
        )

    def test_one_refused_row_takes_back_all(self, tmp_path) -> None:
        report = load(
            read(tmp_path, HEADER + "A,One,,s,seen\nB,refused,,s,seen\nc d,Three,,s,seen\n")
        )
        assert report.refused == [
            Refusal(3, "title", "refused", "Not this."),
            Refusal(4, "code", "c d", "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ]
        assert not report.is_loaded
        assert Theme.objects.count() == 0
        assert Entry.objects.count() == 0

    def test_a_cell_that_cannot_be_read_takes_back_all(self, tmp_path) -> None:
        report = load(read(tmp_path, HEADER + "A,One,,s,seen\nB,Two,much,s,seen\n"))
        assert [(each.row, each.column) for each in report.refused] == [(3, "amount")]
        assert Theme.objects.count() == 0

    def test_preview_says_the_same_and_writes_nothing(self, tmp_path) -> None:
        load(read(tmp_path, HEADER + "A,One,,s,seen\n"))
        sheet = read(tmp_path, HEADER + "A,Uno,,s,seen\nB,Two,,s,seen\n")
        preview = load(sheet, preview=True)
        assert list(Theme.objects.values_list("code", "title")) == [("A", "One")]
        assert Entry.objects.count() == 1
        assert preview.rows == load(sheet).rows
        assert Theme.objects.count() == 2
