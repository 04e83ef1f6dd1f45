"""The rule builder in a real browser, by keyboard only: a definition written, moved about and saved."""

import pytest
from playwright.sync_api import Page, expect

from console.organizations.models import Organization
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    SegmentFactory,
    TransactionFactory,
)
from tests.journeys.hands import Hands
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bank(nordbank: Organization) -> Organization:
    """Three Czechs of whom one received money twice, and a German."""
    for name, country, credits in (("Ann", "CZ", 2), ("Bea", "CZ", 1), ("Cid", "CZ", 0), ("Dora", "DE", 2)):
        customer = CustomerFactory(organization=nordbank, name=name, country=country)
        account = AccountFactory(organization=nordbank)
        AccountHolderFactory(account=account, customer=customer)
        for _ in range(credits):
            TransactionFactory(account=account, amount="1500.00")
    return nordbank


def test_a_nested_definition_by_keyboard_only(walk: Walk, bank: Organization) -> None:
    page = walk.page
    walk.opens("segments:segment_list")
    hands = Hands(page).press("n")
    expect(page.get_by_role("heading", name="New segment")).to_be_visible()
    hands.tab_to("Name").type("Czechs with money coming in")
    hands.tab_to("Rule 1: field").choose("Country").at("Rule 1: field")
    hands.tab_to("Rule 1: test").choose("is one of").at("Rule 1: test")
    hands.tab_to("Rule 1: country, add a value").type("CZ").act("Enter").type("PL").act("Enter")
    hands.at("Rule 1: country, add a value").act("Backspace")
    expect(page.locator(".token")).to_have_text(["CZ"])
    expect(page.locator("#live .figure")).to_have_text("3")

    hands.tab_to("Related rows in All rules").act("Enter").at("Rule 2: how many, or which figure")
    hands.tab_to("Rule 2: number of rows").press("Control+a").type("2")
    hands.tab_to("Rule 2.1: field").choose("Amount")
    hands.tab_to("Rule 2.1: amount").type("1,000.00")
    expect(page.locator("#live .figure")).to_have_text("1")
    expect(page.locator("#row-0-keeps")).to_contain_text("leaves3")
    expect(page.locator("#row-1-keeps")).to_contain_text("leaves1")
    expect(page.locator("#sentence")).to_contain_text("at least 2 of their transactions")
    expect(page.locator("#sample")).to_contain_text("Ann")

    hands.tab_to("Group in All rules").act("Enter").at("Rule 3.1: field").choose("Name")
    hands.tab_to("Rule 3.1: name").type("Ann")
    hands.tab_to("Save segment").act("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Czechs with money coming in")
    segment = bank.segments.get()
    assert segment.version is not None
    assert [rule.get("field", "group") for rule in segment.version.definition["rules"]] == [
        "country",
        "transactions",
        "group",
    ]
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()


class TestTheMenusKeys:
    @pytest.fixture
    def hands(self, walk: Walk, bank: Organization) -> Hands:
        """At the first rule's menu button; rule 1, group 2 with 2.1, rule 3."""
        rules = [
            {"field": "name", "operator": "=", "value": "one"},
            {"combinator": "or", "rules": [{"field": "name", "operator": "=", "value": "inner"}]},
            {"field": "name", "operator": "=", "value": "three"},
        ]
        segment = SegmentFactory(organization=bank, definition={"combinator": "and", "rules": rules})
        walk.opens("segments:segment_edit", segment.pk)
        walk.page.locator("#row-0-menu").focus()
        return Hands(walk.page)

    @staticmethod
    def values(page: Page) -> list[str]:
        return page.locator(".rule input.value").evaluate_all("all => all.map(each => each.value)")

    def test_pick_up_move_and_drop(self, page: Page, hands: Hands) -> None:
        hands.press("m")
        expect(page.locator("#says")).to_contain_text("Rule 1 picked up")
        expect(page.locator("#row-0")).to_have_class("rule is-lifted")
        hands.act("ArrowRight").at("Rule 1.1: move, copy, exclude or remove")
        expect(page.locator("#says")).to_have_text("Moved in.")
        hands.act("ArrowDown").at("Rule 1.2: move, copy, exclude or remove")
        assert self.values(page) == ["inner", "one", "three"]
        hands.act("ArrowLeft").at("Rule 2: move, copy, exclude or remove").press("Enter")
        expect(page.locator("#says")).to_have_text("Dropped.")
        expect(page.locator(".is-lifted")).to_have_count(0)

    def test_escape_puts_it_back(self, page: Page, hands: Hands) -> None:
        hands.press("m").act("ArrowRight", "ArrowDown").act("Escape")
        assert self.values(page) == ["one", "inner", "three"]

    def test_copy_remove_undo_and_from_rule_to_rule(self, page: Page, hands: Hands) -> None:
        hands.act("d").at("Rule 2: move, copy, exclude or remove")
        assert self.values(page) == ["one", "one", "inner", "three"]
        hands.act("Delete")
        expect(page.locator("#toasts")).to_contain_text("Removed.")
        assert self.values(page) == ["one", "inner", "three"]
        hands.act("Control+z")
        assert self.values(page) == ["one", "one", "inner", "three"]
        page.locator("#row-0-menu").focus()
        hands.press("j").at("Rule 2: move, copy, exclude or remove").press("j", "k").at(
            "Rule 2: move, copy, exclude or remove"
        )

    def test_the_menu_itself_opens_and_holds_the_same_acts(self, page: Page, hands: Hands) -> None:
        hands.press("Enter").press("ArrowDown")
        expect(page.locator(":focus")).to_contain_text("Move down")
        hands.act("Enter").at("Rule 2: move, copy, exclude or remove")
