"""One engine for every change of status.

A record with statuses has a `MOVES` table on its model. `move` is the only way from one status to another:
it changes the row only where it still stands in a status the move starts from, so two people at once end
with one who moved and one who is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db import models
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Move:
    """A named step from any of `sources` to `target`."""

    sources: frozenset[str]
    target: str


class HasMoves(Protocol):
    MOVES: ClassVar[Mapping[str, Move]]
    status: Any
    pk: Any


class MoveRefused(Exception):
    """The record is not in a status that this move starts from."""


def open_moves(record: HasMoves) -> list[str]:
    """The names of the moves that the record's present status allows."""
    return [name for name, step in record.MOVES.items() if record.status in step.sources]


def move(record: HasMoves, name: str, **changes: Any) -> None:
    """Take one step, together with `changes` to other fields, or raise `MoveRefused`.

    The row is changed by one conditional UPDATE; the record in hand follows it.
    """
    step = record.MOVES[name]
    manager: models.Manager[Any] = type(record)._default_manager  # type: ignore[attr-defined]
    moved = manager.filter(pk=record.pk, status__in=step.sources).update(
        status=step.target, **changes
    )
    if not moved:
        raise MoveRefused(_("“%(move)s” is not possible from the present status.") % {"move": name})
    record.status = step.target
    for field, value in changes.items():
        setattr(record, field, value)
