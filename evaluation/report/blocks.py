"""The pieces a section is written in. Each is plain JSON, frozen in the manifest and drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.report.tables import Table

Block = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of the report: its blocks in reading order, and the tables they name.

    `annex` puts it behind the numbered parts; `wide` prints it on pages that lie on their side.
    """

    key: str
    title: str
    blocks: Sequence[Block]
    tables: Sequence[Table] = field(default_factory=tuple)
    annex: bool = False
    wide: bool = False

    def frozen(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "annex": self.annex,
            "wide": self.wide,
            "blocks": list(self.blocks),
        }


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def lead(text: str) -> Block:
    return {"kind": "lead", "text": text}


def paragraphs(*texts: str) -> Block:
    """Paragraphs; empty ones are left out."""
    return {"kind": "text", "paragraphs": [text for text in texts if text]}


def note(title: str, items: Sequence[str], *, gap: bool = False) -> Block:
    """A box with a title and one line for each item; `gap` marks what is not known."""
    return {"kind": "note", "title": title, "lines": list(items), "gap": gap}


def facts(rows: Sequence[tuple[str, str | None]]) -> Block:
    """Terms and values; None is not reported."""
    return {"kind": "facts", "facts": [{"term": term, "value": value} for term, value in rows]}


def figures(keys: Sequence[str]) -> Block:
    """Figures side by side, by their keys."""
    return {"kind": "figures", "keys": list(keys)}


def table(drawn: Table) -> Block:
    """A table of the section, by its key."""
    return {"kind": "table", "key": drawn.key}


def chart(
    kind: str,
    key: str,
    title: str,
    description: str,
    drawn: Table,
    *,
    x: int,
    y: int,
    unit: str = "",
) -> Block:
    """A chart of a table's plain rows: `x` and `y` are the places of its columns."""
    return {
        "kind": "chart",
        "key": key,
        "chart": kind,
        "title": title,
        "description": description,
        "table": drawn.key,
        "x": x,
        "y": y,
        "unit": unit,
    }
