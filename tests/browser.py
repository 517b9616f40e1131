"""The browser of the tests: where it is, what its absence means, and what is asked of every page it opens."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
IS_REQUIRED = os.environ.get("PORTAL_REQUIRE_BROWSER", "") == "1"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
AXE = Path(settings.BASE_DIR, "node_modules", "axe-core", "axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Without the browser these tests are reported as skipped, or fail where it has to be there.
needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not IS_REQUIRED, reason="chromium is not installed"
)


def launch_options() -> dict[str, object]:
    """How the browser is started; fails where it is required and missing."""
    if CHROMIUM is None:
        pytest.fail("chromium is not installed, and PORTAL_REQUIRE_BROWSER asks for it")
    return {"executable_path": CHROMIUM, "args": FLAGS}


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds wrong with the page: each rule with the first element that breaks it."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
