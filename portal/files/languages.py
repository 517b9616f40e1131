"""The languages that a file may be written in, and how one stands in an address."""

from __future__ import annotations

from django.db import models
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """ISO 639-1: the official languages of the European Union, then those of partner countries."""

    BG = "bg", _("Bulgarian")
    CS = "cs", _("Czech")
    DA = "da", _("Danish")
    DE = "de", _("German")
    EL = "el", _("Greek")
    EN = "en", _("English")
    ES = "es", _("Spanish")
    ET = "et", _("Estonian")
    FI = "fi", _("Finnish")
    FR = "fr", _("French")
    GA = "ga", _("Irish")
    HR = "hr", _("Croatian")
    HU = "hu", _("Hungarian")
    IT = "it", _("Italian")
    LT = "lt", _("Lithuanian")
    LV = "lv", _("Latvian")
    MT = "mt", _("Maltese")
    NL = "nl", _("Dutch")
    PL = "pl", _("Polish")
    PT = "pt", _("Portuguese")
    RO = "ro", _("Romanian")
    SK = "sk", _("Slovak")
    SL = "sl", _("Slovenian")
    SV = "sv", _("Swedish")
    AR = "ar", _("Arabic")
    AZ = "az", _("Azerbaijani")
    BE = "be", _("Belarusian")
    FA = "fa", _("Persian")
    HE = "he", _("Hebrew")
    HY = "hy", _("Armenian")
    KA = "ka", _("Georgian")
    RU = "ru", _("Russian")
    TR = "tr", _("Turkish")
    UK = "uk", _("Ukrainian")


class LanguageConverter:
    """A language in an address: its two letters."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")
