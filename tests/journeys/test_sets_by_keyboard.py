"""Versions compared and segments set beside each other, with the keyboard alone."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from console.organizations.models import Organization, Staff
from segments.models import CustomerMembership
from tests.factories import CustomerFactory, SegmentFactory
from tests.journeys.hands import Hands
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_two_versions_are_compared(walk: Walk, nordbank: Organization, alice: Staff) -> None:
    page, hands = walk.page, Hands(walk.page)
    czech = {"field": "country", "operator": "=", "value": "CZ"}
    segment = SegmentFactory(
        organization=nordbank, name="Neighbours", definition={"combinator": "and", "rules": [czech]}
    )
    for number, codes in enumerate((["CZ", "DE"], ["CZ", "DE", "AT"]), 1):
        rules = [{**czech, "operator": "in", "value": codes}]
        segment.save_definition(
            {"combinator": "and", "rules": rules}, by=alice, at=timezone.now(), expected=number
        )
    walk.opens("segments:version_list", segment.pk)
    walk.tabs_to(page.get_by_role("link", name="Compare two"))
    hands.press("Enter")
    expect(page.get_by_role("heading", name="From version 2 to version 3")).to_be_visible()
    walk.picks("From version", "1")
    walk.tabs_to(page.get_by_role("button", name="Compare"))
    hands.press("Enter")
    expect(page.get_by_role("heading", name="From version 1 to version 3")).to_be_visible()
    tree = page.locator(".versions-tree")
    expect(tree.locator("del")).to_contain_text("Country is CZ")
    expect(tree.locator("ins")).to_contain_text("Country is CZ, DE or AT")
    walk.looks("versions-compared")


def test_three_segments_overlap(walk: Walk, nordbank: Organization) -> None:
    page, hands = walk.page, Hands(walk.page)
    now = timezone.now()
    for name, letters in {"Ann": "PON", "Bea": "PO", "Cid": "P", "Dan": "N"}.items():
        customer = CustomerFactory(organization=nordbank, name=name)
        for segment in ("Premier", "Overdrawn", "New"):
            kept = nordbank.segments.filter(name=segment).first() or SegmentFactory(
                organization=nordbank, name=segment, refreshed_at=now
            )
            if segment[0] in letters:
                CustomerMembership.objects.create(
                    organization=nordbank, segment=kept, customer=customer, entered_at=now
                )
    walk.opens("segments:segment_overlap")
    search = page.get_by_role("searchbox", name="Find a segment to add")
    for name in ("Premier", "Overdrawn", "New"):
        walk.tabs_to(search)
        hands.type(name).press("Enter")
        walk.tabs_to(page.get_by_role("button", name=name))
        hands.press("Enter")
        expect(page.locator("aside").get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(search).to_have_value("")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(4)
    walk.looks("overlap")
    walk.tabs_to(page.get_by_role("link", name=re.compile("Premier and Overdrawn, not New")))
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Who belongs")).to_be_visible()
    expect(page.locator("#live .figure")).to_have_text("1")
    expect(page.locator("#sample")).to_contain_text("Bea")
