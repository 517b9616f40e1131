"""The letters a report can print.

Reports use whole font files of their own (DejaVu: Latin, Greek, Cyrillic, Arabic and more), under family names
that no system font has, so that a page looks the same, to the byte, wherever it is drawn.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from portal.bundled import bundled_file

FAMILIES = frozenset({"Report Sans", "Report Mono"})
WIDEST = "DejaVuSansCondensed.ttf"
FILES = (
    WIDEST,
    "DejaVuSansCondensed-Bold.ttf",
    "DejaVuSansCondensed-Oblique.ttf",
    "DejaVuSansCondensed-BoldOblique.ttf",
    "DejaVuSansMono.ttf",
)


# Letters without a shape: line ends, joiners, directions, variants.
SHAPELESS = "\t\n\r\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
# They would end a line where WeasyPrint does not expect it.
LINE_ENDS = (0x2028, 0x2029)
SYMBOLS = re.compile("([\u2300-\u2bff\U0001f000-\U0001faff])[\ufe0e\ufe0f]?|\ufe0f")
AS_TEXT = "\ufe0e"


def printable(text: str) -> str:
    """Write letters that no font of ours has as their code, `[U+4E2D]`: nothing is lost or guessed."""
    coded = _unprintable().sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
    # Symbols that may be coloured pictures would be looked for in the machine's own fonts.
    return SYMBOLS.sub(lambda match: f"{match[1] or ''}{AS_TEXT}", coded)


@cache
def _unprintable() -> re.Pattern[str]:
    with TTFont(bundled_file(f"fonts/dejavu/{WIDEST}"), lazy=True) as font:
        drawn = {code for code in font.getBestCmap() if code not in LINE_ENDS}
    spaces = {code for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs"}
    return re.compile(f"[^{SHAPELESS}{_ranges(drawn | spaces)}]")


def _ranges(codes: set[int]) -> str:
    """The codes as the inside of a regular expression's character class."""
    ends: list[list[int]] = []
    for code in sorted(codes):
        if ends and ends[-1][1] == code - 1:
            ends[-1][1] = code
        else:
            ends.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ends)


def font_digests() -> dict[str, str]:
    """SHA-256 of each font file that reports use, in hexadecimal, by file name."""
    return {
        name: hashlib.sha256(bundled_file(f"fonts/dejavu/{name}").read_bytes()).hexdigest()
        for name in FILES
    }
