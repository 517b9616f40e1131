"""Reading a page as a person does: its text, its tables, its facts."""

from __future__ import annotations

from lxml import html


def tree_of(response):
    return html.fromstring(response.content)


def text_of(element) -> str:
    """The text of an element, with one space between its pieces and its words."""
    return " ".join(" ".join(element.itertext()).replace("\u00a0", " ").split())


def links_of_rows(response, table: str) -> list[str]:
    """The address that heads each row of a table."""
    return tree_of(response).xpath(f'//table[@id="{table}"]/tbody/tr/th//a/@href')


def rows_of(response, table: str) -> list[list[str]]:
    """Every cell of a table as text, row by row."""
    rows = tree_of(response).xpath(f'//table[@id="{table}"]/tbody/tr')
    return [[text_of(cell) for cell in row.xpath("./th|./td")] for row in rows]


def facts_of(response) -> dict[str, str]:
    """Terms and values of all description lists of a page."""
    rows = tree_of(response).xpath('//div[contains(@class, "portal-facts__row")]')
    return {text_of(row.find("dt")): text_of(row.find("dd")) for row in rows}


def chips_of(response) -> dict[str, str]:
    """The filters in force and the addresses of the list without each."""
    chips = tree_of(response).xpath('//a[contains(@class, "portal-chip")]')
    return {text_of(chip).removeprefix("Remove filter: "): chip.get("href") for chip in chips}


def errors_of(response) -> list[str]:
    """What is said beside the fields of a form."""
    found = tree_of(response).xpath('//div[contains(@class, "ecl-feedback-message")]')
    return [text_of(each) for each in found]


def count_of(response) -> str:
    """How many rows a list says it has."""
    return text_of(tree_of(response).xpath('//p[@class="portal-results__count"]')[0])


def figures_of(response) -> dict[str, tuple[str, str | None]]:
    """Each figure of a page by its label: its text with what stands beside it, and its address."""
    tiles = tree_of(response).xpath('//div[@class="portal-figure"]')
    return {
        text_of(tile.xpath('./p[@class="portal-figure__label"]')[0]): (
            text_of(tile.xpath('./p[@class="portal-figure__value"]')[0]),
            next(iter(tile.xpath(".//a/@href")), None),
        )
        for tile in tiles
    }


def notices_of(response) -> list[str]:
    """What a page says in its notices: of something done, something wrong, something to know."""
    found = tree_of(response).xpath('//div[contains(@class, "ecl-notification__content")]')
    return [text_of(each) for each in found]
