"""The rule builder in a real browser: by keyboard only, with faults while typing, and nothing for axe to find."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Response, expect

from console.organizations.models import Organization, Staff
from segments.models import Segment
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    SegmentFactory,
    TransactionFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("builder")]
AXE = settings.BASE_DIR / "tests/vendor/axe-core/axe.min.js"
Open = Callable[[Page, str], None]


@pytest.fixture
def bank(transactional_db: None, nordbank: Organization) -> Organization:
    """Three Czechs of whom one received money twice, and a German."""
    for name, country, credits in (("Ann", "CZ", 2), ("Bea", "CZ", 1), ("Cid", "CZ", 0), ("Dora", "DE", 2)):
        customer = CustomerFactory(organization=nordbank, name=name, country=country)
        account = AccountFactory(organization=nordbank)
        AccountHolderFactory(account=account, customer=customer)
        for _ in range(credits):
            TransactionFactory(account=account, amount="1500.00")
    return nordbank


@pytest.fixture
def go(live_server: Any, bank: Organization, bob: Staff) -> Open:
    """Open a page of Nordbank, signed in as Bob."""
    client = Client()
    client.force_login(bob.user)
    cookie: Any = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }

    def open_in(page: Page, address: str) -> None:
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        page.goto(live_server.url + address)

    return open_in


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """The machine may be busy with other tests meanwhile."""
    expect.set_options(timeout=15_000)
    yield
    expect.set_options(timeout=5_000)


def brings_the_tree(answer: Response) -> bool:
    """Whether an answer is the builder's own, not that of a count beside it."""
    return answer.request.method == "POST" and not answer.url.endswith(("/preview/", "/funnel/"))


class Hands:
    """Two hands on a keyboard: no pointer is ever used."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, name: str) -> "Hands":
        """Wait until the control of this name has the focus."""
        expect(self.page.locator(":focus")).to_have_accessible_name(name)
        return self

    def tab_to(self, name: str) -> "Hands":
        """Press Tab until the control of this name has the focus."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if (
                self.page.get_by_label(name, exact=True)
                .or_(self.page.get_by_role("button", name=name))
                .locator("visible=true")
                .evaluate_all("all => all.includes(document.activeElement)")
            ):
                return self
        raise AssertionError(f"Tab never reaches “{name}”.")

    def type(self, text: str) -> "Hands":
        self.page.keyboard.type(text)
        return self

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def choose(self, text: str) -> "Hands":
        """Choose in a select by its first letters, and wait until the answer is there."""
        with self.page.expect_response(brings_the_tree):
            self.type(text)
        return self.settled()

    def act(self, *keys: str) -> "Hands":
        """Press keys that change the rules, and wait until the tree is there again."""
        for key in keys:
            with self.page.expect_response(brings_the_tree):
                self.press(key)
            self.settled()
        return self

    def settled(self) -> "Hands":
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        return self


def test_a_nested_definition_by_keyboard_only(page: Page, go: Open, bank: Organization) -> None:
    go(page, bank.url("segments:segment_list"))
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
    def hands(self, page: Page, go: Open, bank: Organization) -> Hands:
        """At the first rule's menu button; rule 1, group 2 with 2.1, rule 3."""
        rules = [
            {"field": "name", "operator": "=", "value": "one"},
            {"combinator": "or", "rules": [{"field": "name", "operator": "=", "value": "inner"}]},
            {"field": "name", "operator": "=", "value": "three"},
        ]
        segment = SegmentFactory(organization=bank, definition={"combinator": "and", "rules": rules})
        go(page, bank.url("segments:segment_edit", segment.pk))
        page.locator("#row-0-menu").focus()
        return Hands(page)

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


