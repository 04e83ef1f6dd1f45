"""The rule builder while somebody types: faults where they stand, nothing typed is lost, a draft outlives the page."""

import pytest
from playwright.sync_api import expect

from console.organizations.models import Organization
from tests.factories import SegmentFactory
from tests.journeys.hands import Hands
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAMED = {"combinator": "and", "rules": [{"field": "name", "operator": "contains", "value": "Nov"}]}
# Chooses a field in the new row before anything else that the answer set going has had its turn.
AT_ONCE = """() => document.addEventListener("htmx:afterSwap", () => {
  const field = document.getElementById("q-rules-1-field");
  if (field.value) return;
  setTimeout(() => {
    field.value = "country";
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  });
})"""


def test_a_row_turns_red_when_it_is_left_and_the_bar_leads_back(walk: Walk) -> None:
    page = walk.page
    walk.opens("segments:segment_create")
    hands = Hands(page)
    page.locator("#q-rules-0-field").focus()
    hands.choose("Total")
    expect(page.locator("#row-0")).not_to_have_class("rule is-wrong")
    hands.tab_to("Rule 1: total balance").type("1.000,0")
    expect(page.locator("#bar-words")).to_contain_text("Finish rule 1")
    hands.tab_to("Rule to All rules")
    expect(page.locator("#bar-words")).to_contain_text("1 fault, in rule 1")
    expect(page.locator("#row-0-fault")).to_contain_text("Write an amount such as")
    expect(page.locator("#q-rules-0-value-0")).to_have_attribute("aria-invalid", "true")
    page.locator("#bar-words a").focus()
    hands.press("Enter").at("Rule 1: total balance")
    hands.press("Control+a").type("1,000")
    expect(page.locator("#row-0-fault")).to_be_hidden()
    expect(page.locator("#save")).not_to_have_attribute("aria-disabled", "true")


def test_what_is_typed_while_an_answer_is_on_its_way_is_not_lost(walk: Walk, nordbank: Organization) -> None:
    page = walk.page
    walk.opens("segments:segment_edit", SegmentFactory(organization=nordbank, definition=NAMED).pk)
    page.wait_for_load_state("networkidle")
    slow = {"offline": False, "latency": 600, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.locator("#row-add").focus()
    page.keyboard.press("Enter")
    page.locator("#q-rules-0-value-0").focus()
    page.keyboard.press("End")
    page.keyboard.type("ová")
    expect(page.locator("#q-rules-1-field")).to_be_visible()
    expect(page.locator("#q-rules-0-value-0")).to_have_value("Nov" + "ová")


def test_what_is_chosen_the_moment_a_new_row_stands_there_counts(walk: Walk, nordbank: Organization) -> None:
    page = walk.page
    walk.opens("segments:segment_edit", SegmentFactory(organization=nordbank, definition=NAMED).pk)
    page.wait_for_load_state("networkidle")
    page.evaluate(AT_ONCE)
    page.locator("#row-add").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q-rules-1-field")).to_have_value("country")
    expect(page.get_by_role("textbox", name="Rule 2: country")).to_be_visible()


def test_ctrl_s_keeps_the_draft_and_a_reload_finds_it(walk: Walk) -> None:
    page = walk.page
    walk.opens("segments:segment_create")
    hands = Hands(page).tab_to("Name").type("Half done")
    page.locator("#q-rules-0-field").focus()
    hands.choose("Country").act("Control+s")
    expect(page.locator("#toasts")).to_contain_text("Draft saved.")
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Half done")
    expect(page.locator("#q-rules-0-field")).to_have_value("country")
