"""The words that a question may have in place of a code: what lies in no strand, or in no region.

They are written in small letters, and no code is, so that neither is ever taken for the other. A word asks
how a posting was recorded: nothing else can belong to it, so its figure has no parts beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class StrandWord(models.TextChoices):
    """Words in place of the code of a strand."""

    UNDIVIDED = "undivided", _("several strands or none, not divided")
    NOT_REPORTED = "not-reported", _("no strand reported")


class PlaceWord(models.TextChoices):
    """Words in place of the code of a region."""

    GLOBAL = "global", _("global")
    SEVERAL = "several", _("several countries, not split")
    NO_REGION = "none", _("a country that lies in no region")
    NOT_REPORTED = "not-reported", _("no place reported")


# After the code of a region: what lies in it and in none of the regions within it.
ITSELF = "-undivided"
ITSELF_WORDS: StrPromise = _("%(region)s, in none of its regions")


def is_word(text: str) -> bool:
    """Whether a part of a question is a word, or ends with one, and not a code."""
    return text != text.upper()


def codes_among(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes among the parts of a question, each standing for itself and all that lies within it."""
    return tuple(text for text in texts if not is_word(text))


def regions_themselves(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of the regions of which only what lies in none of their own regions is asked for."""
    return tuple(
        text.removesuffix(ITSELF)
        for text in texts
        if text.endswith(ITSELF) and not is_word(text.removesuffix(ITSELF))
    )
