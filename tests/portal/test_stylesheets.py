"""What is collected: the library's sheet without its web font, named by content and compressed."""

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from portal.stylesheets import PortalStaticFilesStorage

FONTS = [f"fonts/noto/noto-sans-arabic-arabic-{weight}-normal.woff2" for weight in (400, 600)]
SHEET = "ecl/ecl-ec.css"
NAMES = [SHEET, "css/portal.css", *FONTS]


def found(name):
    """The storage that holds a file before it is collected, and its name there."""
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            if f"{storage.prefix}/{path}".removeprefix("None/").removeprefix("/") == name:
                return storage, path
    raise FileNotFoundError(name)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The files that every page needs, as `collectstatic` leaves them."""
    place = tmp_path_factory.mktemp("static")
    storage = PortalStaticFilesStorage(location=str(place), base_url="/static/")
    paths = {name: found(name) for name in NAMES}
    for name, (source, path) in paths.items():
        with source.open(path) as file:
            storage.save(name, file)
    problems = [done for _, _, done in storage.post_process(paths) if isinstance(done, Exception)]
    assert problems == []
    return storage


def test_the_library_sheet_loses_its_web_font_and_nothing_else(collected):
    original = Path(finders.find(SHEET)).read_bytes()
    served = Path(collected.path(collected.stored_name(SHEET))).read_bytes()
    rules = original.split(b"@font-face")
    assert len(rules) == 3
    kept = [rules[0], *(rule.split(b"}", 1)[1] for rule in rules[1:])]
    assert served.split(b"/*# source")[0] == b"".join(kept).split(b"/*# source")[0]


def test_the_portal_sheet_names_the_library_sheet_by_its_content(collected):
    served = Path(collected.path(collected.stored_name("css/portal.css"))).read_text()
    library = collected.stored_name(SHEET)
    assert library != SHEET
    assert f'@import url("../{library}") layer(ecl);' in served


def test_sheets_are_compressed_and_fonts_are_left_alone(collected):
    sheet = Path(collected.path(collected.stored_name(SHEET)))
    assert brotli.decompress(Path(f"{sheet}.br").read_bytes()) == sheet.read_bytes()
    font = Path(collected.path(collected.stored_name(FONTS[0])))
    assert font.read_bytes() == Path(finders.find(FONTS[0])).read_bytes()
    assert not Path(f"{font}.br").exists()
