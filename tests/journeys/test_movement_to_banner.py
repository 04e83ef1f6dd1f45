"""From a booked item to a banner: a campaign as a sentence, an alert worked on by keyboard, an API that follows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from alerts.triggers import evaluate
from console.customers.models import Customer
from console.organizations.models import Organization
from console.portfolios.models import Account
from tests.alerts.bank import account_segment, book
from tests.factories import AccountFactory, AccountHolderFactory, LedgerFactory, a_key
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def people(bank: Organization) -> dict[str, Account]:
    """Three customers with 150.00 each, of which one falls."""
    ledger = LedgerFactory(organization=bank, name="Retail")
    accounts = {}
    for number, name in enumerate(("Ferenc Szabó", "Květa Horáková", "Zeynep Yıldız")):
        account = AccountFactory(organization=bank, ledger=ledger, external_id=f"DE-88{12 + number}")
        AccountHolderFactory(account=account, customer__name=name)
        book(account, "150", at=timezone.now() - timedelta(days=30))
        accounts[name] = account
    return accounts


def banner_for(bank: Organization, customer: Customer) -> int:
    """What the bank's app is answered."""
    _, secret = a_key(bank)
    customer.refresh_from_db()
    question = {"customer": str(customer.opaque_id), "placement": "home"}
    return (
        Client().get("/api/v1/decisions", question, headers={"Authorization": f"Bearer {secret}"}).status_code
    )


def test_from_a_movement_to_a_banner(walk: Walk, nordbank: Organization) -> None:
    accounts = people(nordbank)
    segment = account_segment(nordbank, *accounts.values(), name="Retail accounts")
    segment.account_memberships.update(entered_at=timezone.now() - timedelta(days=2))
    walk.opens("alerts:alert_list")
    walk.looks("alerts-empty")
    writes_a_campaign(walk)
    prepares_a_banner(walk)
    activates(walk)
    evaluate(nordbank, at=timezone.now())
    falling = accounts["Ferenc Szabó"]
    book(falling, "-54.10", at=timezone.now())
    evaluate(nordbank, at=timezone.now())
    customer = falling.holders.get().customer
    assert banner_for(nordbank, customer) == 200
    works_on_the_alert(walk)
    assert banner_for(nordbank, customer) == 204


def writes_a_campaign(walk: Walk) -> None:
    walk.opens("alerts:campaign_list")
    walk.looks("campaigns-empty")
    walk.presses("n")
    expect(walk.page.get_by_role("heading", name="New campaign")).to_be_visible()
    walk.picks("Segment", "Retail accounts")
    walk.types("Threshold", "100.00")
    walk.types("Clears at", "90")
    walk.types("Name", "Low balance")
    walk.presses("Control+s")
    expect(walk.page.get_by_text("Write at least 100.00").first).to_be_visible()
    walk.looks("campaign-fault")
    walk.types("Clears at", "110")
    walk.presses("Control+s")
    expect(walk.page.get_by_role("heading", name="Low balance")).to_be_visible()


def prepares_a_banner(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Prepare a banner").click()
    walk.types("Title", "Cover the gap before it costs you")
    walk.types("Text", "Your balance has been low lately.")
    walk.types("Button", "See how it works")
    walk.types("Link", "/overdraft")
    expect(page.get_by_role("img", name="Banner: Cover the gap before it costs you")).to_be_visible()
    walk.looks("banner")
    walk.presses("Control+s")
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_text("Customers see it once somebody else approves it.")).to_be_visible()
    walk.gets_approved(
        "Show “Cover the gap before it costs you”",
        picture="approval-banner",
        says="Approved: customers see it from now on.",
    )
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()


def activates(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Ask for approval").click()
    expect(page.get_by_text("No account is below already")).to_be_visible()
    walk.looks("campaign-activate")
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_role("heading", name="It waits for approval")).to_be_visible()
    walk.looks("campaign-asked")
    walk.gets_approved("Activate “Low balance”")
    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    walk.looks("campaign")


def works_on_the_alert(walk: Walk) -> None:
    page = walk.page
    walk.opens("alerts:alert_list")
    expect(page.get_by_role("heading", name="Ledger balance under 100.00")).to_be_visible()
    expect(page.get_by_text("The ledger balance fell from 150.00 to")).to_be_visible()
    walk.looks_everywhere("alerts")
    walk.presses("a")
    expect(page.locator(".inbox-head")).to_contain_text("Assigned to you")
    walk.presses("c")
    expect(page.get_by_label("Comment for the next colleague")).to_be_focused()
    page.keyboard.type("Called: the salary comes on Monday.")
    page.get_by_role("button", name="Add comment").press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="the salary comes on Monday")).to_be_visible()
    walk.presses("s")
    expect(page.get_by_role("button", name="Until tomorrow")).to_be_visible()
    walk.presses("Escape")
    page.evaluate("document.activeElement.blur()")
    walk.presses("r")
    expect(page.get_by_text("The customer’s banner is withdrawn.")).to_be_visible()
    walk.looks("alert-resolved")
