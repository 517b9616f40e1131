"""Every component in a real browser: accessible, quiet, light, and right in both directions."""

from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from csp.utils import build_policy
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.stylesheets import FONT_FACE
from tests.browser import needs_browser, overflow, violations
from tests.portal.gallery import PAGE, SOURCE, ContractForm

HOME = "http://portal.example/"
pytestmark = needs_browser


def gallery(language, form):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override(language):
        context = {
            **PAGE,
            "form": form,
            "filter_form": ContractForm(prefix="filter"),
            "user": request.user,
        }
        return engines["django"].from_string(SOURCE).render(context, request)


def static_file(path):
    body = Path(finders.find(path.removeprefix("/static/"))).read_bytes()
    return FONT_FACE.sub(b"", body) if path.endswith("ecl-ec.css") else body


class Visit:
    """One open page of the gallery, and everything the browser fetched or complained about."""

    def __init__(self, page, document):
        self.page, self.document = page, document.encode()
        self.complaints, self.fetched = [], {}
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self.answer)
        page.goto(HOME)

    def answer(self, route):
        address = urlsplit(route.request.url)
        if address.netloc != "portal.example":
            self.complaints.append(f"asked {address.netloc}")
            return route.abort()
        body = self.document if address.path == "/" else static_file(address.path)
        kind = "text/html" if address.path == "/" else guess_type(address.path)[0]
        self.fetched[address.path] = body
        headers = {
            "Content-Security-Policy": build_policy(),
            "Content-Type": f"{kind}; charset=utf-8",
        }
        return route.fulfill(body=body, headers=headers)


@pytest.fixture
def visit(page):
    def open_gallery(language="en", width=1280, form=None):
        page.set_viewport_size({"width": width, "height": 900})
        return Visit(page, gallery(language, form or ContractForm()))

    return open_gallery


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_gallery_is_accessible_quiet_and_fits(visit, language, width):
    seen = visit(language, width)
    assert seen.complaints == []
    assert violations(seen.page) == []
    assert overflow(seen.page) == 0


def test_a_refused_form_is_accessible_and_its_summary_has_the_focus(visit):
    seen = visit(form=ContractForm({"title": "", "axis": "event"}))
    assert violations(seen.page) == []
    assert seen.page.evaluate("document.activeElement.matches('[data-error-summary]')") is True
    seen.page.get_by_role("link", name="Title: This field is required.").click()
    assert seen.page.evaluate("document.activeElement.id") == "id_title"


def test_the_first_load_is_light(visit):
    seen = visit()
    assert set(seen.fetched) >= {"/", "/static/css/portal.css", "/static/ecl/ecl-ec.css"}
    assert sum(len(brotli.compress(body)) for body in seen.fetched.values()) < 100_000


def test_no_web_font_is_fetched_outside_arabic(visit):
    seen = visit()
    assert [path for path in seen.fetched if "font" in path] == []
    families = seen.page.evaluate(
        "[...document.querySelectorAll('*')].map(e => getComputedStyle(e).fontFamily)"
    )
    assert [family for family in families if "Inter" in family] == []


def test_arabic_is_drawn_in_its_own_font(visit):
    seen = visit("ar")
    assert "/static/fonts/noto/noto-sans-arabic-arabic-400-normal.woff2" in seen.fetched


@pytest.mark.parametrize(("language", "side"), [("en", 1), ("ar", -1)])
def test_tables_run_in_the_direction_of_the_page(visit, language, side):
    page = visit(language).page
    heading = page.locator("#money-table tbody th").first.bounding_box()
    number = page.locator("#money-table tbody td").first.bounding_box()
    assert (number["x"] - heading["x"]) * side > 0


def test_the_keyboard_reaches_the_content_at_once(visit):
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.locator(".ecl-skip-link").bounding_box()["width"] > 100
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_language_menu_closes_on_escape(visit):
    page = visit().page
    page.locator("summary", has_text="Language:").click()
    assert page.get_by_role("button", name="français").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="français").is_hidden()


def test_without_javascript_the_narrow_menu_opens(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    Visit(page, gallery("en", ContractForm()))
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Calls")
    assert link.is_hidden()
    page.get_by_text("Menu", exact=True).click()
    assert link.is_visible()
    context.close()


def test_wide_pages_need_no_menu(visit):
    page = visit().page
    assert (
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Calls").is_visible()
    )
    assert page.get_by_text("Menu", exact=True).is_hidden()


def test_paper_shows_the_numbers_and_not_the_navigation(visit):
    page = visit().page
    page.emulate_media(media="print")
    assert page.get_by_role("navigation", name="Main").is_hidden()
    assert page.locator("#chart-table").is_visible()
