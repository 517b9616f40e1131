"""Lines of amounts beneath one another: allocations of an indicative programme, amounts of an action."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.choices import regions_of, strands_of
from programmes.forms.documents import year_field
from programmes.forms.financing import amount_field
from programmes.lines import AllocationLine, AmountLine
from programmes.models import Action, Allocation, Document, Programme, Region, Strand

MOST_LINES = 200


class LineForm(forms.Form):
    """One line; an empty one counts for nothing, and emptying a line takes it out."""

    needed: ClassVar[tuple[str, ...]] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing in it is filled in."""
        return not any(self.cleaned_data.get(name) for name in self.filled)

    @property
    def filled(self) -> Iterable[str]:
        """The fields that make a line count."""
        return [name for name in self.fields if name != "conditional"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(given.get(name) for name in self.filled) or self.errors:
            for name in self.needed:
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Fill this in, or empty the whole line."))
        return given


class AllocationLineForm(LineForm):
    needed = ("period_start", "period_end", "amount")

    period_start = year_field(gettext_lazy("First year"))
    period_end = year_field(gettext_lazy("Last year"))
    strand = forms.ModelChoiceField(
        Strand.objects.none(),
        label=gettext_lazy("Strand"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("Not attributed"),
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=gettext_lazy("Region"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("Not attributed"),
    )
    amount = amount_field(required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["strand"].queryset = strands_of(programme)  # type: ignore[attr-defined]
        self.fields["region"].queryset = regions_of(programme)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("period_start"), given.get("period_end")
        if first and last and last < first:
            self.add_error("period_end", _("The last year is before the first."))
        return given


class AmountLineForm(LineForm):
    needed = ("budget_year", "amount")

    budget_year = year_field(gettext_lazy("Budget year"))
    amount = amount_field(required=False)
    conditional = forms.BooleanField(
        label=gettext_lazy("Subject to the budget of that year"), required=False
    )


class LineFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Lines that are there, and some empty ones."""

    def typed(self) -> list[dict[str, Any]]:
        """The lines that hold anything. Only of a valid set."""
        return [form.cleaned_data for form in self.forms if not form.is_empty]

    def wrong(self) -> list[dict[str, str]]:
        """Everything that is wrong with any line, in words, with the address of its field."""
        text = _("Line %(n)s, %(field)s: %(error)s")
        return [
            {
                "text": text % {"n": number, "field": field.label, "error": error},
                "url": f"#{field.id_for_label}",
            }
            for number, form in enumerate(self.forms, start=1)
            for field in form
            for error in field.errors
        ]


_Allocations: Any = forms.formset_factory(
    AllocationLineForm,
    formset=LineFormSet,
    extra=5,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)
_Amounts: Any = forms.formset_factory(
    AmountLineForm,
    formset=LineFormSet,
    extra=3,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)


def allocation_lines(document: Document, data: Any) -> LineFormSet:
    """The allocations of an indicative programme and five empty lines."""
    rows = document.allocations.select_related("strand", "region")
    lines: LineFormSet = _Allocations(
        data,
        initial=[_allocation(each) for each in rows],
        prefix="allocations",
        form_kwargs={"programme": document.programme},
    )
    return lines


def _allocation(leaf: Allocation) -> dict[str, Any]:
    return {
        "period_start": leaf.period_start,
        "period_end": leaf.period_end,
        "strand": leaf.strand.code if leaf.strand else None,
        "region": leaf.region.code if leaf.region else None,
        "amount": leaf.amount,
    }


def amount_lines(data: Any, action: Action | None = None) -> LineFormSet:
    """The amounts of an action by budget year and three empty lines."""
    rows = action.amounts.all() if action else ()
    names = ("budget_year", "amount", "conditional")
    initial = [{name: getattr(each, name) for name in names} for each in rows]
    lines: LineFormSet = _Amounts(data, initial=initial, prefix="amounts")
    return lines


def as_allocations(lines: LineFormSet) -> list[AllocationLine]:
    """The allocations typed. Only of a valid set."""
    return [AllocationLine(**line) for line in lines.typed()]


def as_amounts(lines: LineFormSet) -> list[AmountLine]:
    """The amounts typed. Only of a valid set."""
    return [AmountLine(**line) for line in lines.typed()]
