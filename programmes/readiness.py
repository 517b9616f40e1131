"""What a programme that is being set up still lacks before it can be opened, and what may change after that."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.completeness import Lack
from programmes.models import Programme, Question

# What may still change once a programme is open; its period only while nothing is posted outside it.
AFTER_OPENING = frozenset(
    {"aim", "legal_basis", "budget_line", "period_start", "period_end", "note", "source"}
)


def lacks_to_open(programme: Programme) -> list[Lack]:
    """Everything that is missing, each with the address where it is mended; nothing where it can be opened."""
    change = reverse("change_programme", args=[programme.code])
    fields = [
        (programme.name, _("It has no name."), f"{change}#id_name"),
        (programme.short_name, _("It has no short name."), f"{change}#id_short_name"),
        (programme.legal_basis, _("It has no legal basis."), f"{change}#id_legal_basis"),
    ]
    lacks = [Lack(text, url) for value, text, url in fields if not value.strip()]
    if not programme.strands.exists():
        lacks.append(Lack(_("It has no strand."), _to("change_strands", programme)))
    lacks += rule_lacks(programme)
    if not programme.countries.filter(question=Question.PLACE).exists():
        text = _("It names no country where actions may or may not take place.")
        lacks.append(Lack(text, _to("change_countries", programme)))
    return lacks


def rule_lacks(programme: Programme) -> list[Lack]:
    """That no rule says where actions take place, where none does."""
    if programme.rules.filter(question=Question.PLACE).exists():
        return []
    return [Lack(_("It has no rule about where actions take place."), _to("add_rule", programme))]


def _to(route: str, programme: Programme) -> str:
    return reverse(route, args=[programme.code])
