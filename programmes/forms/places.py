"""What may be typed about the places of a programme: regions, rules, countries, suspensions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.countries.models import Country
from programmes.forms.financing import Revised, day_field, reason_field
from programmes.forms.programme import code_field, source_field, text_field
from programmes.members import MemberLine, lines_of
from programmes.models import EligibilityRule, Instrument, Programme, Question, Region, Suspension

MEMBER = re.compile(r"^([A-Z]{2})(?:\s+([0-9]{4})?\s*[-–]\s*([0-9]{4})?)?$")
CODES_APART = re.compile(r"[\s,;]+")
ISO_LINES = {"rows": 8, "dir": "ltr", "spellcheck": "false", "autocapitalize": "characters"}


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """The lines that say something, in capitals, each with its number."""
    lines = enumerate(text.upper().splitlines(), start=1)
    return [(number, line.strip()) for number, line in lines if line.strip()]


def _known(codes: Iterable[str]) -> dict[str, Country]:
    return {country.code: country for country in Country.objects.filter(code__in=set(codes))}


def _unknown(number: int, code: str) -> str:
    text = _now("Line %(line)s: there is no country with the code “%(code)s”.")
    return text % {"line": number, "code": code}


class RegionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ModelChoiceField(
        Region.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Lies on the route"),
        help_text=_("A route holds regions. Leave it empty for a route, or for a region on none."),
    )
    members = forms.CharField(
        label=_("Countries"),
        required=False,
        max_length=20_000,
        help_text=_(
            "One a line: the ISO code, and the years where it is not a member always: "
            "MA, or MD 2007-2010, or UA 2011-."
        ),
        widget=forms.Textarea(attrs=ISO_LINES),
    )
    source = source_field(required=False)

    def choose_routes(self, programme: Programme, besides: Region | None = None) -> None:
        """Let the route be one of the programme's that lies on none itself."""
        routes = programme.regions.filter(parent=None)
        routes = routes.exclude(pk=besides.pk) if besides else routes
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = routes.order_by("name")

    def clean_members(self) -> list[MemberLine]:
        """The members; each line that cannot be read is an error that names it."""
        lines = numbered_lines(self.cleaned_data["members"])
        read = [(number, line, MEMBER.match(line)) for number, line in lines]
        countries = _known(match[1] for _number, _line, match in read if match)
        members, errors = [], []
        for number, line, match in read:
            if match is None:
                text = _now("Line %(line)s: write “%(text)s” as MA, MA 2007-2010 or MA 2007-.")
                errors.append(text % {"line": number, "text": line})
            elif match[1] not in countries:
                errors.append(_unknown(number, match[1]))
            else:
                years = [int(year) if year else None for year in match.groups()[1:]]
                members.append(MemberLine(countries[match[1]], *years))
        if errors:
            raise ValidationError(errors)
        return members


class AddRegionForm(RegionForm):
    code = code_field("SOUTHERN-MEDITERRANEAN")
    field_order = ("code",)

    @classmethod
    def of(cls, programme: Programme, data: Any) -> AddRegionForm:
        """An empty form with the programme's routes."""
        form = cls(data)
        form.choose_routes(programme)
        return form


class ChangeRegionForm(RegionForm, Revised):
    @classmethod
    def of(cls, region: Region, data: Any) -> ChangeRegionForm:
        """The form as the region now fills it."""
        now = {
            "name": region.name,
            "parent": region.parent and region.parent.code,
            "members": "\n".join(str(line) for line in lines_of(region)),
            "source": region.source,
            "revision": region.programme.revision,
        }
        form = cls(data, initial=now)
        form.choose_routes(region.programme, besides=region)
        return form


def _is_yes(text: str) -> bool:
    return text == "yes"


class RuleForm(forms.Form):
    question = forms.ChoiceField(
        label=_("It answers"), choices=Question.choices, widget=forms.RadioSelect
    )
    admits = forms.TypedChoiceField(
        label=_("Its answer"),
        choices=[("yes", _("may take part")), ("no", _("may not take part"))],
        coerce=_is_yes,
        widget=forms.RadioSelect,
    )
    multi_country_exception = forms.BooleanField(
        label=_("Where it says no: it does not apply to an action in several countries"),
        required=False,
    )
    text = text_field(_("The rule in words"), help_text=_("Each “no” is shown with these words."))
    source = source_field()


class AddRuleForm(RuleForm):
    code = code_field("NDICI-PLACE")
    field_order = ("code",)


