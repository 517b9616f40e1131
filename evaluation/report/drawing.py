"""A frozen report drawn: as parts of a page, and as the PDF.

Both read the manifest and the frozen rows and nothing else, so that what was printed once can be printed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.manifest import Manifest, canonical
from evaluation.report.cells import has_cents, page_header, page_row, print_row
from evaluation.report.tables import table_csv
from portal.charts import Chart, data_uri, render_svg
from portal.pdf import Attachment, render_pdf

Drawn = list[dict[str, Any]]


@dataclass(frozen=True)
class FrozenTable:
    """Columns and rows of a table as they were frozen."""

    columns: Sequence[dict[str, Any]]
    rows: Sequence[dict[str, Any]]


Tables = Mapping[str, FrozenTable]


def page_sections(manifest: Manifest, tables: Tables) -> Drawn:
    """The sections for a page: blocks with their figures, tables and charts in the shape of the components."""
    with override(manifest["language"]):
        return [
            section
            | {"blocks": [_page_block(block, manifest, tables) for block in section["blocks"]]}
            for section in manifest["text"]["sections"]
        ]


def _page_block(block: dict[str, Any], manifest: Manifest, tables: Tables) -> dict[str, Any]:
    match block["kind"]:
        case "figures":
            return block | {"figures": [_page_figure(each) for each in _figures(block, manifest)]}
        case "table":
            frozen = tables[block["key"]]
            entry = _entry(manifest, block["key"])
            cents = has_cents(frozen.rows, frozen.columns)
            rows = [page_row(row, frozen.columns, cents=cents) for row in _printed(frozen, entry)]
            headers = [page_header(column) for column in frozen.columns]
            return block | entry | {"headers": headers, "drawn": rows, "left": _left(frozen, entry)}
        case "chart":
            chart = _chart(block, tables)
            return block | {"data_uri": data_uri(render_svg(chart)), "alt": chart.alt}
    return block


def _page_figure(figure: Mapping[str, Any]) -> dict[str, Any]:
    value = figure["value"]
    return {
        "label": figure["label"],
        "value": Decimal(value) if isinstance(value, str) else value,
        "kind": figure["kind"],
        "url": figure["address"],
        "reported": figure["reported"],
        "total": figure["recorded"],
        "notes": figure["notes"],
    }


def _figures(block: Mapping[str, Any], manifest: Manifest) -> list[dict[str, Any]]:
    known = {figure["key"]: figure for figure in manifest["figures"]}
    return [known[key] for key in block["keys"]]


def _entry(manifest: Manifest, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in manifest["tables"] if each["key"] == key)
    return found


def _printed(frozen: FrozenTable, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first rows as far as they are printed, and every line that is not a row."""
    rows = [row for row in frozen.rows if row["kind"] == "row"][: entry["printed"]]
    return rows + [row for row in frozen.rows if row["kind"] != "row"]


def _left(frozen: FrozenTable, entry: Mapping[str, Any]) -> int:
    """How many rows are in the attached file only."""
    rows: int = sum(row["kind"] == "row" for row in frozen.rows)
    return max(rows - int(entry["printed"]), 0)


def _chart(block: Mapping[str, Any], tables: Tables) -> Chart:
    frozen = tables[block["table"]]
    rows = [
        {
            "x": _category(row["cells"][block["x"]]),
            "y": _amount(row["cells"][block["y"]]),
        }
        for row in frozen.rows
        if row["kind"] == "row"
    ]
    return Chart(
        block["chart"],
        block["title"],
        block["description"],
        rows or [{"x": _("none"), "y": None}],
        x="x",
        y="y",
        unit=block["unit"],
    )


def _category(cell: Any) -> str:
    return str(cell["text"] if isinstance(cell, Mapping) else cell)


def _amount(cell: Any) -> Decimal | None:
    value = cell["value"] if isinstance(cell, Mapping) else cell
    return None if value is None else Decimal(value)


def render_report(manifest: Manifest, tables: Tables) -> bytes:
    """The PDF of a frozen report, with its tables as CSV and its manifest as JSON. Equal input, equal bytes.

    Raises what `portal.pdf.render_pdf` raises.
    """
    with override(manifest["language"]):
        html, images = _html(manifest, tables)
        attachments = list(_attachments(manifest, tables))
    return render_pdf(
        html,
        title=manifest["title"],
        language=manifest["language"],
        created=datetime.fromisoformat(manifest["created"]),
        images=images,
        attachments=attachments,
    )


def _html(manifest: Manifest, tables: Tables) -> tuple[str, dict[str, bytes]]:
    images: dict[str, bytes] = {}
    sections = [
        section
        | {"blocks": [_print_block(block, manifest, tables, images) for block in section["blocks"]]}
        for section in manifest["text"]["sections"]
    ]
    moment = manifest["as_of"]["moment"]
    context = {
        "manifest": manifest,
        "as_of": datetime.fromisoformat(moment) if moment else None,
        "parts": [section for section in sections if not section["annex"]],
        "annexes": [section for section in sections if section["annex"]],
        "versions": sorted(manifest["versions"].items()),
        "base": manifest["portal"]["address"],
    }
    return render_to_string("evaluation/pdf/report.html", context), images


def _print_block(
    block: dict[str, Any], manifest: Manifest, tables: Tables, images: dict[str, bytes]
) -> dict[str, Any]:
    base = manifest["portal"]["address"]
    match block["kind"]:
        case "figures":
            return block | {"figures": [_page_figure(each) for each in _figures(block, manifest)]}
        case "table":
            frozen = tables[block["key"]]
            entry = _entry(manifest, block["key"])
            cents = has_cents(frozen.rows, frozen.columns)
            rows = [
                print_row(row, frozen.columns, base, cents=cents) for row in _printed(frozen, entry)
            ]
            return (
                block
                | entry
                | {
                    "columns": frozen.columns,
                    "drawn": rows,
                    "left": _left(frozen, entry),
                }
            )
        case "chart":
            chart = _chart(block, tables)
            images[block["key"]] = render_svg(chart)
            return block | {"alt": chart.alt}
    return block


def _attachments(manifest: Manifest, tables: Tables) -> Iterator[Attachment]:
    base = manifest["portal"]["address"]
    for entry in manifest["tables"]:
        frozen = tables[entry["key"]]
        data = table_csv(frozen.columns, frozen.rows, base)
        yield Attachment(entry["file"], data, "text/csv", entry["title"], "Data")
    yield Attachment(
        "manifest.json",
        canonical(manifest),
        "application/json",
        _("Manifest: what this report was drawn from"),
        "Source",
    )
