"""Drafting: documents, their passages, allocations and actions, until they are adopted."""

from programmes.actions.drafting.actions import (
    add_action,
    change_action,
    next_action_code,
    remove_action,
)
from programmes.actions.drafting.allocations import allocations_revision, set_allocations
from programmes.actions.drafting.documents import (
    add_document,
    change_document,
    discard_document,
)
from programmes.actions.drafting.passages import (
    add_passage,
    change_passage,
    passage_revision,
    remove_passage,
)
from programmes.lines import AllocationLine, AmountLine

__all__ = [
    "AllocationLine",
    "AmountLine",
    "add_action",
    "add_document",
    "add_passage",
    "allocations_revision",
    "change_action",
    "change_document",
    "change_passage",
    "discard_document",
    "next_action_code",
    "passage_revision",
    "remove_action",
    "remove_passage",
    "set_allocations",
]
