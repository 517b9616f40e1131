"""Texts of pictures in the shape and order they are drawn in.

WeasyPrint sets the text of an SVG letter by letter from the left: Arabic letters would stand apart and
the wrong way round. Here each takes the form it has between its neighbours, and words written from the
right are turned. The running text of a report needs none of this.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
PRESENTATION_FORMS = (*range(0xFB50, 0xFDC8), *range(0xFE70, 0xFEFD))
LAM_ALEF = re.compile("\u0644[\u0622\u0623\u0625\u0627]")
TATWEEL = "\u0640"
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
# Kinds of letters: R from the right, L from the left, D digit, S sign inside a number, N neither.
# Words and numbers keep their direction in a line from the right; all else is turned one by one.
PARTS = re.compile(r"L(?:[LDSN]*[LD])?|D+(?:SD+)*|.", re.DOTALL)
TURNED_RUN = re.compile(r"R(?:[RDSN]*R)?")


def as_drawn_svg(svg: bytes) -> bytes:
    """Give the same picture (UTF-8) with its texts as they are drawn; without such texts, untouched."""
    if not FROM_THE_RIGHT.search(svg.decode()):
        return svg
    root = ElementTree.fromstring(svg)  # noqa: S314 (drawn by ourselves)
    for tag in ("text", "tspan"):
        for element in root.iter(f"{{{SVG}}}{tag}"):
            element.text = as_drawn(element.text or "")
    ElementTree.register_namespace("", SVG)
    drawn: bytes = ElementTree.tostring(root, encoding="utf-8")
    return drawn


def as_drawn(text: str) -> str:
    """Give the letters of one line from left to right, joined where they join, without vowel signs."""
    letters = _joined(unicodedata.normalize("NFC", text))
    kinds = _kinds(letters)
    if next((kind for kind in kinds if kind in "LR"), "L") == "R":
        return _turned(letters)
    drawn, at = "", 0
    for run in TURNED_RUN.finditer(kinds):
        drawn += letters[at : run.start()] + _turned(letters[run.start() : run.end()])
        at = run.end()
    return drawn + letters[at:]


def _turned(letters: str) -> str:
    parts = [letters[part.start() : part.end()] for part in PARTS.finditer(_kinds(letters))]
    return "".join(part.translate(MIRRORED) if len(part) == 1 else part for part in reversed(parts))


def _kinds(letters: str) -> str:
    return "".join(map(_kind, letters))


def _kind(letter: str) -> str:
    direction = unicodedata.bidirectional(letter)
    return {"R": "R", "AL": "R", "L": "L", "EN": "D", "AN": "D", "CS": "S"}.get(direction, "N")


def _joined(text: str) -> str:
    """Each Arabic letter in the form it has between its neighbours; lam with alef as one letter."""
    signs = "".join(letter for letter in text if unicodedata.category(letter) != "Mn")
    letters = [found[0] for found in re.finditer(f"{LAM_ALEF.pattern}|.", signs, re.DOTALL)]
    ends = ["", *letters, ""]
    return "".join(
        _form(before, letter, after)
        for before, letter, after in zip(ends, letters, ends[2:], strict=False)
    )


def _form(before: str, letter: str, after: str) -> str:
    forms = _forms().get(letter, {})
    joins_before = "final" in forms and _reaches_on(before)
    joins_after = "initial" in forms and (after == TATWEEL or "final" in _forms().get(after, {}))
    name = {
        (True, True): "medial",
        (True, False): "final",
        (False, True): "initial",
        (False, False): "isolated",
    }[joins_before, joins_after]
    return forms.get(name, letter)


def _reaches_on(letter: str) -> bool:
    return letter == TATWEEL or "initial" in _forms().get(letter, {})


@cache
def _forms() -> dict[str, dict[str, str]]:
    """The forms Unicode has for each letter: isolated, initial, medial, final."""
    forms: dict[str, dict[str, str]] = {}
    for code in PRESENTATION_FORMS:
        name, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        letters = "".join(chr(int(part, 16)) for part in codes)
        if len(letters) == 1 or LAM_ALEF.fullmatch(letters):
            forms.setdefault(letters, {})[name.strip("<>")] = chr(code)
    return forms
