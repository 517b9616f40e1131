"""Static files as they are served: compressed, named by their content, asking no other host for anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

FONT_FACE = re.compile(rb"@font-face\{[^}]*\}")
# What browsers fetch on nearly every page. Fonts are compressed already or only go into reports, and
# the best compression of large map outlines would take minutes.
COMPRESSED = (".css", ".js", ".svg")


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Collects the component library's style sheets without their web font.

    The sheets name a font on another host. No element of the portal uses it, but browsers report the
    refused address on every page all the same, and whom a reader visits is nobody else's business.
    """

    def _save(self, name: str, content: File[bytes]) -> str:
        if _is_library_sheet(name):
            content = ContentFile(FONT_FACE.sub(b"", b"".join(content.chunks())))
        return str(super()._save(name, content))

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        """Name and compress what was collected; the library's sheets as they were changed above."""
        collected = {name: (self, name) for name in paths if _is_library_sheet(name)}
        yield from super().post_process({**paths, **collected}, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[Any]:
        """Compress style sheets, scripts and drawings."""
        yield from super().compress_files({path for path in paths if path.endswith(COMPRESSED)})


def _is_library_sheet(name: str) -> bool:
    return name.startswith("ecl/") and name.endswith(".css")
