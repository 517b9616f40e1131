"""An auditor checks a report: its file, a figure, the records of the figure, and the same records as CSV."""

from __future__ import annotations

import csv
import hashlib
from decimal import Decimal


def test_an_auditor_checks_a_report_and_a_figure(sign_in):
    walk = sign_in("aurel@example.org")
    shown = walk.page.locator("#ready-reports tbody tr").last.locator("td").last.inner_text()
    walk.press(walk.page.locator("#ready-reports tbody tr").last.get_by_role("link"))
    file = walk.main.locator(".portal-download")
    data = walk.fetch(file.get_by_role("link").get_attribute("href"))
    assert hashlib.sha256(data).hexdigest() == shown == file.locator("code").inner_text()

    contracted = walk.main.locator(".portal-figure", has_text="Contracted").first
    total = contracted.get_by_role("link").inner_text()
    walk.press(contracted.get_by_role("link"))
    records = walk.page.locator("#records-table tbody tr")
    assert records.last.locator("td").first.inner_text() == total

    link = walk.main.get_by_role("link", name="All records as CSV, with the total")
    walk.reach(link)
    with walk.page.expect_download() as begun:
        walk.page.keyboard.press("Enter")
    rows = list(csv.reader(begun.value.path().read_text("utf-8-sig").splitlines()))
    column = next(at for at, name in enumerate(rows[0]) if name.lower().startswith("amount"))
    amounts = [Decimal(row[column]) for row in rows[1:]]
    assert len(amounts) == records.count()
    assert sum(amounts[:-1]) == amounts[-1]
    assert f"EUR {amounts[-1]:,.0f}".replace(",", " ") == total.replace("\u00a0", " ")


def test_an_auditor_has_no_report_built(sign_in):
    walk = sign_in("aurel@example.org")
    walk.navigate("Reports")
    assert walk.addresses("/reports/add/") == []
    assert walk.status_of("/evaluation/reports/add/") == 403
