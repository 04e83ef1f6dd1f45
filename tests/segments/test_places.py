"""In which ledgers and portfolios the accounts of a segment are."""

import pytest

from console.organizations.models import Organization, Staff
from segments.assigned import places as module
from segments.assigned.places import AT_ONCE, places
from segments.models import Segment
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    LedgerFactory,
    PortfolioFactory,
    SegmentFactory,
)
from tests.segments.explained import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def couple(nordbank: Organization) -> Segment:
    """Two who hold an account together in a portfolio; one of them has another in no portfolio, of another ledger."""
    retail, savings = (LedgerFactory(organization=nordbank, name=name) for name in ("Retail", "Savings"))
    prague = PortfolioFactory(organization=nordbank, ledger=retail, name="Prague")
    shared = AccountFactory(organization=nordbank, ledger=retail, portfolio=prague)
    alone = AccountFactory(organization=nordbank, ledger=savings)
    segment: Segment = SegmentFactory(organization=nordbank, member_count=2, refreshed_at=NOW)
    for accounts in ([shared], [shared, alone]):
        customer = CustomerFactory(organization=nordbank)
        segment.customer_memberships.create(organization=nordbank, customer=customer, entered_at=NOW)
        for account in accounts:
            AccountHolderFactory(account=account, customer=customer)
    AccountFactory(organization=nordbank, ledger=savings)  # of nobody in it
    return segment


def test_an_account_that_two_members_hold_is_one(couple: Segment) -> None:
    found = places(couple)
    assert sorted((row["name"], row["number"]) for row in found["ledgers"]) == [("Retail", 1), ("Savings", 1)]
    portfolios = {row["name"]: row["number"] for row in found["portfolios"]}
    assert portfolios == {"Prague": 1, None: 1}


def test_the_page_says_those_in_none(couple: Segment, vera: Staff) -> None:
    text = page(vera, "segment_places", couple.pk)
    assert "Prague" in text
    assert "in none" in text


def test_what_takes_too_long_is_said(couple: Segment, vera: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET", 0)
    assert "too many accounts to look through while you wait" in page(vera, "segment_places", couple.pk)


def test_of_many_members_they_are_looked_for_when_somebody_asks(couple: Segment, vera: Staff) -> None:
    asked = 'hx-trigger="load" hx-target="#segment-places"'
    assert asked in page(vera, "segment_detail", couple.pk)
    Segment.objects.filter(pk=couple.pk).update(member_count=AT_ONCE + 1)
    text = page(vera, "segment_detail", couple.pk)
    assert asked not in text
    assert "See where they are" in text
