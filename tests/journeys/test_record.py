"""The record in a real browser: a list filtered, ordered, paged and walked back; a customer with all parts loaded."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from console.organizations.models import Organization, Staff
from tests.alerts.bank import account_with, judge, watching
from tests.alerts.bank import book as move
from tests.communications.factories import communication, segment_with, sent_by
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    LedgerFactory,
    PortfolioFactory,
)
from tests.journeys.walk import Walk
from tests.money import book

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def a_bank(bank: Organization, staff: Staff) -> None:
    """Seventy accounts in two currencies, one customer with a letter, a segment and an alert."""
    ledger = LedgerFactory(organization=bank, name="Retail")
    AssetFactory(ledger=ledger, code="CZK")
    portfolio = PortfolioFactory(ledger=ledger, name="Retail Praha")
    for number in range(70):
        account = AccountFactory(
            organization=bank,
            ledger=ledger,
            external_id=f"A-{number:03}",
            asset_code="CZK" if number >= 65 else "EUR",
            portfolio=portfolio if number % 2 else None,
            opened_on=date(2026, 1, 1 + number % 28),
        )
        book(account, [("2026-10-01", f"{1000 - number * 20}.50")])
    riha = CustomerFactory(
        organization=bank, name="Tomáš Říha", external_id="R-1", custom_data={"tier": "gold"}
    )
    account = account_with(bank, "500", ledger=ledger, external_id="B-1")
    AccountHolderFactory(account=account, customer=riha)
    sent_by(
        communication(bank, segment_with(bank, riha, name="Friends of the house"), name="Autumn letter"),
        staff,
    )
    watching(staff, account, name="Low balance")
    move(account, "-450", at=timezone.now())
    judge(bank, at=timezone.now())


@pytest.fixture
def walk(walk: Walk, nordbank: Organization, alice: Staff) -> Walk:
    """Alice, in a bank with something in it."""
    a_bank(nordbank, alice)
    return walk


def test_a_list_is_filtered_ordered_and_paged_without_loading_the_page(walk: Walk) -> None:
    page = walk.page
    walk.opens("portfolios:account_list")
    walk.looks_everywhere("accounts")
    page.evaluate("window.isSamePage = true")
    rows, first = page.locator("#account-rows tbody tr"), page.locator("#account-rows tbody a").first
    page.get_by_role("combobox", name="Currency").select_option("EUR")
    expect(page.locator("#account-rows .pager")).to_contain_text("of 66 accounts")
    page.get_by_role("link", name="Ledger balance").press("Enter")
    expect(first).to_have_text("A-064")
    expect(page.get_by_role("link", name="Ledger balance")).to_be_focused()
    page.get_by_role("combobox", name="State").select_option("ACTIVE")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Ledger balance")
    expect(page.get_by_role("link", name="Remove filter State Open")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    walk.settles()
    page.keyboard.press("]")
    expect(page.locator("#account-rows .pager")).to_contain_text("Rows 51–66")
    expect(rows).to_have_count(16)
    walk.settles()
    page.keyboard.press("[")
    expect(first).to_have_text("A-064")
    walk.settles()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Opened").check()
    expect(page.get_by_role("columnheader", name="Opened")).to_be_visible()
    assert page.evaluate("window.isSamePage")
    assert "sort=balance" in page.url
    page.reload()
    expect(first).to_have_text("A-064")
    expect(page.get_by_role("combobox", name="State")).to_have_value("ACTIVE")
    page.get_by_role("link", name="Remove filter Currency EUR").click()
    expect(page.get_by_role("combobox", name="Currency")).to_have_value("")
    page.go_back()
    expect(page.get_by_role("combobox", name="Currency")).to_have_value("EUR")


def test_a_fault_in_an_address_is_shown_where_it_is(walk: Walk, nordbank: Organization) -> None:
    walk.page.goto(f"{walk.url}{nordbank.url('portfolios:account_list')}?currency=XXX&after=nonsense")
    expect(walk.page.get_by_role("link", name="Currency: “XXX” is not among the choices")).to_be_visible()
    expect(walk.page.get_by_role("heading", name="Nothing is shown")).to_be_visible()
    walk.looks("accounts-fault")


def test_a_customer_s_page_gathers_what_all_parts_know(walk: Walk, nordbank: Organization) -> None:
    page = walk.page
    walk.opens("customers:customer_list")
    walk.looks("customers")
    page.keyboard.press("/")
    page.keyboard.type("riha")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="“riha”")).to_be_visible()
    walk.looks("search")
    page.get_by_role("link", name="Tomáš Říha").click()
    for words in ("Friends of the house", "Autumn letter", "Ledger balance under 100.00"):
        expect(page.get_by_role("link", name=words, exact=True)).to_be_visible()
    walk.looks_everywhere("customer")
    page.get_by_role("link", name="B-1").first.click()
    expect(page.get_by_role("img", name="Ledger balance, account B-1")).to_be_visible()
    walk.looks("account")
    for name in ("ledgers:ledger_list", "portfolios:portfolio_list", "settings", "overview"):
        walk.opens(name)
        walk.looks(name.split(":")[-1].replace("_", "-"))
    walk.looks_everywhere("overview")
    expect(page.get_by_role("heading", name="What fires")).to_be_visible()
    walk.opens("ledgers:ledger_detail", nordbank.ledgers.get(name="Retail").pk)
    walk.looks("ledger")
    walk.opens("portfolios:portfolio_detail", nordbank.portfolios.get().pk)
    walk.looks("portfolio")


def test_what_is_not_there_or_not_allowed_says_so(walk: Walk, vera: Staff) -> None:
    walk.is_turned_away("/o/nordbank/nothing/", 404)
    expect(walk.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    walk.page.context.clear_cookies()
    walk.staff = vera
    walk.signs_in()
    walk.is_turned_away("/o/nordbank/segments/new/", 403)


def test_the_list_of_customers_goes_out_as_a_file_once_another_agrees(walk: Walk) -> None:
    organization = walk.staff.organization
    organization.export_minimum = 1
    organization.save()
    walk.opens("customers:customer_list")
    walk.page.get_by_role("link", name="Ask for an export").click()
    walk.looks_everywhere("export-asked")
    walk.page.get_by_label("Purpose").fill("Letters for May")
    walk.page.get_by_role("button", name="Ask for this export").click()
    says = "Approved: the person who asked can download it for 24 hours."
    walk.gets_approved(f"Export {organization.customers.count()} customer", picture="export", says=says)
    with walk.page.expect_download() as download:
        walk.page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename.startswith("nordbank-customers-20")
    assert "Tomáš Říha,R-1,Person" in download.value.path().read_text("utf-8-sig")


def test_lists_reflow_on_a_phone(walk: Walk) -> None:
    for name in ("overview", "customers:customer_list", "portfolios:account_list", "settings"):
        walk.opens(name)
        walk.fits(320)
