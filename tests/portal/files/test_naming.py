"""Names of files: what is made of them, and which are refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.naming import LONGEST, UnsafeName, ending_of, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("Annual work programme 2009.pdf", "Annual work programme 2009.pdf"),
        ("برنامج العمل السنوي.pdf", "برنامج العمل السنوي.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        (unicodedata.normalize("NFD", "Décision.pdf"), "Décision.pdf"),
        ('C(2009) "draft": what?.pdf', "C(2009) -draft-- what-.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("name.pdf. ", "name.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("console.pdf", "console.pdf"),
        ("x" * 300 + ".pdf", "x" * 248 + "….pdf"),
        ("x" * 300, "x" * 252 + "…"),
    ],
)
def test_what_is_made_of_a_name(given_name, safe):
    assert safe_name(given_name) == safe


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        " ",
        "/etc/passwd",
        "a\\b.pdf",
        "in\u202efdp.exe",
        "a\u2066b.pdf",
        "a\nb.pdf",
        "a\x00",
    ],
)
def test_what_is_refused(name):
    with pytest.raises(UnsafeName):
        safe_name(name)


def test_a_long_arabic_name_keeps_whole_letters_and_its_ending():
    safe = safe_name("م" * 200 + ".docx")
    assert safe == "م" * 123 + "….docx"
    assert len(safe.encode()) <= LONGEST


@given(st.text(max_size=400))
def test_whatever_comes_out_is_short_and_comes_out_again(name):
    try:
        safe = safe_name(name)
    except UnsafeName:
        return
    assert 0 < len(safe.encode()) <= LONGEST
    assert not set(safe) & set('/\\<>:"|?*\x00')
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "ending"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("pdf", ""), ("a.", "")]
)
def test_the_ending_of_a_name(name, ending):
    assert ending_of(name) == ending
