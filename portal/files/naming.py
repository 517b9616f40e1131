"""Names of files made safe: to store in a row, to show on a page, to save on any machine."""

from __future__ import annotations

import re
import unicodedata

# What file systems take, in bytes of UTF-8.
LONGEST = 255
# Joiners belong to the spelling of Persian and of many Indian languages.
_JOINERS = "\u200c\u200d"
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


class UnsafeName(ValueError):
    """A name that is a path, or that shows as something other than it is."""


def safe_name(name: str) -> str:
    """The name as people know it, without what some machine cannot store.

    Raises `UnsafeName` for a path, and for characters that are invisible or turn the writing round: what is
    made of them is meant to be mistaken. A long name loses its middle, never its ending.
    """
    text = " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()
    if "/" in text or "\\" in text or text.strip(". ") == "":
        raise UnsafeName(name)
    if any(unicodedata.category(each)[0] == "C" and each not in _JOINERS for each in text):
        raise UnsafeName(name)
    text = _RESERVED.sub("-", text).strip(". ")
    return _shortened(f"_{text}" if _DEVICE.match(text) else text)


def ending_of(name: str) -> str:
    """What stands after the last dot, in small letters; empty where there is no dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = LONGEST - len(f"…{dot}{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + f"…{dot}{ending}"
