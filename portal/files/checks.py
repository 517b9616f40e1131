"""What an upload is, told from its bytes, and whether it may be kept.

Nothing that its sender says is believed: neither the media type nor the ending of the name, which must agree
with what the bytes are.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File as Content
from django.utils.translation import gettext as _

from portal.files import reading
from portal.files.kinds import KINDS, TEXTS, largest
from portal.files.naming import UnsafeName, ending_of, safe_name

SECONDS_TO_READ = 40

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    r"\A\s*<(\?xml|\?php|!--|[a-z]+[\s/>])"
    r"|<!doctype|<(html|head|body|script|svg|iframe|object|embed|style)[\s/>]",
    re.IGNORECASE,
)


class FileRefused(ValidationError):
    """A file that is not kept. Names the file and says why, beside the field `upload` of a form."""

    def __init__(self, name: str, reason: str) -> None:
        text = _("“%(name)s” was not kept: %(reason)s") % {"name": _shown(name), "reason": reason}
        super().__init__({"upload": [text]})
        self.reason = reason


@dataclass(frozen=True)
class Inspected:
    """What an upload is: its safe name, and what its bytes say. `size` in bytes; `pages` where they tell."""

    name: str
    sha256: str
    size: int
    media_type: str
    pages: int | None


def inspect(upload: Content[bytes]) -> Inspected:
    """Read an upload whole and tell what it is. Raises `FileRefused` where it may not be kept."""
    given = upload.name or ""
    try:
        name = safe_name(given)
    except UnsafeName as error:
        raise FileRefused(given, _name_reason()) from error
    if not upload.size:
        raise FileRefused(name, _("it is empty."))
    if upload.size > settings.LARGEST_FILE:
        raise FileRefused(name, _("it is larger than %s, the most that is taken.") % largest())
    upload.seek(0)
    data = upload.read()
    kind, pages = _read(name, data)
    digest = hashlib.sha256(data).hexdigest()
    return Inspected(name, digest, len(data), KINDS[kind].media_type, pages)


def _read(name: str, data: bytes) -> tuple[str, int | None]:
    reader = reading.reader_of(data)
    if reader is None:
        _read_text(name, data)
        ending = ending_of(name)
        kind, pages = (ending if ending in TEXTS else "txt"), None
    else:
        kind, pages = _read_elsewhere(reader, name, data)
    if ending_of(name) not in KINDS[kind].endings:
        words = {"kind": KINDS[kind].label, "ending": KINDS[kind].endings[0]}
        reason = _("its content is %(kind)s, but its name does not end in .%(ending)s.")
        raise FileRefused(name, reason % words)
    return kind, pages


def _read_elsewhere(reader: str, name: str, data: bytes) -> tuple[str, int | None]:
    """Have the bytes read by a process that has nothing to lose, and wait for it."""
    found: dict[str, Any] = {}
    try:
        process = subprocess.run(
            [sys.executable, "-I", str(Path(reading.__file__)), reader],
            input=data,
            capture_output=True,
            timeout=SECONDS_TO_READ,
            env={},
            check=True,
        )
        found = json.loads(process.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise FileRefused(name, _("it is damaged, or it asks for too much work.")) from error
    if found["fault"]:
        raise FileRefused(name, _fault_reasons()[found["fault"]])
    return found["kind"], found["pages"]


def _read_text(name: str, data: bytes) -> None:
    """Refuse what is no plain text: programs, pages with markup, other encodings, any other kind of file."""
    text = reading.text_of(data)
    if text is None:
        raise FileRefused(name, _strange_reason(data))
    if text.startswith("#!"):
        raise FileRefused(name, _("it is a program."))
    if _MARKUP.search(text):
        raise FileRefused(name, _("it is a page with markup (HTML, SVG or XML), not plain text."))


def _strange_reason(data: bytes) -> str:
    if data.startswith(reading.PROGRAMS):
        return _("it is a program.")
    if data.startswith(_COMPOUND):
        return _(
            "it is protected by a password, or of an old Office format. Save it as DOCX or PDF."
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("it is text, but not in UTF-8.")
    kinds = ", ".join(kind.label for kind in KINDS.values())
    return _("it is none of %(kinds)s (texts in UTF-8).") % {"kinds": kinds}


def _fault_reasons() -> dict[str, str]:
    return {
        "protected": _("it is protected by a password or encrypted."),
        "code": _("it carries a program: macros, JavaScript or a command. Save it without."),
        "attachment": _("a program is attached to it."),
        "attached": _("a file is attached to it that would not be kept by itself."),
        "bomb": _("it grows too large when it is opened."),
        "damaged": _("it is damaged and cannot be read."),
        "archive": _("it is an archive, not an office document."),
        "joined": _("another file is joined to it."),
    }


def _name_reason() -> str:
    return _("its name is a path or has invisible characters, or ones that turn the writing round.")


def _shown(name: str) -> str:
    """A refused name that can be shown without playing its trick."""
    return "".join(each if each.isprintable() else "�" for each in name)[:200]
