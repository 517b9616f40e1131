"""Reports as PDF: they conform, they are the same each time, they read nothing they were not given."""

import hashlib
import io
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import pikepdf
import pytest
from django.conf import settings

from portal.install import LIBRARY_COMMANDS
from portal.pdf import (
    Attachment,
    Unprintable,
    render_pdf,
    versions,
)
from portal.pdf.layout import lay_out
from tests.portal.reports import (
    ATTACHMENTS,
    CREATED,
    page_texts,
    render_body,
    render_sample,
    sample_html,
    sample_images,
)
from tests.verapdf import check_pdf

CONFORMS = {"PDF/A-3a": [], "PDF/UA-1": []}


@pytest.fixture(scope="module")
def report() -> bytes:
    return render_sample()


def rules(failed: list[str]) -> list[str]:
    return [rule.partition(":")[0] for rule in failed]


def changed(pdf: bytes, change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()


class TestConformance:
    def test_a_report_with_all_its_parts(self, report):
        assert check_pdf(report) == CONFORMS

    def test_a_report_from_right_to_left(self):
        html = sample_html(language="ar", direction="rtl")
        pdf = render_sample(html, language="ar", images=sample_images("ar"))
        assert check_pdf(pdf) == CONFORMS

    def test_without_attachments_and_pictures(self):
        assert check_pdf(render_body("<h1>One line</h1>")) == CONFORMS


class TestTheCheckerCanFail:
    def test_rubbish(self):
        unreadable = ["unreadable: Couldn't parse stream"]
        assert check_pdf(b"no PDF") == {"PDF/A-3a": unreadable, "PDF/UA-1": unreadable}

    def test_before_the_file_says_that_it_is_pdf_ua(self):
        pdf = lay_out(
            '<html lang="en"><link rel="stylesheet" href="static:css/pdf.css"><h1>A</h1></html>',
            title="Title",
            language="en",
            created=CREATED,
            images={},
        )
        failed = check_pdf(pdf)
        assert (failed["PDF/A-3a"], rules(failed["PDF/UA-1"])) == ([], ["5-1"])

    def test_a_picture_without_words(self, report):
        def silence(document):
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
                    del item["/Alt"]

        failed = check_pdf(changed(report, silence))
        assert (failed["PDF/A-3a"], rules(failed["PDF/UA-1"])) == ([], ["7.3-1"])

    def test_an_attachment_without_a_relationship(self, report):
        def unrelate(document):
            del document.attachments["projects.csv"].obj["/AFRelationship"]

        failed = check_pdf(changed(report, unrelate))
        assert (rules(failed["PDF/A-3a"]), failed["PDF/UA-1"]) == (["6.8-3"], [])

    def test_no_output_colours(self, report):
        def forget(document):
            del document.Root["/OutputIntents"]

        assert "6.2.4.3-2" in rules(check_pdf(changed(report, forget))["PDF/A-3a"])


class TestSameBytes:
    def test_twice_here_and_once_in_a_fresh_process(self, report):
        fresh = subprocess.run(
            [sys.executable, "-c", FRESH],
            env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
            cwd=settings.BASE_DIR,
            check=True,
            capture_output=True,
            text=True,
        )
        here = hashlib.sha256(render_sample()).hexdigest()
        assert [here, fresh.stdout.strip()] == [hashlib.sha256(report).hexdigest()] * 2

    def test_the_same_moment_in_another_zone(self, report):
        moment = CREATED.astimezone(timezone(timedelta(hours=5)))
        assert render_sample(created=moment) == report

    def test_other_content_gives_other_bytes(self, report):
        others = {
            render_sample(title="Another title"),
            render_sample(created=CREATED + timedelta(seconds=1)),
            render_sample(attachments=ATTACHMENTS[:1]),
            render_sample(sample_html(rows=41)),
        }
        assert len(others | {report}) == 5


FRESH = """
import django, hashlib, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
from tests.portal.reports import render_sample
print(hashlib.sha256(render_sample()).hexdigest())
"""


class TestWhatItReads:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:9/picture.svg",
            "https://example.org/picture.svg",
            "ftp://example.org/picture.svg",
            "file:///etc/passwd",
            "data:image/svg+xml;base64,PHN2Zy8+",
            "static:../manage.py",
            "static:/etc/passwd",
            "static:css/absent.css",
            "static:world-atlas/LICENSE",
            "image:unknown",
        ],
    )
    def test_a_picture_from_elsewhere_is_refused(self, url):
        with pytest.raises(Unprintable) as refusal:
            render_body(f'<p><img alt="Picture" src="{url}"></p>')
        assert refusal.value.faults == (f"{url} may not be read",)
        assert str(refusal.value) == f"The report was not made: {url} may not be read"

    @pytest.mark.parametrize(
        "head",
        [
            '<link rel="stylesheet" href="http://127.0.0.1:9/x">',
            "<style>@import url(http://127.0.0.1:9/x);</style>",
            '<style>@font-face {font-family: "Report Sans"; src: url(http://127.0.0.1:9/x)}</style>',
            "<style>p {background: url(http://127.0.0.1:9/x)}</style>",
            '<link rel="attachment" href="http://127.0.0.1:9/x">',
        ],
    )
    def test_nor_is_anything_else(self, head):
        with pytest.raises(Unprintable) as refusal:
            render_body("<p>text</p>", head)
        assert refusal.value.faults == ("http://127.0.0.1:9/x may not be read",)

    def test_nor_a_picture_within_a_picture(self):
        inner = '<image href="file:///etc/hostname" width="9" height="9"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inner}</svg>'
        with pytest.raises(Unprintable) as refusal:
            render_body('<p><img alt="Picture" src="image:a"></p>', images={"a": svg.encode()})
        assert refusal.value.faults == ("file:///etc/hostname may not be read",)

    def test_all_that_is_wrong_is_said_at_once(self):
        with pytest.raises(Unprintable) as refusal:
            render_body('<p><img alt="A" src="file:///a"><img alt="B" src="file:///b"></p>')
        assert refusal.value.faults == ("file:///a may not be read", "file:///b may not be read")

    def test_a_long_address_is_cut(self):
        url = "data:text/plain," + "x" * 5000
        with pytest.raises(Unprintable) as refusal:
            render_body(f'<p><img alt="A" src="{url}"></p>')
        assert refusal.value.faults == (f"{url[:100]}… may not be read",)

    def test_a_link_is_not_followed(self):
        pdf = render_body('<p><a href="http://127.0.0.1:9/records/">12</a></p>')
        with pikepdf.open(io.BytesIO(pdf)) as document:
            addresses = [str(link.A.URI) for link in document.pages[0].Annots]
        assert addresses == ["http://127.0.0.1:9/records/"]