class TestWhileTyping:
    def test_a_row_turns_red_when_it_is_left_and_the_bar_leads_back(
        self, page: Page, go: Open, bank: Organization
    ) -> None:
        go(page, bank.url("segments:segment_create"))
        hands = Hands(page)
        page.locator("#q-rules-0-field").focus()
        hands.choose("Total")
        expect(page.locator("#row-0")).not_to_have_class("rule is-wrong")
        hands.tab_to("Rule 1: total balance").type("1.000,0")
        expect(page.locator("#bar-words")).to_contain_text("1 fault, in rule 1")
        hands.tab_to("Rule to All rules")
        expect(page.locator("#row-0-fault")).to_contain_text("Write an amount such as")
        expect(page.locator("#q-rules-0-value-0")).to_have_attribute("aria-invalid", "true")
        page.locator("#bar-words a").focus()
        hands.press("Enter").at("Rule 1: total balance")
        hands.press("Control+a").type("1,000")
        expect(page.locator("#row-0-fault")).to_be_hidden()
        expect(page.locator("#save")).not_to_have_attribute("aria-disabled", "true")

    def test_what_is_typed_while_an_answer_is_on_its_way_is_not_lost(
        self, page: Page, go: Open, bank: Organization
    ) -> None:
        segment = SegmentFactory(organization=bank, definition=NAMED)
        go(page, bank.url("segments:segment_edit", segment.pk))
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

    def test_ctrl_s_keeps_the_draft_and_a_reload_finds_it(
        self, page: Page, go: Open, bank: Organization
    ) -> None:
        go(page, bank.url("segments:segment_create"))
        hands = Hands(page).tab_to("Name").type("Half done")
        page.locator("#q-rules-0-field").focus()
        hands.choose("Country").act("Control+s")
        expect(page.locator("#toasts")).to_contain_text("Draft saved.")
        page.reload()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Half done")
        expect(page.locator("#q-rules-0-field")).to_have_value("country")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_over(
    browser: Browser, go: Open, bank: Organization, theme: Any
) -> None:
    segment: Segment = SegmentFactory(organization=bank, definition=EVERYTHING, member_count=3)
    page = browser.new_page(bypass_csp=True, color_scheme=theme)
    for name in ("segment_edit", "segment_detail", "segment_events"):
        go(page, bank.url(f"segments:{name}", segment.pk))
        page.wait_for_load_state("networkidle")
        for width in (1440, 1280, 800, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
            page.evaluate(AXE.read_text())
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found = [f"{v['id']}: {n['html'][:120]}" for v in result["violations"] for n in v["nodes"]]
            assert found == [], f"{name} at {width} px, {theme}"
    page.close()


NAMED = {"combinator": "and", "rules": [{"field": "name", "operator": "contains", "value": "Nov"}]}
LAST_MONTH = {"mode": "relative", "anchor": "startOfMonth", "offset": -1, "unit": "month"}
SINCE_BLANK = {"combinator": "or", "rules": [{"field": "booked_on", "operator": ">=", "value": ""}]}
SUM = {"kind": "func", "fn": "sum", "args": [{"kind": "field", "field": "amount"}]}
ALL = {"field": "all", "operator": "=", "value": True}
EVERYTHING: dict[str, Any] = {
    "combinator": "and",
    "rules": [
        {"field": "country", "operator": "in", "value": ["CZ", "DE"]},
        {"field": "created_at", "operator": "between", "value": ["2020-01-01", LAST_MONTH]},
        {"field": "custom_data.address.city", "operator": "<", "value": "Brno"},
        {
            "field": "accounts",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 1},
            "value": {
                "combinator": "and",
                "rules": [
                    {
                        "field": "average_collected_balance",
                        "operator": ">",
                        "value": "100.00",
                        "meta": {"days": 30},
                    },
                    {
                        "field": "transactions",
                        "operator": ">",
                        "value": "10.00",
                        "lhs": SUM,
                        "meta": {"where": SINCE_BLANK},
                    },
                ],
            },
        },
        {
            "combinator": "or",
            "not": True,
            "rules": [
                {"field": "segment", "operator": "in", "value": []},
                {
                    "combinator": "or",
                    "rules": [{"combinator": "and", "rules": [{"combinator": "or", "rules": [ALL]}]}],
                },
            ],
        },
    ],
}
