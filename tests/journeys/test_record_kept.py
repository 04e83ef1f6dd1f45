"""The record kept by hand and by keyboard: a ledger, what stands in it, an account, and their end."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from console.organizations.models import Organization
from tests.factories import AccountFactory, AssetFactory, LedgerFactory, PortfolioFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sheet(page: Page, title: str) -> Locator:
    """The open sheet of that title."""
    found = page.get_by_role("dialog", name=title)
    expect(found).to_be_visible()
    return found


def test_a_ledger_and_what_stands_in_it_by_keyboard(walk: Walk, nordbank: Organization) -> None:
    page = walk.page
    walk.opens("ledgers:ledger_list")
    walk.presses("n")
    sheet(page, "New ledger")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Retail 🏦 50 %")
    walk.tabs_to(page.get_by_role("button", name="Add an entry"))
    walk.presses("Enter")
    page.keyboard.type("region")
    walk.presses("Tab", "Tab")
    page.keyboard.type("north")
    walk.looks_everywhere("ledger-sheet")
    walk.presses("Control+s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Retail 🏦 50 %")
    expect(page.get_by_text("Ledger Retail 🏦 50 % is created.")).to_be_visible()
    ledger = nordbank.ledgers.get()
    assert ledger.metadata == {"region": "north"}
    adds_an_asset(walk)
    walk.tabs_to(page.get_by_role("link", name="Add an account type"))
    walk.presses("Enter")
    sheet(page, "New account type in Retail 🏦 50 %")
    page.keyboard.type("Savings account")
    walk.types("Key", "savings")
    walk.presses("Control+s")
    expect(page.get_by_role("region", name="Account types of the ledger")).to_contain_text("savings")
    walk.looks_everywhere("ledger-kept")
    history = page.get_by_role("region", name="History", exact=True)
    expect(history).to_contain_text("Added account type “Savings account” to ledger")
    expect(history).to_contain_text("Created ledger “Retail 🏦 50 %”")


def adds_an_asset(walk: Walk) -> None:
    """With a fault first, which keeps what was typed."""
    page = walk.page
    walk.tabs_to(page.get_by_role("link", name="Add an asset").first)
    walk.presses("Enter")
    in_sheet = sheet(page, "New asset in Retail 🏦 50 %")
    page.keyboard.type("czk")
    walk.types("Name", "Koruna")
    walk.presses("Control+s")
    expect(in_sheet.get_by_text("1 thing to put right")).to_be_visible()
    expect(in_sheet.locator("#errors")).to_be_focused()
    expect(in_sheet.get_by_label("Name", exact=True)).to_have_value("Koruna")
    walk.looks("asset-sheet-faults")
    walk.types("Code", "CZK")
    walk.presses("Enter")
    expect(page.get_by_role("region", name="Assets of the ledger")).to_contain_text("Koruna")


@pytest.fixture
def retail(nordbank: Organization) -> Any:
    """A ledger with one asset and more portfolios than anybody reads."""
    ledger = LedgerFactory(organization=nordbank, name="Retail", asset=None)
    AssetFactory(ledger=ledger, code="EUR")
    for number in range(40):
        PortfolioFactory(ledger=ledger, name=f"Branch {number:02}", entity_id=f"B-{number}")
    return ledger


def test_an_account_is_opened_changed_and_deleted(walk: Walk, retail: Any, nordbank: Organization) -> None:
    page = walk.page
    walk.opens("portfolios:account_list")
    walk.presses("n")
    sheet(page, "New account")
    walk.types("Number optional", "CZ-77")
    find = page.get_by_role("searchbox", name="Find a portfolio")
    walk.tabs_to(find)
    page.keyboard.type("branch 33")
    found = page.get_by_role("radio", name="Branch 33")
    expect(found).to_be_visible()
    expect(find).to_be_focused()
    walk.presses("Tab", "Tab", "ArrowDown")
    expect(found).to_be_checked()
    walk.looks_everywhere("account-sheet")
    walk.presses("Control+s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("CZ-77")
    walk.looks_everywhere("account-kept")
    account = nordbank.accounts.get()
    assert (account.entity_id, account.name) == ("B-33", "EUR deposit account")
    page.locator("h1").click()
    walk.presses("e")
    thinks_again(walk)
    walk.tabs_to(page.get_by_role("link", name="Delete"))
    walk.presses("Enter")
    sheet(page, "Delete account CZ-77?")
    walk.looks_everywhere("account-delete-sheet")
    walk.tabs_to(page.get_by_role("button", name="Delete account CZ-77"))
    walk.presses("Enter")
    expect(page.get_by_text("Account CZ-77 is deleted.")).to_be_visible()
    assert not nordbank.accounts.exists()


def thinks_again(walk: Walk) -> None:
    """Types into the sheet, is asked before that is lost, goes on, and leaves it after all."""
    page = walk.page
    in_sheet = sheet(page, "Edit account CZ-77")
    expect(in_sheet).to_contain_text("Fixed since it was created")
    walk.types("Name optional", "Jana")
    walk.looks("account-edit-sheet")
    walk.presses("Escape")
    expect(page.get_by_role("alertdialog")).to_contain_text("not saved")
    expect(page.get_by_role("button", name="Go on editing")).to_be_focused()
    walk.looks("sheet-unsaved")
    walk.presses("Escape")
    name = page.get_by_label("Name optional", exact=True)
    expect(name).to_have_value("Jana")
    expect(name).to_be_focused()
    walk.presses("Escape", "Tab", "Enter")
    expect(in_sheet).to_have_count(0)
    expect(page.get_by_role("link", name="Edit")).to_be_focused()


def test_what_keeps_a_ledger_is_said_before_it_is_asked_for(
    walk: Walk, retail: Any, nordbank: Organization
) -> None:
    AccountFactory(organization=nordbank, ledger=retail)
    walk.opens("ledgers:ledger_detail", retail.pk)
    walk.page.get_by_role("link", name="Delete", exact=True).click()
    in_sheet = sheet(walk.page, "Delete ledger Retail?")
    expect(in_sheet).to_contain_text("The ledger has accounts. Delete them first.")
    expect(in_sheet.get_by_role("row", name="Portfolios 40")).to_be_visible()
    expect(in_sheet.get_by_role("button")).to_have_count(0)
    walk.looks_everywhere("ledger-delete-sheet")
    in_sheet.get_by_text("Close", exact=True).click()
    expect(in_sheet).to_have_count(0)


def test_without_room_a_sheet_is_a_page(walk: Walk, retail: Any, nordbank: Organization) -> None:
    walk.page.set_viewport_size({"width": 390, "height": 900})
    walk.opens("portfolios:portfolio_detail", nordbank.portfolios.first().pk)
    walk.page.get_by_role("link", name="Edit").click()
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text("Edit portfolio Branch 00")
    walk.page.get_by_label("Name", exact=True).fill("Ústí")
    walk.fits(390)
    walk.looks("portfolio-page-narrow")
    walk.page.get_by_role("button", name="Save").click()
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text("Ústí")
    walk.looks_everywhere("portfolio-kept")


def test_the_longest_name_without_a_space_fits_everywhere(walk: Walk, nordbank: Organization) -> None:
    ledger = LedgerFactory(organization=nordbank, name="ž" * 256)
    portfolio = PortfolioFactory(ledger=ledger, name="W" * 256)
    for name, record in (("ledgers:ledger", ledger), ("portfolios:portfolio", portfolio)):
        for page in ("detail", "edit", "delete"):
            walk.page.set_viewport_size({"width": 1440, "height": 900})
            walk.opens(f"{name}_{page}", record.pk)
            walk.fits(1440)
            walk.fits(390)
            walk.finds_no_fault(f"{name}_{page}")
    walk.opens("portfolios:account_create", ledger.pk)
    walk.fits(390)
    walk.finds_no_fault("account_create")