class TestWhatIsWrongInThePage:
    def test_a_picture_without_words(self):
        with pytest.raises(Unprintable, match='"image:a" has no required alt description'):
            render_body('<p><img src="image:a"></p>', images={"a": sample_images()["strands"]})

    def test_a_broken_picture(self):
        with pytest.raises(Unprintable, match="Failed to load image at 'image:a'"):
            render_body('<p><img alt="A" src="image:a"></p>', images={"a": b"<svg"})

    def test_a_link_to_nowhere(self):
        with pytest.raises(Unprintable, match="No anchor #nowhere"):
            render_body('<p><a href="#nowhere">Part</a></p>')

    def test_a_font_of_the_machine(self):
        with pytest.raises(Unprintable, match="is not a font of reports"):
            render_body("<p>text</p>", "<style>p {font-family: serif}</style>")

    def test_a_moment_without_a_zone(self):
        with pytest.raises(ValueError, match="created has no time zone"):
            render_sample(created=datetime(2026, 11, 24))  # noqa: DTZ001


class TestAttachments:
    def test_are_inside_as_they_were_given(self, report):
        with pikepdf.open(io.BytesIO(report)) as document:
            carried = [
                (
                    name,
                    item.get_file().read_bytes(),
                    item.get_file().mime_type,
                    item.description,
                    str(item.obj.AFRelationship),
                    str(item.obj.EF.F.Params.CreationDate),
                    str(item.obj.EF.F.Params.ModDate),
                )
                for name, item in document.attachments.items()
            ]
            listed = [str(item.UF) for item in document.Root.AF]
        moment = "D:20261124120000Z"
        assert carried == [
            (a.name, a.data, a.media_type, a.description, f"/{a.relationship}", moment, moment)
            for a in sorted(ATTACHMENTS, key=lambda attachment: attachment.name)
        ]
        assert listed == ["projects.csv", "manifest.json"]

    def test_equal_data_may_have_two_relationships(self):
        two = [
            Attachment(f"{kind}.txt", b"x", "text/plain", "", kind) for kind in ("Data", "Source")
        ]
        pdf = render_body("<h1>x</h1>", attachments=two)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            kinds = {name: str(a.obj.AFRelationship) for name, a in document.attachments.items()}
        assert kinds == {"Data.txt": "/Data", "Source.txt": "/Source"}
        assert check_pdf(pdf) == CONFORMS

    def test_two_of_one_name_are_refused(self):
        with pytest.raises(ValueError, match="two attachments have one name"):
            render_body("<h1>x</h1>", attachments=[ATTACHMENTS[0], ATTACHMENTS[0]])


