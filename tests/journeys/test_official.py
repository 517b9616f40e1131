"""An official of Morocco sees the country's page, what is open for it, and both times of a deadline."""

from __future__ import annotations


def test_an_official_finds_what_is_open_for_the_country(sign_in):
    walk = sign_in("malika@example.org")
    assert walk.heading == "Welcome, Malika of Morocco"
    walk.follow("Morocco")
    assert (walk.path, walk.heading) == ("/countries/MA/", "Morocco")

    walk.follow("Malika of Morocco Partner-country official", walk.page.get_by_role("banner"))
    call = walk.page.locator("#running-calls tbody tr", has_text="Small local initiatives")
    assert call.locator("td").last.inner_text() == "yes"
    walk.press(call.get_by_role("link", name="Small local initiatives"))
    deadline = walk.page.locator(".portal-facts__row", has_text="First deadline").locator("dd")
    assert deadline.inner_text().replace("\u00a0", " ").split("\n") == [
        "31 January 2031, 16:00 (CET, Europe/Brussels)",
        "31 January 2031, 15:00 UTC",
    ]


def test_an_official_reads_no_reports(sign_in):
    walk = sign_in("malika@example.org")
    assert walk.page.get_by_role("link", name="Reports", exact=True).count() == 0
    assert walk.status_of("/evaluation/reports/") == 403
