"""A visitor follows the money from the front door to a project and back, and needs no script for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.walk import field

FILTERED = "/projects/?programme=TPMA&strand=MIGDEV&country=MD"


def codes_of(page: Page, table: str) -> list[str]:
    """The codes of the records that head the rows of a list, from their addresses."""
    links = page.locator(f"#{table} tbody th a")
    return [link.get_attribute("href").split("/")[2] for link in links.all()]


def test_from_the_programme_to_a_project_and_back_through_a_figure(walk):
    walk.open("/")
    walk.navigate("Programmes")
    walk.follow("Thematic programme migration and asylum")
    walk.follow("Annual action programme 2009")
    walk.press(walk.main.locator('a[href="/projects/P024/"]'))
    assert walk.heading.startswith("Support to the Implementation of EC Readmission Agreements")

    walk.press(walk.main.locator("dd").get_by_role("link", name="Thematic programme migration"))
    tile = walk.main.locator(".portal-figure", has_text="Contracted").first
    total = tile.get_by_role("link").inner_text()
    walk.press(tile.get_by_role("link"))
    assert walk.heading == "Contracted"
    records = walk.page.locator("#records-table tbody tr")
    assert records.last.locator("td").first.inner_text() == total
    walk.press(records.locator('a[href="/projects/P024/"]'))
    assert walk.seen == [
        "/",
        "/programmes/",
        "/programmes/TPMA/",
        "/programmes/documents/AAP-2009/",
        "/projects/P024/",
        "/programmes/TPMA/",
        walk.seen[6],
        "/projects/P024/",
    ]


def test_projects_are_filtered_and_paged(walk):
    walk.open("/projects/")
    walk.type("Programme", "Thematic")
    walk.reach(walk.page.get_by_label("Fostering the links between migration and development"))
    walk.page.keyboard.press("Space")
    walk.type("Country", "Moldova")
    walk.page.keyboard.press("Space")
    walk.press(walk.main.get_by_role("button", name="Apply filters"))
    chips = walk.page.locator(".portal-chip").all_inner_texts()
    assert len(chips) == 3
    few = codes_of(walk.page, "projects")
    assert walk.page.locator(".portal-results__count").inner_text() == f"{len(few)} projects"

    walk.follow("Clear all", walk.main.locator(".portal-results"))
    first = codes_of(walk.page, "projects")
    walk.follow("Next")
    second = codes_of(walk.page, "projects")
    assert len(first) == 50
    assert set(few) != set(first)
    assert not set(first) & set(second)


def test_a_call_and_a_country(walk):
    walk.open("/")
    walk.navigate("Calls")
    walk.follow("Small local initiatives")
    assert walk.page.get_by_label("Demonstration data", exact=True).is_visible()
    walk.navigate("Countries")
    walk.type("Name or code", "Morocco")
    walk.press(walk.main.get_by_role("button", name="Apply filters"))
    walk.follow("Morocco")
    assert walk.heading == "Morocco"
    assert "/projects/P058/" in walk.addresses("^/projects/P")


@pytest.fixture
def without_scripts(portal, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_lists_work_without_scripts(portal, without_scripts):
    page = without_scripts
    page.goto(f"{portal.address}/projects/")
    first = codes_of(page, "projects")
    page.get_by_role("link", name="Next").click()
    assert not set(first) & set(codes_of(page, "projects"))

    page.goto(f"{portal.address}/projects/")
    field(page, "Programme").select_option("TPMA")
    page.get_by_label("Fostering the links between migration and development").check()
    field(page, "Country").select_option("MD")
    page.get_by_role("button", name="Apply filters").click()
    filtered = codes_of(page, "projects")
    page.goto(portal.address + FILTERED)
    assert codes_of(page, "projects") == filtered
    assert filtered != []

    page.goto(f"{portal.address}/calls/?phase=open")
    assert codes_of(page, "calls") == ["DEMO-CALL-2025-3", "DEMO-CALL-2025"]
    page.get_by_role("link", name="Small local initiatives").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Small local initiatives"
