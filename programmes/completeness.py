"""What a document still lacks before it can be adopted, and where it goes beyond what was indicated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lack:
    """One thing that stands in the way of adoption, in words, and the address of the field that mends it."""

    text: str
    url: str


@dataclass(frozen=True)
class Excess:
    """An indicative amount that is exceeded: allowed, with a second officer's reason."""

    text: str
    url: str
