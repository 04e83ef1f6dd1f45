"""Who may do what, keys of the bank's own systems, and a customer whom a role sees masked until it says why."""

from typing import Any

import pytest
from playwright.sync_api import expect

from console.organizations.models import Organization, Role
from tests.factories import CustomerFactory, StaffFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_roles_side_by_side_and_a_key_that_is_shown_once(walk: Walk) -> None:
    walk.opens("roles")
    walk.looks_everywhere("roles")
    walk.opens("keys:key_create")
    walk.page.get_by_label("Name").fill("Mobile app")
    walk.page.get_by_label("Ask for banners").check()
    walk.page.get_by_role("button", name="Make the key").click()
    expect(walk.page.get_by_role("heading", name="Copy the secret now")).to_be_visible()
    walk.looks("key-made")
    walk.opens("keys:key_list")
    walk.looks_everywhere("keys")
    walk.page.get_by_role("link", name="Mobile app").click()
    history = walk.page.get_by_role("region", name="History", exact=True)
    expect(history.get_by_text("Made the API key “Mobile app”").first).to_be_visible()
    walk.looks("key")
    walk.opens("reference")
    operation = walk.page.get_by_text("List customers").first
    operation.click()
    walk.looks_everywhere("api")


def test_a_masked_customer_is_opened_for_a_reason(
    walk: Walk, new_context: Any, nordbank: Organization
) -> None:
    customer = CustomerFactory(organization=nordbank, name="Jana Nováková", email="jana@mail.example")
    marketer = StaffFactory(organization=nordbank, role=Role.MARKETER)
    theirs = Walk(new_context().new_page(), walk.url, marketer)
    theirs.signs_in()
    page = theirs.page
    page.goto(walk.url + customer.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("J••• N•••")
    theirs.looks_everywhere("customer-masked")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("1 thing to put right")).to_be_visible()
    page.get_by_label("Why", exact=True).select_option("The customer is on the line")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jana Nováková")
    theirs.looks("customer-opened")
