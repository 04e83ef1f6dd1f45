"""The pages of imports in a real browser: nothing for axe to find, nothing runs over, the progress comes to its end."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from console.imports.engine import process
from console.imports.models import ImportRun
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import NOW
from tests.imports.files import CUSTOMERS

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("imports")]
AXE = settings.BASE_DIR / "tests/vendor/axe-core/axe.min.js"


def check(page: Page) -> None:
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE.read_text())
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in result["violations"]] == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_file_is_imported(
    browser: Browser,
    live_server: Any,
    transactional_db: None,
    nordbank: Organization,
    alice: Staff,
    tmp_path: Path,
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS + "C9,,,,Czechia\n")
    key = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
    page = browser.new_page(bypass_csp=True)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.goto(live_server.url + nordbank.url("imports:run_list"))
    check(page)
    page.get_by_role("main").get_by_role("link", name="Import a file").first.click()
    check(page)
    page.get_by_role("radio", name="Customers").check()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_label("birth_date fills")).to_have_value("custom_data.birth_date")
    check(page)
    page.get_by_label("district fills").select_option("name")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Waits for a worker.")).to_be_visible()
    check(page)
    process(ImportRun.objects.get().pk, clock=lambda: NOW)
    expect(page.get_by_text("3 rows: 2 accepted, 1 rejected")).to_be_visible()
    expect(page.get_by_role("cell", name="Czechia")).to_be_visible()
    expect(page.get_by_text("Taken by a worker")).to_be_visible()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "Write a country as two letters" in Path(download.value.path()).read_text(encoding="utf-8")
    page.close()
