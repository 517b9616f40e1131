"""Which codes exist, and what they are called: each app tells the ledger about the records it keeps.

The ledger carries codes as text, so that money can be posted by apps it does not know. An app that keeps
records registers a `CodeHome` for the posting field that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from portal.accounts.people import Viewer


@dataclass(frozen=True)
class Named:
    """What a person who may see a record is shown in place of its code."""

    title: str
    url: str


@dataclass(frozen=True)
class CodeHome:
    """`known` says which of some codes exist; `describe` names those among them that a viewer may see."""

    known: Callable[[Collection[str]], set[str]]
    describe: Callable[[Collection[str], Viewer], Mapping[str, Named]]


_HOMES: dict[str, CodeHome] = {}


def register(field: str, home: CodeHome) -> None:
    """Say where the codes in one field of a posting are kept. Called once, when the app is ready."""
    _HOMES[field] = home


def fields() -> list[str]:
    """The posting fields whose codes are kept somewhere."""
    return list(_HOMES)


def unknown_codes(field: str, codes: Collection[str]) -> set[str]:
    """The codes among these that no app resolves."""
    wanted = {code for code in codes if code}
    if not wanted:
        return set()
    home = _HOMES.get(field)
    return wanted - home.known(wanted) if home else wanted


def describe(field: str, codes: Collection[str], viewer: Viewer) -> Mapping[str, Named]:
    """Titles and addresses by code. A code that is missing here is withheld from this viewer."""
    home = _HOMES.get(field)
    wanted = {code for code in codes if code}
    return home.describe(wanted, viewer) if home and wanted else {}
