"""An officer asks for a report, watches a worker build it, and takes it away."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import violations

BUILD_LIMIT = 90_000  # milliseconds


def test_an_officer_has_a_report_built(sign_in):
    walk = sign_in("olivia@example.org")
    walk.follow("Ask for a report")
    walk.type("Programme", "Thematic")
    walk.type("From year", "2009")
    walk.type("To year", "2011")
    walk.press(walk.main.get_by_role("button", name="Build the report"))

    expect(walk.page.locator("#progress")).to_be_visible()
    file = walk.main.locator(".portal-download")
    expect(file).to_be_visible(timeout=BUILD_LIMIT)
    walk.look()
    assert walk.main.locator(".portal-status").first.inner_text() == "Ready"

    walk.reach(file.get_by_role("link"))
    with walk.page.expect_download() as begun:
        walk.page.keyboard.press("Enter")
    data = begun.value.path().read_bytes()
    assert data.startswith(b"%PDF")

    figures = walk.addresses("/evaluation/figures/")
    assert len(figures) > 20
    assert {address: walk.status_of(address) for address in figures} == dict.fromkeys(figures, 200)


def test_a_period_that_ends_before_it_begins_is_refused_at_its_field(sign_in):
    walk = sign_in("stefan@example.org")
    walk.follow("Ask for a report")
    walk.type("From year", "2011")
    walk.type("To year", "2009")
    walk.reach(walk.main.get_by_role("button", name="Build the report"))
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")
    assert violations(walk.page) == []
    assert walk.page.evaluate("document.activeElement.matches('[data-error-summary]')") is True
    walk.main.get_by_role("link", name="To year: The period ends before it begins.").press("Enter")
    assert walk.page.evaluate("document.activeElement.id") == "id_end"
