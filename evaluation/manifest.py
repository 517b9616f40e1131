"""The manifest of a report: what was asked and answered, in JSON from which the file is drawn again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from evaluation.figure_words import figure_notes
from evaluation.figures import PARTS, Reading
from evaluation.models import Report
from evaluation.questions import question_text
from evaluation.report.blocks import Section
from evaluation.report.material import Material
from evaluation.report.tables import Table, figure_cell, money_cell, table_csv
from portal.accounts.people import VISITOR
from portal.audit.models import Seal
from programmes.ledger.scope import Scope

FORMAT = "programme-portal report manifest 1"
Manifest = dict[str, Any]


def canonical(data: object) -> bytes:
    """JSON with sorted members and no spaces, in UTF-8: equal data give equal bytes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(data: object) -> str:
    """SHA-256 in hexadecimal of the canonical form."""
    return hashlib.sha256(canonical(data)).hexdigest()


def portal_address() -> str:
    """Where this portal is reached, without a slash at the end: what addresses printed in reports begin with."""
    return settings.PORTAL_URL


def build_manifest(
    report: Report,
    material: Material,
    sections: Sequence[Section],
    versions: Mapping[str, str],
) -> Manifest:
    """Everything the file is drawn from but the rows of its tables, whose digests it holds."""
    base = portal_address()
    text = [section.frozen() for section in sections]
    figures = material.answers.readings.items()
    manifest = _heading(report, material.scope, base) | {
        "figures": [frozen_figure(key, reading) for key, reading in figures],
        "tables": [_table_entry(table, base) for section in sections for table in section.tables],
        "text": {"sections": text, "sha256": digest(text)},
        "seal": _seal_entry(material.seal),
    }
    return manifest | {"digest": digest(manifest), "versions": dict(versions)}


def _heading(report: Report, scope: Scope, base: str) -> Manifest:
    moment = report.as_of_moment
    return {
        "format": FORMAT,
        "kind": report.kind,
        "code": report.code,
        "title": report.title,
        "language": report.language,
        "portal": {"name": settings.PORTAL_NAME, "address": base},
        "programme": {
            "code": report.programme.code,
            "name": report.programme.name,
            "demonstration": report.programme.demonstration,
        },
        "question": {"params": scope.as_params(), "text": question_text(scope, VISITOR)},
        "as_of": {
            "position": report.as_of_position,
            "moment": moment.isoformat() if moment else None,
        },
        "created": report.requested_at.replace(microsecond=0).isoformat(),
    }


def frozen_figure(key: str, reading: Reading) -> dict[str, Any]:
    """A figure as it was answered: value, coverage, what stands beside it, and its address."""
    cell = figure_cell(reading)
    return cell | {
        "key": key,
        "measure": reading.measure,
        "label": reading.label,
        "notes": figure_notes(reading),
        "elsewhere": reading.elsewhere,
        "undated": reading.undated,
        "parts": {
            bucket: {"amount": money_cell(part.amount), "records": part.records}
            for bucket, part in reading.parts.items()
            if bucket in PARTS
        },
        "by_attribution": {
            kind: money_cell(amount) for kind, amount in reading.by_attribution.items()
        },
    }


def _seal_entry(seal: Seal | None) -> dict[str, Any] | None:
    """The newest seal over the ledger when the report was written."""
    if seal is None:
        return None
    return {
        "number": seal.number,
        "position": seal.last_position,
        "sealed": seal.sealed_at.isoformat(),
        "digest": seal.digest,
    }


def _table_entry(table: Table, base: str) -> dict[str, Any]:
    data = table_csv(table.frozen_columns(), table.frozen_rows(), base)
    return {
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "dense": table.dense,
        "printed": table.printed,
        "rows": len(table.rows),
        "file": f"{table.key}.csv",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
