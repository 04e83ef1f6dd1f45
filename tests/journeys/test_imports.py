"""The pages of imports in a real browser: nothing for axe to find, nothing runs over, the progress comes to its end."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.imports.engine import process
from console.imports.models import ImportRun
from tests.factories import NOW
from tests.imports.files import CUSTOMERS
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def check(walk: Walk) -> None:
    for width in (320, 1440):
        walk.fits(width)
        walk.finds_no_fault(f"{walk.page.url} at {width} px")


def test_a_file_is_imported(walk: Walk, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS + "C9,,,,Czechia\n")
    page = walk.page
    walk.opens("imports:run_list")
    check(walk)
    page.get_by_role("main").get_by_role("link", name="Import a file").first.click()
    check(walk)
    page.get_by_role("radio", name="Customers").check()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_label("birth_date fills")).to_have_value("custom_data.birth_date")
    check(walk)
    page.get_by_label("district fills").select_option("name")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Waits for a worker.")).to_be_visible()
    check(walk)
    walk.keeps_picture("import-waiting")
    process(ImportRun.objects.get().pk, clock=lambda: NOW)
    expect(page.get_by_text("3 rows: 2 accepted, 1 rejected")).to_be_visible()
    expect(page.get_by_role("cell", name="Czechia")).to_be_visible()
    expect(page.get_by_text("Taken by a worker")).to_be_visible()
    check(walk)
    walk.keeps_picture("import-rejected")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "Write a country as two letters" in Path(download.value.path()).read_text(encoding="utf-8")


def test_the_focus_outlives_the_button_that_an_ended_import_takes_away(walk: Walk, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS)
    page = walk.page
    walk.opens("imports:run_create")
    page.get_by_role("radio", name="Customers").check()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("button", name="Cancel the import").focus()
    process(ImportRun.objects.get().pk, clock=lambda: NOW)
    expect(page.get_by_text("0 rejected")).to_be_visible()
    expect(page.locator("#run")).to_be_focused()
