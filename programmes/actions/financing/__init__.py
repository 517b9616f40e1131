"""Financing decisions under work programmes: decided, proposed, booked, released, carried over."""

from programmes.actions.financing.booking import book_commitment
from programmes.actions.financing.commitments import (
    add_commitment,
    change_commitment,
    remove_commitment,
)
from programmes.actions.financing.decisions import (
    add_financing_decision,
    change_financing_decision,
)
from programmes.actions.financing.releasing import carry_over_commitment, decommit_commitment

__all__ = [
    "add_commitment",
    "add_financing_decision",
    "book_commitment",
    "carry_over_commitment",
    "change_commitment",
    "change_financing_decision",
    "decommit_commitment",
    "remove_commitment",
]