class TestThePages:
    def test_title_language_and_moment(self, report):
        with pikepdf.open(io.BytesIO(report)) as document:
            info = {str(key): str(value) for key, value in document.docinfo.items()}
            language = str(document.Root.Lang)
        assert info == {
            "/Title": "Evaluation report",
            "/CreationDate": "D:20261124120000Z",
            "/ModDate": "D:20261124120000Z",
            "/Producer": f"WeasyPrint {version('weasyprint')}",
        }
        assert language == "en"

    def test_each_names_itself_programme_part_and_report(self, report):
        texts = page_texts(report)
        count = len(texts)
        assert count >= 5
        for number, text in enumerate(texts[1:], start=2):
            header, footer = text.splitlines()[-2:]
            assert header.startswith("Thematic programme for cooperation with non-EU countries")
            assert footer == f"EVR-2026-0001, version 1 Demonstration data {number} / {count}"
        assert f"1 / {count}" not in texts[0]

    def test_contents_say_the_page_each_part_is_on(self, report):
        texts = page_texts(report)
        for title in ("The portfolio", "Method"):
            page = next(n for n, t in enumerate(texts, 1) if n > 2 and f". {title}" in t)
            entry = next(line for line in texts[1].splitlines() if title.lower() in line.lower())
            assert entry.split()[-1] == str(page)

    def test_heads_of_a_table_repeat(self, report):
        pages = [text for text in page_texts(report) if "TPMA-0" in text]
        assert len(pages) >= 2
        assert [text.count("Lead organisation") for text in pages] == [1] * len(pages)


class TestVersions:
    def test_name_libraries_and_fonts(self):
        font = settings.BASE_DIR / "node_modules/dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf"
        found = versions()
        assert found["weasyprint"] == version("weasyprint")
        assert found["vl-convert-python"] == version("vl-convert-python")
        assert found["DejaVuSansCondensed.ttf"] == hashlib.sha256(font.read_bytes()).hexdigest()
        assert sorted(found) == [
            "DejaVuSansCondensed-Bold.ttf",
            "DejaVuSansCondensed-BoldOblique.ttf",
            "DejaVuSansCondensed-Oblique.ttf",
            "DejaVuSansCondensed.ttf",
            "DejaVuSansMono.ttf",
            "fonttools",
            "harfbuzz",
            "harfbuzz-subset",
            "pango",
            "pikepdf",
            "pydyf",
            "vl-convert-python",
            "weasyprint",
            "zlib",
        ]

    def test_system_libraries_have_numbers(self):
        found = versions()
        assert [found[name].count(".") for name in ("pango", "harfbuzz")] == [2, 2]


MISSING = """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
from datetime import UTC, datetime
from portal.pdf import ReportsUnavailable, render_pdf, versions
for build in (
    lambda: render_pdf("", title="", language="", created=datetime.now(UTC), images={}, attachments=[]),
    versions,
):
    try:
        build()
    except ReportsUnavailable as refusal:
        print(refusal)
"""


def test_without_the_system_libraries_reports_say_what_to_install(tmp_path):
    # The loader takes these empty files for the libraries, and cannot use them.
    for name in ("libgobject-2.0.so.0", "libpango-1.0.so.0"):
        (tmp_path / name).touch()
    told = subprocess.run(
        [sys.executable, "-c", MISSING],
        env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)},
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    told = [line for line in told if line.startswith("Reports cannot be built on this machine")]
    assert len(told) == 2
    for line in told:
        assert "a system library is missing (cannot load library 'libgobject-2.0" in line
        assert [command for command in LIBRARY_COMMANDS.values() if command not in line] == []


def test_a_report_needs_an_html_page_only(report):
    """Nothing of the request, the database or the network is needed to draw it."""
    pdf = render_pdf(
        '<html lang="en"><link rel="stylesheet" href="static:css/pdf.css"><h1>A</h1></html>',
        title="A",
        language="en",
        created=CREATED,
        images={},
        attachments=[],
    )
    assert page_texts(pdf) == ["A\r\n1 / 1"]