class ChangeRuleForm(RuleForm, Revised):
    @classmethod
    def of(cls, rule: EligibilityRule, data: Any) -> ChangeRuleForm:
        """The form as the rule now fills it."""
        now = {
            "question": rule.question,
            "admits": "yes" if rule.admits else "no",
            "multi_country_exception": rule.multi_country_exception,
            "text": rule.text,
            "source": rule.source,
            "revision": rule.programme.revision,
        }
        return cls(data, initial=now)


def rule_in_words(rule: Any) -> str:
    """A rule as one chooses it: its code, what it answers, and its answer."""
    answer = _now("may take part") if rule.admits else _now("may not take part")
    return f"{rule.code}: {rule.get_question_display()}: {answer}"


class CountriesForm(forms.Form):
    """Countries, ticked or pasted, with what is to be said of them all."""

    rule = forms.ModelChoiceField(
        EligibilityRule.objects.none(), to_field_name="code", label=_("By the rule")
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        to_field_name="code",
        required=False,
        label=_("Countries"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "portal-choices--columns"}),
    )
    codes = forms.CharField(
        label=_("Or paste ISO codes"),
        required=False,
        max_length=20_000,
        help_text=_("Two letters each, on lines of their own or with commas between them."),
        widget=forms.Textarea(attrs=ISO_LINES | {"rows": 4}),
    )
    valid_from = day_field(
        _("From"),
        required=False,
        help_text=_("What held until then ends the day before. Empty: from the beginning."),
    )
    valid_to = day_field(
        _("To"), required=False, help_text=_("The last day. Empty: until something else holds.")
    )
    instrument = forms.CharField(
        label=_("Geographical instrument"),
        required=False,
        max_length=40,
        help_text=_("By its short name: %s, or another.") % ", ".join(Instrument.values),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    route = forms.CharField(
        label=_("Route"),
        required=False,
        max_length=10,
        help_text=_("The code of the migratory route, such as SOUTH."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    priority = forms.BooleanField(
        label=_("Region of emigration or transit towards the EU"), required=False
    )
    source = source_field()
    note = text_field(_("Note"), required=False)

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__(data)
        field = self.fields["rule"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programme.rules.all()
        field.label_from_instance = rule_in_words  # type: ignore[assignment]
        self.initial["valid_from"] = date(programme.period_start, 1, 1)

    def clean_codes(self) -> list[Country]:
        """The pasted countries; each code that none has is an error that names its line."""
        lines = numbered_lines(self.cleaned_data["codes"])
        read = [
            (number, code) for number, line in lines for code in CODES_APART.split(line) if code
        ]
        countries = _known(code for _number, code in read)
        errors = [_unknown(number, code) for number, code in read if code not in countries]
        if errors:
            raise ValidationError(errors)
        return [countries[code] for _number, code in read]

    def values(self) -> dict[str, Any]:
        """What the form says, the countries ticked and pasted together, each once. Only of a valid form."""
        given = dict(self.cleaned_data)
        both = [*given["countries"], *given.pop("codes")]
        return given | {"countries": list({country.pk: country for country in both}.values())}


class RemoveCountriesForm(forms.Form):
    question = forms.ChoiceField(label=_("What is said about"), choices=Question.choices)
    countries = forms.ModelMultipleChoiceField(
        Country.objects.none(),
        to_field_name="code",
        label=_("Countries"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "portal-choices--columns"}),
    )

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__(data)
        field = self.fields["countries"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = placed_countries(programme)


def placed_countries(programme: Programme) -> QuerySet[Country]:
    """Countries of which the programme says anything, by name."""
    return Country.objects.filter(pk__in=programme.countries.values("country")).order_by("name")


class AddSuspensionForm(forms.Form):
    country = forms.ModelChoiceField(
        Country.objects.none(), to_field_name="code", label=_("Country")
    )
    suspended_from = day_field(_("From"))
    suspended_to = day_field(
        _("To"), required=False, help_text=_("The last day, where the decision says so.")
    )
    reason = reason_field()
    source = source_field()

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__(data)
        field = self.fields["country"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = placed_countries(programme)


class LiftSuspensionForm(forms.Form):
    on = day_field(
        _("From"), help_text=_("The first day on which the country may take part again.")
    )
    reason = reason_field()

    def __init__(self, data: Any, suspension: Suspension) -> None:
        super().__init__(data)
        first = suspension.suspended_from.isoformat()
        self.fields["on"].widget.attrs["min"] = first
