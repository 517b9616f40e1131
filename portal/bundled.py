"""Files that come with the portal: style sheets, fonts, map outlines. Read from disk, never fetched."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join


def bundled_file(name: str) -> Path:
    """Say where `name` lies on disk, named as `{% static %}` names it: `fonts/dejavu/DejaVuSans.ttf`.

    The folders of the source tree come first, then what `collectstatic` gathered, so that it works
    in an image without the source folders. Raises `FileNotFoundError` for a name that is in
    neither, or that points out of them.
    """
    try:
        found = finders.find(name) or safe_join(settings.STATIC_ROOT, name)
    except SuspiciousFileOperation as error:
        raise FileNotFoundError(name) from error
    path = Path(found)
    if not path.is_file():
        raise FileNotFoundError(name)
    return path
