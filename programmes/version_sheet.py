"""What pages show of a document's versions: which there are, what one says, how two differ, what adopting would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.people import Viewer, reads_everything
from portal.wording import money, partial_date
from programmes.facts import Fact, as_link
from programmes.models import (
    IN_FORCE,
    UNPUBLISHED,
    Document,
    DocumentKind,
    DocumentStatus,
    PassageKind,
    Version,
)
from programmes.rules import has_changed_it
from programmes.version_words import Names, change_rows, names_in, value_words, years
from programmes.versions import Content, content_of, differences


def versions_part(document: Document, viewer: Viewer) -> dict[str, Any]:
    """The versions of a document, the latest first, and how amendments stand to it, for `_versions.html`."""
    versions = list(document.versions.select_related("amendment").order_by("-number"))
    drafts = document.amendments.filter(status__in=UNPUBLISHED) if reads_everything(viewer) else []
    return {
        "present": _present(document, versions[0]) if versions else "",
        "rows": [_version_row(version) for version in versions],
        "drafts": [as_link(draft) | {"note": draft.code} for draft in drafts],
        "amends": _as_amendment(document),
        "barred_url": _barred_url(document, viewer),
    }


def _barred_url(document: Document, viewer: Viewer) -> str:
    """Where an officer reads why somebody else has to adopt what is in consultation; empty for all others."""
    barred = document.status == DocumentStatus.IN_CONSULTATION and has_changed_it(viewer, document)
    return reverse("adopt_document", args=[document.code]) if barred else ""


def _present(document: Document, version: Version) -> str:
    """Which version is in force, and what made it."""
    amendment = version.amendment
    if document.status not in IN_FORCE:
        return ""
    if amendment is None:
        return _("Version %(number)s, as it was adopted") % {"number": version.number}
    words = {"number": version.number, "code": amendment.code, "reason": version.reason}
    words["day"] = partial_date(version.adopted)
    return _("Version %(number)s, as amended by %(code)s on %(day)s: %(reason)s") % words


def _version_row(version: Version) -> dict[str, Any]:
    code, number = version.document.code, version.number
    made_by = version.amendment
    return {
        "url": reverse("view_version", args=[code, number]),
        "number": number,
        "adopted": partial_date(version.adopted),
        "reason": version.reason,
        "amendment": as_link(made_by, made_by.code) if made_by else None,
        "changes_url": changes_url(code, number - 1, number) if number > 1 else "",
    }


def changes_url(code: str, first: int, second: int) -> str:
    """The address of the differences between two versions of a document."""
    return f"{reverse('view_changes', args=[code])}?from={first}&to={second}"


def _as_amendment(document: Document) -> dict[str, Any] | None:
    """How an amendment stands to the document it amends."""
    if document.amends is None:
        return None
    version = Version.objects.filter(amendment=document).first()
    return {
        "document": as_link(document.amends) | {"note": document.amends.code},
        "reason": document.reason,
        "version": version.number if version else None,
        "changes_url": reverse("view_changes", args=[document.code]),
    }


def version_page(version: Version) -> dict[str, Any]:
    """A version whole: facts, passages by kind, allocations, actions, as they were adopted."""
    content, document = version.content, version.document
    names = names_in(document.programme.code, content)
    return {
        "version": version,
        "facts": _version_facts(version, content),
        "passages": _passage_groups(content),
        "allocation_headers": _allocation_headers(),
        "allocations": _allocation_rows(content, names),
        "actions_then": [_action_facts(action, names) for action in content["actions"]],
    }


def _version_facts(version: Version, content: Content) -> list[Fact]:
    made_by = version.amendment
    stated = content["stated_amount"]
    facts: list[Fact] = [
        {"term": _("Adopted"), "value": partial_date(version.adopted)},
        {"term": _("Reference"), "value": content["reference"]},
        {
            "term": _("Years covered"),
            "value": years(content["period_start"], content["period_end"]),
        },
        {"term": _("Rests on"), "value": content["parent"]},
        {
            "term": _("Amount it states"),
            "value": None if stated is None else money(Decimal(stated)),
        },
    ]
    if made_by:
        facts += [
            {"term": _("Amended by"), "value": None, "several": [as_link(made_by, made_by.code)]},
            {"term": _("Reason"), "value": version.reason},
        ]
    return [*facts, {"term": _("Note"), "value": content["note"]}] if content["note"] else facts


def _passage_groups(content: Content) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for passage in content["passages"]:
        groups[passage["kind"]].append(passage)
    return [
        {"label": kind.label, "passages": groups[kind]} for kind in PassageKind if kind in groups
    ]


def _allocation_headers() -> list[Any]:
    return [
        _("Years"),
        _("Strand"),
        _("Region"),
        {"label": _("Amount"), "note": "EUR", "numeric": True},
    ]


def _allocation_rows(content: Content, names: Names) -> list[Any]:
    leaves = content["allocations"]
    rows: list[Any] = [
        [
            years(leaf["period_start"], leaf["period_end"]),
            names.of("strands", [leaf["strand"]]) or _("not divided"),
            names.of("regions", [leaf["region"]]) or _("not divided"),
            {"figure": {"value": Decimal(leaf["amount"]), "plain": True}},
        ]
        for leaf in leaves
    ]
    if not leaves:
        return rows
    total = sum((Decimal(leaf["amount"]) for leaf in leaves), Decimal(0))
    cells = [_("Together"), "–", "–", {"figure": {"value": total, "plain": True}}]
    return [*rows, {"cells": cells, "total": True}]


def _action_facts(action: Content, names: Names) -> dict[str, Any]:
    """An action as a heading and its facts."""
    area = [
        value_words(name, action[name], names)
        for name in ("geographical_area", "regions", "countries")
    ]
    worldwide = [_("worldwide")] if action["worldwide"] else []
    facts: list[Fact] = [
        {
            "term": _("Geographical area"),
            "value": "; ".join(part for part in [*worldwide, *area] if part),
        },
        {"term": _("Strands"), "value": value_words("strands", action["strands"], names)},
        {"term": _("Specific objectives"), "value": action["objectives"]},
        {"term": _("Anticipated results"), "value": action["results"]},
        {"term": _("Priorities served"), "value": ", ".join(action["priorities"])},
        {"term": _("Implementation"), "value": action["implementation"]},
    ]
    facts += [
        {"term": term, "value": value_words(name, action[name], names)}
        for name, term in _principles().items()
    ]
    facts += [
        {
            "term": _("Indicative amount %s") % amount["budget_year"],
            "value": value_words("amount", amount, names),
        }
        for amount in action["amounts"]
    ]
    return {"code": action["code"], "title": action["title"], "facts": facts}


def _principles() -> dict[str, str]:
    return {
        "democracy": _("Serves democratic principles"),
        "rule_of_law": _("Serves the rule of law"),
        "human_rights": _("Serves human and minority rights"),
    }


def changes_page(document: Document, old: Content, new: Content) -> list[dict[str, Any]]:
    """What differs between two contents of a document, part by part, old and new side by side."""
    names = names_in(document.programme.code, old, new)
    return change_rows(differences(old, new), names, old, new)


def adoption_facts(document: Document) -> list[Fact]:
    """What adopting a document would put in force."""
    facts: list[Fact] = []
    if document.amends:
        changes = {
            "text": _("What it changes"),
            "url": reverse("view_changes", args=[document.code]),
        }
        facts += [
            {"term": _("Amends"), "value": None, "several": [as_link(document.amends), changes]},
            {"term": _("Reason"), "value": document.reason},
        ]
    content = content_of(document)
    facts.append({"term": _("Years covered"), "value": document.period})
    if document.parent:
        facts.append({"term": _("Rests on"), "value": None, "several": [as_link(document.parent)]})
    if document.kind == DocumentKind.INDICATIVE_PROGRAMME:
        facts.append({"term": _("Envelope"), "value": money(_sum(content["allocations"]))})
    if document.kind == DocumentKind.WORK_PROGRAMME:
        amounts = [amount for action in content["actions"] for amount in action["amounts"]]
        facts += [
            {"term": _("Actions"), "value": str(len(content["actions"]))},
            {"term": _("Indicative amounts"), "value": money(_sum(amounts))},
        ]
    return facts


def _sum(rows: Iterable[Content]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))
