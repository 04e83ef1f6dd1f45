"""The builder thinks along, by keyboard only: nested rules and the rule that leaves nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from console.organizations.models import Organization
from segments.models import CustomerMembership
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    SegmentFactory,
)
from tests.journeys.hands import Hands
from tests.journeys.walk import Walk
from tests.money import book

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bank(nordbank: Organization) -> Organization:
    """Ann and Bea in Czechia with 5,000 and 20 euros, Cid in Germany with 9,000, Dora in Austria; Ann is a student."""
    ledger = AssetFactory(ledger__organization=nordbank, code="EUR").ledger
    students = SegmentFactory(organization=nordbank, name="Students", refreshed_at=timezone.now())
    for name, country, amount in (
        ("Ann", "CZ", "5000.00"),
        ("Bea", "CZ", "20.00"),
        ("Cid", "DE", "9000.00"),
        ("Dora", "AT", ""),
    ):
        since = timezone.now() - timedelta(days=400)
        customer = CustomerFactory(organization=nordbank, name=name, country=country, created_at=since)
        if amount:
            account = AccountFactory(organization=nordbank, ledger=ledger, asset_code="EUR")
            AccountHolderFactory(account=account, customer=customer, role="owner")
            book(account, [("2026-01-05", amount)])
        if name == "Ann":
            CustomerMembership.objects.create(
                organization=nordbank, segment=students, customer=customer, entered_at=timezone.now()
            )
    return nordbank


def rule(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def opens(walk: Walk, bank: Organization, *rules: Any) -> Hands:
    """Go to the rules of a segment."""
    segment = SegmentFactory(organization=bank, definition={"combinator": "and", "rules": list(rules)})
    walk.opens("segments:segment_edit", segment.pk)
    return Hands(walk.page)


def test_or_not_balances_and_a_segment_of_segments(walk: Walk, bank: Organization) -> None:
    page = walk.page
    walk.opens("segments:segment_create")
    hands = Hands(page).tab_to("Name").type("Wealthy neighbours")
    hands.tab_to("Rule 1: field").choose("Total balance").at("Rule 1: field")
    hands.tab_to("Rule 1: total balance").type("1,000.00")
    hands.tab_to("Group in All rules").act("Enter").at("Rule 2.1: field").choose("Country")
    hands.press("Shift+Tab", "Shift+Tab").at("Group 2: how rules combine").choose("Any of")
    hands.tab_to("Rule 2.1: country").type("CZ")
    hands.tab_to("Rule to Group 2").act("Enter").at("Rule 2.2: field").choose("Country")
    hands.tab_to("Rule 2.2: country").type("DE")
    expect(page.locator("#live .figure")).to_have_text("2")

    hands.tab_to("Group in All rules").act("Enter").at("Rule 3.1: field").choose("Segment")
    hands.press("Shift+Tab", "Shift+Tab").at("Group 3: how rules combine").choose("None of")
    hands.tab_to("Rule 3.1: segment, add a value").type("Students").act("Enter")
    expect(page.locator("#live .figure")).to_have_text("1")
    expect(page.locator("#row-0-keeps")).to_contain_text("leaves2")
    expect(page.locator("#row-1-1-keeps")).to_contain_text("adds1")
    expect(page.locator("#row-2-0-keeps")).to_contain_text("removes1")
    expect(page.locator("#spread")).to_contain_text("everybody who belongs: 1")
    expect(page.locator("#spread")).to_contain_text("1,000 to 10,000")
    expect(page.locator("#remarks .note")).to_have_count(0)
    walk.looks_everywhere("builder-spread")
    hands.tab_to("Save segment").act("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wealthy neighbours")


def test_the_rule_that_leaves_nobody_is_pointed_at(walk: Walk, bank: Organization) -> None:
    page = walk.page
    hands = opens(
        walk,
        bank,
        rule("country", "in", ["CZ", "DE"]),
        rule("total_balance", ">", "1000.00"),
        rule("country", "=", "AT"),
        rule("name", "notNull", None),
    )
    expect(page.locator("#live .figure")).to_have_text("0")
    expect(page.locator("#nobody")).to_contain_text("2 customers come to it. By itself it finds 1")
    expect(page.locator("#row-2-keeps")).to_have_class("keeps-place is-culprit")
    expect(page.locator("#remarks")).to_contain_text("Rule 3 and rule 1 can’t both hold")
    walk.looks_everywhere("builder-nobody")
    walk.tabs_to(page.get_by_role("link", name="Rule 3 leaves nobody"))
    hands.press("Enter").at("Rule 3: field")
    walk.tabs_to(page.get_by_role("button", name="Remove rule 3"))
    hands.act("Enter")
    expect(page.locator("#live .figure")).to_have_text("2")
    expect(page.locator("#nobody .note")).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("Removed.")


def test_sixty_rules_in_small_windows(walk: Walk, bank: Organization) -> None:
    """At 1,280 px, and there at 200 % zoom, which is 640: nothing runs over, the number is in sight, keys are quick."""
    page = walk.page
    names = [rule("name", "!=", f"Nobody {n}") for n in range(20)]
    ways = [
        {"combinator": "or", "rules": [rule("country", "in", ["CZ", "DE"]), rule("name", "=", f"Way {n}")]}
        for n in range(20)
    ]
    hands = opens(walk, bank, *names, *ways)
    expect(page.locator("#live .figure")).to_have_text("3")
    for width in (1280, 640):
        walk.fits(width)
        walk.finds_no_fault(f"sixty rules at {width} px")
        page.locator("#row-30-1-menu").focus()
        hands.act("d").at("Rule 31.3: move, copy, exclude or remove")
        bar, menu = page.locator("#bar").bounding_box(), page.locator(":focus").bounding_box()
        assert bar
        assert menu
        assert menu["y"] + menu["height"] <= bar["y"]
        expect(page.locator("#live .figure" if width > 1200 else "#bar-count")).to_be_in_viewport()
        walk.keeps_picture(f"builder-sixty-{width}")
        hands.act("Delete")
