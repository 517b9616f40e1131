"""Where seals were named when they were the newest: each app tells the seals about what it printed.

The chain says that no seal between two others was exchanged. That nobody took the newest ones away, or made
them anew, only somebody can tell who knows their digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedHead:
    """A seal as a record names it: its number and digest. An empty digest says only that there was one.

    `kind` and `code` are those of the record; empty where somebody names the seal by hand.
    """

    number: int
    digest: str
    kind: str = ""
    code: str = ""


Source = Callable[[], Iterator[PublishedHead]]

_SOURCES: list[Source] = []


def register_heads(source: Source) -> None:
    """Have every check compare the seals with those that `source` knows. Called once, when the app is ready."""
    _SOURCES.append(source)


def published_heads() -> Iterator[PublishedHead]:
    """Every seal that some record names, as it names it."""
    for source in _SOURCES:
        yield from source()
