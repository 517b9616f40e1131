"""The pieces every page is made of: what they say, what they refuse, and what they never let through."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string
from lxml import html

from portal.cells import cell_html, figure_html, marks_html, row_html
from tests.portal.gallery import MEASURES, THREAD, ContractForm

TEMPLATES = Path(settings.BASE_DIR, "templates")
WEB_TEMPLATES = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if not {"pdf", "emails"} & set(path.relative_to(TEMPLATES).parts)
]
SHEETS = ["portal.css", "components.css"]


def render(component, **context):
    return html.fragment_fromstring(
        render_to_string(f"components/{component}.html", context), create_parent="div"
    )


def words(element):
    return " ".join(element.text_content().split())


# -- figures, marks, cells


def test_a_figure_is_a_link_to_its_records_with_its_coverage():
    figure = {"value": Decimal("1200.5"), "url": "/f/?a=1&b=2", "reported": 28, "total": 86}
    assert figure_html(figure) == (
        '<a class="ecl-link portal-figure-link" href="/f/?a=1&amp;b=2">EUR\u00a01\u00a0200.50</a>'
        ' <span class="portal-coverage">28 of 86 reported</span>'
    )


def test_a_figure_that_nothing_reports_is_not_a_zero():
    shown = html.fromstring(figure_html({"value": None, "url": "/f/", "reported": 0, "total": 86}))
    assert words(shown) == "not reported 0 of 86 reported"
    assert figure_html({"value": Decimal(0)}) == '<span class="portal-amount">EUR\u00a00</span>'


def test_a_figure_shows_its_coverage_words_and_notes():
    figure = {"value": 3, "kind": "count", "coverage": "3 of 7 dated", "notes": ["1 withheld"]}
    assert figure_html(figure) == (
        '<span class="portal-amount">3</span>'
        ' <span class="portal-coverage">3 of 7 dated</span>'
        ' <span class="portal-coverage">1 withheld</span>'
    )


def test_a_share_is_shown_in_per_cent():
    assert (
        words(html.fromstring(figure_html({"value": Decimal("0.25"), "kind": "share"}))) == "25 %"
    )


def test_marks_keep_their_word_when_compact():
    mark = html.fromstring(marks_html(["inferred"], compact=True))
    assert words(mark) == "\u2248inferred"
    assert mark.xpath(".//@title") == [
        "inferred: Concluded from what the source says; the source does not state it."
    ]


def test_no_marks_leave_nothing():
    assert marks_html([]) == ""
    assert marks_html(None) == ""


def test_an_unknown_mark_is_a_mistake():
    with pytest.raises(KeyError, match="guessed"):
        marks_html(["guessed"])


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<b>", "&lt;b&gt;"),
        (0, "0"),
        (None, '<span class="portal-none">not reported</span>'),
        ("", '<span class="portal-none">not reported</span>'),
        ({"text": "A & B"}, "A &amp; B"),
        (
            {"text": "<i>", "url": "/x?a=1&b", "note": "<u>"},
            (
                '<a class="ecl-link" dir="auto" href="/x?a=1&amp;b">&lt;i&gt;</a>'
                ' <span class="portal-note">&lt;u&gt;</span>'
            ),
        ),
        (
            {"status": {"label": "late", "tone": "attention"}},
            '<span class="ecl-label portal-status portal-status--attention">late</span>',
        ),
    ],
)
def test_a_cell_says_what_it_holds_and_escapes_it(cell, shown):
    assert cell_html(cell) == shown


def test_a_row_has_a_heading_and_names_its_columns():
    headers = ["Strand", {"label": "Paid", "numeric": True}]
    assert row_html({"cells": ["Total", None], "total": True}, headers) == (
        '<tr class="ecl-table__row portal-table__total">'
        '<th class="ecl-table__cell" scope="row">Total</th>'
        '<td class="ecl-table__cell portal-number" data-label="Paid">'
        '<span class="portal-none">not reported</span></td></tr>'
    )


# -- components


def test_a_table_has_a_caption_headings_and_a_frame_that_can_be_scrolled():
    table = render("table", id="money", caption="Money", **MEASURES)
    assert words(table.find(".//caption")) == "Money"
    assert [words(head) for head in table.findall(".//thead//th")] == [
        "Strand",
        "Planned EUR",
        "Contracted EUR",
    ]
    frame = table.find("./div")
    assert (frame.get("role"), frame.get("tabindex")) == ("region", "0")
    assert frame.get("aria-labelledby") == table.find(".//caption").get("id")
    assert [words(cell) for cell in table.findall(".//tbody//tr")[-1]] == [
        "Total",
        "64 600 000",
        "41 234 567.89 \u2248inferred 28 of 86 reported",
    ]


def test_an_empty_table_says_so():
    table = render("table", caption="Money", headers=["Strand", "Paid"], rows=[])
    assert words(table.find(".//tbody")) == "No records."


def test_facts_tell_not_reported_from_nothing():
    facts = [
        {"term": "Signed", "value": None},
        {"term": "Partners", "value": 0},
        {"term": "Countries", "several": [{"text": "Mali", "url": "/mali/"}, "Senegal"]},
    ]
    shown = render("facts", facts=facts)
    assert [words(item) for item in shown.findall(".//dd")] == ["not reported", "0", "Mali Senegal"]
    assert shown.xpath(".//a/@href") == ["/mali/"]


def test_the_thread_shows_money_per_node_and_its_gaps():
    tree = render("tree", caption="Thread", columns=["Planned", "Contracted"], nodes=THREAD)
    rows = [words(row) for row in tree.find_class("portal-tree__row")]
    assert rows == [
        "Thread PlannedContracted",
        (
            "Annual work programme Programme 2008 2 actions without a call"
            " Planned 44 600 000 Contracted not reported"
        ),
        "Call Call for proposals Contracted \u22121 200 3 of 9 reported",
    ]
    folds = tree.findall(".//details")
    assert [fold.get("open") is not None for fold in folds] == [True]
    assert words(folds[0].find("summary")) == "1 record beneath \u2013 Programme 2008"


def test_pages_by_key_offer_only_what_there_is():
    assert render("pagination", next_url="?after=x").xpath(".//a/@rel") == ["next"]
    assert words(render("pagination")) == ""


def test_filters_in_force_can_be_taken_away_one_by_one():
    bar = render("results", count="3 projects", chips=[("Strand: asylum", "?")], clear_url="?")
    assert [words(link) for link in bar.findall(".//a")] == [
        "Remove filter: Strand: asylum",
        "Clear all",
    ]


def test_progress_asks_again_only_while_work_goes_on():
    steps = [{"label": "Rows frozen", "state": "done"}, {"label": "PDF", "state": "current"}]
    going = render("progress", title="Report", steps=steps, done=1, total=2, poll_url="/state/")
    over = render("progress", title="Report", steps=steps, done=2, total=2, poll_url=None)
    assert going.xpath(".//section/@hx-get") == ["/state/"]
    assert over.xpath(".//section/@hx-get") == []
    assert going.xpath(".//progress/@value") == ["1"]
    assert going.xpath(".//li[@aria-current='step']/span/text()") == ["PDF"]


def test_a_download_says_type_size_and_digest():
    file = render(
        "download", name="r.pdf", url="/r.pdf", media_type="PDF/A-3a", size=2048, digest="ab" * 32
    )
    assert words(file.find(".//ul")) == "PDF/A-3a 2.0 KB"
    assert file.xpath(".//code/text()") == ["ab" * 32]
    assert file.xpath(".//a/@download") == ["r.pdf"]


def test_a_chart_comes_with_its_table():
    chart = render("chart", title="Money", description="Two bars", data_uri="data:,", **MEASURES)
    assert chart.xpath(".//img/@alt") == ["Two bars"]
    assert len(chart.findall(".//details//tbody/tr")) == len(MEASURES["rows"])


def test_notices_escape_what_they_are_told():
    notice = render("notice", level="error", title="<b>", text="<script>alert(1)</script>")
    assert notice.findall(".//script") == []
    assert "<script>alert(1)</script>" in notice.text_content()


# -- forms


def form_page(form):
    return html.fragment_fromstring(str(form), create_parent="form")


def test_every_field_has_a_label_and_says_when_it_is_optional():
    page = form_page(ContractForm())
    labels = {words(label) for label in page.xpath(".//label | .//legend")}
    assert {"Title", "Reason (optional)", "Strands (optional)", "Checked by me"} <= labels
    for label in page.findall(".//label"):
        assert page.get_element_by_id(label.get("for")) is not None
    fields = page.xpath(".//input | .//select | .//textarea")
    assert {label.get("for") for label in page.findall(".//label")} == {
        field.get("id") for field in fields
    }


def test_a_refused_form_lists_every_reason_with_a_link_to_its_field():
    page = form_page(ContractForm({"title": "", "start": "never", "axis": "event"}))
    summary = page.xpath(".//*[@data-error-summary]")[0]
    assert words(summary.find(".//p")) == "4 things have to be put right"
    assert [words(line) for line in summary.findall(".//li")] == [
        "Title: This field is required.",
        "Programme: This field is required.",
        "Start: Enter a valid date.",
        "Checked by me: This field is required.",
    ]
    for address in summary.xpath(".//a/@href"):
        assert page.get_element_by_id(address.removeprefix("#")) is not None


def test_a_field_points_at_its_help_and_its_error():
    page = form_page(ContractForm({"title": ""}))
    field = page.get_element_by_id("id_title")
    assert field.get("aria-invalid") == "true"
    assert [
        words(page.get_element_by_id(name)) for name in field.get("aria-describedby").split()
    ] == [
        "As it stands in the decision.",
        "This field is required.",
    ]


def test_one_wrong_thing_is_one_thing():
    class OneField(forms.Form):
        title = forms.CharField()

    page = form_page(OneField({}))
    assert words(page.xpath(".//*[@data-error-summary]//p")[0]) == "One thing has to be put right"


# -- what no page may hold


def test_templates_hold_no_inline_script_style_or_handler():
    wrong = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    found = [
        str(path.relative_to(TEMPLATES)) for path in WEB_TEMPLATES if wrong.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_style_sheets_know_no_left_and_right(sheet):
    text = Path(settings.BASE_DIR, "static", "css", sheet).read_text()
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|[\s{;](?:left|right|top|bottom)\s*:"
        r"|text-align:\s*(?:left|right)|float:",
        text,
    )
    assert physical == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_style_sheets_ask_no_other_host(sheet):
    text = Path(settings.BASE_DIR, "static", "css", sheet).read_text()
    addresses = re.findall(r"url\(\"([^\"]*)\"\)", text)
    assert [address for address in addresses if not address.startswith("../")] == []


def test_every_component_is_documented_at_its_top():
    bare = [
        path.name
        for path in sorted((TEMPLATES / "components").glob("*.html"))
        if not path.read_text().startswith("{% comment %}")
    ]
    assert bare == []


def test_the_library_gives_the_words_of_values():
    source = (
        "{% load portal %}{{ a|money }} {{ a|amount }} {{ n|number }} {{ s|percent }}"
        " {{ d|partial_date }} {% figure value=a plain=True %}{% icon 'list' label=words %}"
    )
    shown = (
        engines["django"]
        .from_string(source)
        .render(
            {
                "a": Decimal(1000),
                "n": 2000,
                "s": Decimal("0.5"),
                "d": "2009-05",
                "words": "<List>",
            }
        )
    )
    assert shown == (
        "EUR\u00a01\u00a0000 1\u00a0000 2\u00a0000 50\u00a0% May\u00a02009"
        ' <span class="portal-amount">1\u00a0000</span>'
        '<svg class="ecl-icon ecl-icon--s" focusable="false" role="img" aria-label="&lt;List&gt;">'
        '<use href="/static/icons/icons.svg#list"></use></svg>'
    )
