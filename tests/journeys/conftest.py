"""The open portal, and people who walk through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import needs_browser
from tests.journeys import running
from tests.journeys.running import Portal
from tests.journeys.walk import Walk

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)
            item.add_marker(needs_browser)
            # One process opens the portal, once for all walks.
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="session")
def portal(browser: Browser, tmp_path_factory, worker_id: str) -> Iterator[Portal]:
    """The portal, opened once. It comes after the browser: without one there is nothing to open it for."""
    folder = tmp_path_factory.mktemp("portal")
    with running.running_portal(folder, f"portal_journeys_{worker_id}") as opened:
        yield opened


@pytest.fixture
def walk(portal: Portal, page: Page) -> Walk:
    """A visitor who has just come in."""
    return Walk(portal, page)


@pytest.fixture
def sign_in(walk: Walk) -> Callable[[str], Walk]:
    """`sign_in("aurel@example.org")`: the walk of that person, from the dashboard on."""

    def come_in(email: str) -> Walk:
        walk.sign_in(email)
        return walk

    return come_in
