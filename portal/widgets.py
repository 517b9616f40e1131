"""Form widgets that are written in Python because their templates would cost too much."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.SelectMultiple):
    """Several of many choices, such as countries, drawn as `select.html` draws them.

    With a template per option, 150 options cost as much as all the rest of a list page.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = {str(each) for each in self.format_value(value) or ()}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SafeString(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        given = self.build_attrs(self.attrs, {"name": name, "multiple": True, **(attrs or {})})
        return format_html(
            '<div class="ecl-select__container ecl-select__container--m">'
            '<select class="ecl-select"{}>{}</select></div>',
            flatatt(given),
            options,
        )
