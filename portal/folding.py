"""Text as it is searched: small letters, without accents. The database keeps the same form in its indexes."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.lookups import Contains

MOST_WORDS = 8


class Folded(Func):
    """Some texts as one, folded: what the database function of the same name gives."""

    function = "folded"
    output_field = models.TextField()


def folded_index(name: str, *fields: str) -> GinIndex:
    """An index by which any part of a word is found in these fields taken together."""
    return GinIndex(OpClass(Folded(*fields), name="gin_trgm_ops"), name=name)


def words_of(text: str) -> list[str]:
    """The words that a person typed, each of which has to be found."""
    return text.split()[:MOST_WORDS]


def contains_word(word: str, *fields: str) -> Q:
    """Rows whose `fields`, taken together, contain a word or a part of one, whatever its accents and capitals."""
    return Q(Contains(Folded(*fields), Folded(Value(word))))
