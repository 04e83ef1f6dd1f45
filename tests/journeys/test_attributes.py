"""Attributes in a real browser: from a key that stands in the data to a declared one with its index asked for."""

import re

import pytest
from playwright.sync_api import expect

from console.organizations.models import Organization
from tests.factories import CustomerFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_key_of_the_data_is_declared_and_marked(walk: Walk, nordbank: Organization) -> None:
    CustomerFactory(organization=nordbank, custom_data={"loyalty_points": 7})
    page = walk.page
    walk.opens("settings")
    page.get_by_role("link", name="Declare and change attributes").click()
    expect(page.get_by_text("No attributes yet")).to_be_visible()
    declare = page.get_by_role("link", name="Declare loyalty_points of customers")
    expect(declare).to_be_visible()
    walk.looks_everywhere("attributes-empty")
    declare.focus()
    page.keyboard.press("Enter")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_label("Key", exact=True)).to_have_value("loyalty_points")
    expect(sheet.get_by_label("Type", exact=True)).to_have_value("number")
    walk.looks_everywhere("attribute-new")
    sheet.get_by_label("Key", exact=True).fill("loyalty points")
    walk.presses("Control+s")
    expect(sheet.locator(".fault")).to_contain_text("Write letters, digits, _ and - only")
    walk.looks_everywhere("attribute-fault")
    sheet.get_by_label("Key", exact=True).fill("loyalty_points")
    sheet.get_by_label(re.compile("^Name")).fill("Points")
    sheet.get_by_label(re.compile("^Unit")).fill("points")
    walk.presses("Control+s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Points")
    expect(page.get_by_text("Not wanted")).to_be_visible()
    page.get_by_role("button", name="Mark as filtered often").click()
    expect(page.locator("#index")).to_contain_text("About to be made")
    walk.looks_everywhere("attribute")
    walk.opens("attributes:attribute_list")
    expect(page.get_by_text("Whatever stands in the records looked at is declared.")).to_be_visible()
    walk.looks_everywhere("attributes")
