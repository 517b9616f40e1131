"""Read from right to left, on a telephone."""

from __future__ import annotations

import pytest

PAGES = ["/", "/programmes/TPMA/", "/projects/"]


@pytest.fixture
def arabic(sign_in):
    walk = sign_in("aurel@example.org")
    walk.page.set_viewport_size({"width": 390, "height": 844})
    walk.reach(walk.page.locator("summary", has_text="Language:"))
    walk.page.keyboard.press("Enter")
    walk.press(walk.page.get_by_role("button", name="العربيّة"))
    return walk


def test_pages_run_from_right_to_left_and_fit_a_telephone(arabic):
    report = arabic.addresses("/evaluation/reports/.*REPORT")[-1]
    for path in [*PAGES, report]:
        arabic.open(path)
        html = arabic.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl"), path
    assert arabic.seen[-4:] == [*PAGES, report]
