"""How a person walks: by the keyboard alone, and every page on the way is looked at."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import overflow, violations
from tests.journeys.running import Portal

# More than any page has stops between its first and its last.
MOST_STOPS = 400


def field(page: Page, label: str) -> Locator:
    """The field whose label begins with these words; it may go on to say that it is optional."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\b"))


class Walk:
    """One person's way through the portal. `seen` are the paths of the pages that were looked at."""

    def __init__(self, portal: Portal, page: Page) -> None:
        self.portal, self.page = portal, page
        self.complaints: list[str] = []
        self.seen: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.portal.address)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def open(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(self.portal.address + path)
        assert answer.status == 200, path
        self.look()

    def look(self) -> None:
        """A page is accessible, says nothing in the console, and fits its window."""
        assert self.complaints == [], self.path
        assert overflow(self.page) == 0, self.path
        assert violations(self.page) == [], self.path
        # While it looks, axe sets styles of its own, which the policy refuses.
        self.complaints.clear()
        self.seen.append(self.path)

    def reach(self, goal: Locator) -> None:
        """Press Tab until the one element has the focus."""
        expect(goal).to_have_count(1)
        element = goal.element_handle()
        for _stop in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if element.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"The keyboard does not reach {goal} on {self.path}")

    def press(self, goal: Locator, key: str = "Enter") -> None:
        """Reach a link or a button, press it, and look at the page it leads to."""
        self.reach(goal)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.look()

    def follow(self, words: str, within: Locator | None = None) -> None:
        """Follow the first link with exactly these words."""
        link = (within or self.main).get_by_role("link", name=words, exact=True)
        self.press(link.first)

    def navigate(self, words: str) -> None:
        """Follow an entry of the main navigation."""
        self.follow(words, self.page.get_by_role("navigation", name="Main"))

    def type(self, label: str, text: str) -> None:
        """Reach a field and type into it; in a list this chooses the entry that begins so."""
        self.reach(field(self.page, label))
        self.page.keyboard.type(text)

    def enter_day(self, label: str, day: str) -> None:
        """Reach a field for a day and enter one; what the keys mean there depends on the reader's country."""
        entry = field(self.page, label)
        self.reach(entry)
        entry.fill(day)

    def tick(self, label: str) -> None:
        """Reach a box and tick it."""
        self.reach(self.main.get_by_label(label, exact=True))
        self.page.keyboard.press("Space")

    def choose(self, group: str, answer: str) -> None:
        """Reach a group of answers of which the first is chosen, and go down to another."""
        radios = self.main.get_by_role("group", name=re.compile(rf"^{re.escape(group)}"))
        self.reach(radios.get_by_role("radio").first)
        wanted = radios.get_by_label(answer, exact=True)
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")

    def send(self, button: str) -> None:
        """Press a button of the form on this page."""
        self.press(self.main.get_by_role("button", name=button, exact=True))

    def sign_in(self, email: str) -> None:
        self.open("/")
        self.follow("Sign in", self.page.get_by_role("banner"))
        self.type("Email", email)
        self.type("Password", self.portal.passwords[email])
        self.press(self.main.get_by_role("button", name="Sign in"))
        assert self.path == "/dashboard/"

    def fetch(self, address: str) -> bytes:
        """What a machine with this person's cookies is given at an address."""
        answer = self.page.context.request.get(self._whole(address))
        assert answer.status == 200, address
        return answer.body()

    def status_of(self, address: str) -> int:
        return self.page.context.request.get(self._whole(address)).status

    def _whole(self, address: str) -> str:
        return address if address.startswith("http") else self.portal.address + address

    def addresses(self, pattern: str) -> list[str]:
        """The addresses on this page that hold the pattern, each once."""
        links = self.main.get_by_role("link").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        return [link for link in dict.fromkeys(links) if re.search(pattern, link)]
