"""What a PDF says, whatever drew it: the same text and files give the same digest in any layout."""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf
from django.utils.translation import gettext as _

# A code is two bytes wide in the fonts WeasyPrint writes.
CODE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>")
WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+")
# Hebrew, Arabic and their neighbours with their presentation forms.
FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
SPACES = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
# Where these lie, and how often they are drawn, depends on where pages end.
PLACED_BY_LAYOUT = ("/THead", "/TFoot", "Note")
# What a file by somebody else, or a broken one, may run into.
UNREADABLE = (
    pikepdf.PdfError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
INLINE = ("/Span", "/NonStruct", "/Link")


def content_digest(pdf: bytes) -> str:
    """SHA-256 in hexadecimal of what a PDF made by `render_pdf` says: its text and its attachments.

    The text is read from the drawn letters in the order a screen reader follows, without what
    depends on the layout: spaces, line ends, headers and footers of pages, page numbers of the
    contents, repeated table heads. Of a paragraph that holds letters written from the right the
    words and numbers count, not their order. A picture counts by its alternative text. Of a manifest (a JSON
    object attached as `Source`) the member `versions` does not count. So equal content drawn by
    other versions gives an equal digest; that a file is untouched only its own SHA-256 can say.
    Raises `ValueError` for what is not a PDF of this kind.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            content = _content(document)
    except UNREADABLE as error:
        raise ValueError(_("This is not a PDF report of this portal.")) from error
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "backslashreplace")).hexdigest()


def _content(document: pikepdf.Pdf) -> dict[str, Any]:
    return {
        "title": str(document.docinfo.get("/Title", "")),
        "language": str(document.Root.get("/Lang", "")),
        "text": _text(document),
        "attachments": [_attached(document, name) for name in sorted(document.attachments)],
    }


def _attached(document: pikepdf.Pdf, name: str) -> dict[str, str]:
    specification = document.attachments[name]
    data = specification.get_file().read_bytes()
    relationship = str(specification.obj.get("/AFRelationship", ""))
    return {
        "name": name,
        "relationship": relationship,
        "description": specification.description,
        "sha256": hashlib.sha256(_without_versions(data, relationship)).hexdigest(),
    }


def _without_versions(data: bytes, relationship: str) -> bytes:
    if relationship != "/Source":
        return data
    try:
        manifest = json.loads(data)
    except ValueError:
        return data
    if isinstance(manifest, dict):
        manifest.pop("versions", None)
    return json.dumps(manifest, sort_keys=True, ensure_ascii=False).encode()


def _text(document: pikepdf.Pdf) -> list[str]:
    """The text of the structure tree in reading order, then what stands where the layout puts it."""
    marked = {page.obj.objgen: _marked_texts(page) for page in document.pages}
    pieces = list(_pieces(document.Root.StructTreeRoot, "", marked))
    turned = {piece.block for piece in pieces if FROM_THE_RIGHT.search(piece.text)}
    words = [word for piece in pieces if piece.block in turned for word in WORD.findall(piece.text)]
    said: dict[str, list[str]] = {place: [] for place in ("", *PLACED_BY_LAYOUT)}
    for piece in pieces:
        if piece.block not in turned and not (piece.place and piece.text in said[piece.place][-1:]):
            said[piece.place].append(piece.text)
    return [SPACES.sub("", "".join(texts)) for texts in said.values()] + sorted(words)


class Piece(NamedTuple):
    """A text of the structure tree, where the layout put it ("" where it was written), its block."""

    text: str
    place: str
    block: tuple[int, int]


Texts = dict[tuple[int, int], dict[int, str]]


def _pieces(element: Any, place: str, marked: Texts) -> Iterator[Piece]:
    kind = "Note" if _is_note(element) else str(element.get("/S", ""))
    if kind == "/Figure":
        yield Piece(str(element.get("/Alt", "")), place, element.objgen)
    elif kind in PLACED_BY_LAYOUT and not place:
        inside = list(_pieces(element, kind, marked))
        yield Piece("".join(piece.text for piece in inside), kind, element.objgen)
    else:
        for kid in _kids(element):
            yield from _said(kid, element, place, marked)


def _said(kid: Any, parent: Any, place: str, marked: Texts) -> Iterator[Piece]:
    if isinstance(kid, int):
        text = unicodedata.normalize("NFKC", marked[parent.Pg.objgen].get(kid, ""))
        yield Piece(text, place, _block(parent))
    elif kid.get("/Type") != "/OBJR" and not _is_page_number(kid, parent):
        yield from _pieces(kid, place, marked)


def _block(element: Any) -> tuple[int, int]:
    """The paragraph, cell or heading that a piece of text is in."""
    while element.S in INLINE and "/S" in element.P:
        element = element.P
    return tuple(element.objgen)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _is_page_number(kid: Any, parent: Any) -> bool:
    """A link inside a link is what the style sheet writes after it: its dots and its page."""
    return bool(kid.get("/S") == "/Link" and parent.get("/S") == "/Link")


def _is_note(element: Any) -> bool:
    """A note at the foot of a page lies in an area without a kind, beside the parts of the document."""
    area = element.get("/P", {})
    above = area.get("/P", {})
    return bool(
        element.get("/S") == "/Span"
        and area.get("/S") == "/NonStruct"
        and above.get("/S") == "/Document"
    )


def _marked_texts(page: pikepdf.Page) -> dict[int, str]:
    """Text of each marked piece of a page's content, by its number."""
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    drawn: dict[int, list[str]] = {}
    letters: dict[int, str] = {}
    marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page, "BMC BDC EMC Tf Tj TJ"):
        operands = instruction.operands
        match str(instruction.operator):
            case "BMC":
                marks.append(None)
            case "BDC":
                marks.append(_mark(operands[1]))
            case "EMC":
                marks.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case _ if marks and (mark := marks[-1]) is not None:
                drawn.setdefault(mark, []).extend(_shown(operands[0], letters))
    return {mark: "".join(glyphs) for mark, glyphs in drawn.items()}


def _mark(properties: Any) -> int | None:
    mark = properties.get("/MCID")
    return None if mark is None else int(mark)


def _shown(operand: Any, letters: dict[int, str]) -> Iterator[str]:
    strings = operand if isinstance(operand, pikepdf.Array) else [operand]
    codes = b"".join(bytes(item) for item in strings if isinstance(item, pikepdf.String))
    for at in range(0, len(codes), 2):
        yield letters.get(int.from_bytes(codes[at : at + 2], "big"), "�")


def _letters(font: Any) -> dict[int, str]:
    """What each code of a font stands for, by the table the font carries."""
    if "/ToUnicode" not in font:
        return {}
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in CODE.findall(font.ToUnicode.read_bytes().partition(b"endcodespace")[2])
    }
