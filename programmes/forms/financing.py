"""What may be typed about financing decisions and commitments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import BRUSSELS
from portal.records import check_code, check_registry_reference
from portal.wording import money
from programmes.models import Action, Commitment, Document, FinancingDecision


def _today() -> date:
    return timezone.localdate(timezone=BRUSSELS)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, chosen in the browser or typed as YYYY-MM-DD."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **more)


def amount_field(**more: Any) -> forms.DecimalField:
    """An amount of euros, to the cent."""
    return forms.DecimalField(
        label=_("Amount in EUR"),
        min_value=Decimal("0.01"),
        max_digits=18,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
        **more,
    )


def reason_field(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


class Revised(forms.Form):
    """A form that carries the revision it was opened with."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class FinancingDecisionForm(forms.Form):
    number = forms.CharField(
        label=_("Number"), max_length=60, help_text=_("As the decision has it: C(2009) 1234.")
    )
    decided_on = day_field(_("Date of the decision"))
    budget_line = forms.CharField(label=_("Budget line"), max_length=40)
    registry_reference = forms.CharField(
        label=_("Registry reference"),
        max_length=40,
        required=False,
        validators=[check_registry_reference],
        help_text=_("Ares(YYYY)nnnnn, as given."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeFinancingDecisionForm(FinancingDecisionForm, Revised):
    @classmethod
    def of(
        cls, decision: FinancingDecision, data: Any, revision: int
    ) -> ChangeFinancingDecisionForm:
        """The form as the decision now fills it."""
        fields = ("number", "decided_on", "budget_line", "registry_reference", "note")
        now = {name: getattr(decision, name) for name in fields}
        return cls(data, initial=now | {"revision": revision})


class AddFinancingDecisionForm(FinancingDecisionForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[check_code],
        help_text=_("Its address in this portal: capitals, digits and hyphens. It never changes."),
    )
    field_order = ("code",)


class CommitmentForm(forms.Form):
    budget_year = forms.IntegerField(label=_("Budget year"), min_value=1957, max_value=2100)
    amount = amount_field()
    conditional = forms.BooleanField(
        label=_("Subject to the budget of that year"),
        required=False,
        help_text=_("Always so where the work programme says so."),
    )
    final_contracting_date = day_field(
        _("Final contracting date"),
        required=False,
        help_text=_(
            "Left empty: 31 December of the year after the budget year. Later needs a reason."
        ),
    )
    reason = reason_field(required=False)


class ChangeCommitmentForm(CommitmentForm, Revised):
    @classmethod
    def of(cls, commitment: Commitment, data: Any) -> ChangeCommitmentForm:
        """The form as the commitment now fills it."""
        fields = ("budget_year", "amount", "conditional", "final_contracting_date", "revision")
        return cls(data, initial={name: getattr(commitment, name) for name in fields})


class ActionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An action, with what the work programme indicates for it year by year."""

    def label_from_instance(self, action: Action) -> str:
        years = "; ".join(
            f"{each.budget_year}: {money(each.amount)}" for each in action.amounts.all()
        )
        return (
            f"{action.code} {action.title} ({years})" if years else f"{action.code} {action.title}"
        )


class AddCommitmentForm(CommitmentForm):
    action = ActionChoice(
        Action.objects.none(), label=_("Action"), to_field_name="code", empty_label=None
    )
    field_order = ("action",)

    def __init__(self, *args: Any, work_programme: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actions = Action.objects.standing().filter(work_programme=work_programme)
        self.fields["action"].queryset = actions.prefetch_related("amounts")  # type: ignore[attr-defined]


class RemoveCommitmentForm(forms.Form):
    reason = reason_field(required=False)


class BookCommitmentForm(Revised):
    """The second officer's word: the day, for conditional money the day its budget was adopted, a reason if needed."""

    on = day_field(_("Booked on"), initial=_today)
    freed_on = day_field(_("Budget of that year adopted on"), required=False)
    reason = reason_field(
        required=False,
        help_text=_("Needed where more would be booked than the work programme indicates."),
    )

    def __init__(self, data: Any, commitment: Commitment) -> None:
        super().__init__(data, initial={"revision": commitment.revision})
        if not commitment.is_conditional():
            del self.fields["freed_on"]


class DecommitCommitmentForm(Revised):
    amount = amount_field()
    on = day_field(_("Date"), initial=_today)
    reason = reason_field()


class CarryOverCommitmentForm(DecommitCommitmentForm):
    to_year = forms.IntegerField(label=_("To the budget year"), min_value=1957, max_value=2100)
    field_order = ("to_year",)
