"""Why is this customer in the segment, and what did the last edit change: read in a real browser, by keyboard only."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from operator import eq

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Request, Route, expect

from console.demo.rules import ago
from console.organizations.models import Organization, Staff
from console.templatetags.console import day
from segments.freshness import refreshing
from segments.models import Segment
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    SegmentFactory,
    TransactionFactory,
)
from tests.journeys.walk import Walk
from tests.segments.explained import rule, rules

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MONEY_IN = {
    "field": "transactions",
    "operator": "=",
    "match": {"mode": "atLeast", "threshold": 2},
    "value": rules(rule("amount", ">", "1000.00"), rule("direction", "=", "credit")),
}


@pytest.fixture
def segment(nordbank: Organization, bob: Staff) -> Segment:
    """Czechs with money coming in; the second version left the Germans out."""
    for name, country in (("Ann Bell", "CZ"), ("Dora Elm", "DE")):
        customer = CustomerFactory(organization=nordbank, name=name, country=country)
        account = AccountFactory(organization=nordbank)
        AccountHolderFactory(account=account, customer=customer)
        TransactionFactory.create_batch(3, account=account, amount=Decimal(1500))
    made: Segment = SegmentFactory(organization=nordbank, name="Money coming in")
    either = rule("country", "in", ["CZ", "DE"])
    for n, one in enumerate((either, rule("country", "=", "CZ"))):
        made.save_definition(rules(one, MONEY_IN), by=bob, at=NOW + timedelta(hours=n))
        at = NOW + timedelta(hours=n, minutes=1)
        refreshing.execute(made.request_refresh(by=None, at=at).pk, at=at)
    return made


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the link or control of this name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.locator(":focus").evaluate_all(
            "(all, name) => all.some(one => one.textContent.replace(/\\s+/g, ' ').trim() === name)", name
        ):
            return
    raise AssertionError(f"Tab never reaches “{name}”.")


def test_one_customer_is_explained_from_their_page(walk: Walk, segment: Segment) -> None:
    page = walk.page
    dora = segment.organization.customers.get(name="Dora Elm")
    walk.opens("customers:customer_detail", dora.pk)
    tab_to(page, "Explain a segment")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Explain a segment")).to_be_visible()
    tab_to(page, "Why: Money coming in")
    page.keyboard.press("Enter")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("is not in")
    reads_why_not(sheet)
    walk.finds_no_fault("the explanation of a customer beside the list")
    walk.opens("segments:why", segment.pk, dora.pk)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is not in")
    reads_why_not(page.locator("#main"))
    walk.finds_no_fault("the explanation of a customer")
    walk.fits(390)


def reads_why_not(place: Locator) -> None:
    tree = place.locator(".why")
    expect(tree).to_contain_text("Country is CZ: does not hold, keeps out")
    expect(tree).to_contain_text("3 of 3")
    expect(tree).to_contain_text("1,500.00 EUR")
    expect(place.locator(".timeline")).to_contain_text("Left · version 2")


def test_members_are_explained_one_after_the_other_beside_their_list(walk: Walk, segment: Segment) -> None:
    """J and K go from member to member, over the end of a page of the list; Escape leads back to the row."""
    crowd_of(segment, 26)  # a page has 25
    page, sheet = walk.page, walk.page.locator("#sheet")
    walk.opens("segments:segment_detail", segment.pk)
    why = page.locator("#members").get_by_role("link", name="Why ")
    why.first.focus()
    page.keyboard.press("Enter")
    title = sheet.get_by_role("heading", level=2)
    expect(title).to_be_focused()
    first = title.inner_text()
    expect(sheet.get_by_role("button", name="Previous")).to_be_disabled()
    page.keyboard.press("j")
    expect(title).not_to_have_text(first)
    expect(why.nth(1)).to_have_attribute("aria-current", "true")
    walk.looks("why-beside")
    page.emulate_media(color_scheme="dark")
    walk.looks("why-beside-dark")
    page.emulate_media(color_scheme="light")
    page.keyboard.press("k")
    expect(title).to_have_text(first)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(why.first).to_be_focused()


def test_the_end_of_a_page_of_members_is_no_end(walk: Walk, segment: Segment) -> None:
    crowd_of(segment, 26)
    page, title = walk.page, walk.page.locator("#sheet h2")
    walk.opens("segments:segment_detail", segment.pk)
    why = page.locator("#members").get_by_role("link", name="Why ")
    why.last.click()
    expect(title).to_be_focused()
    last = title.inner_text()
    page.keyboard.press("j")
    expect(title).not_to_have_text(last)
    expect(page.locator("#members")).to_contain_text("Rows 26–27 of 27")
    expect(why.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(title).to_have_text(last)
    expect(page.locator("#members")).to_contain_text("Rows 1–25 of 27")


def test_answers_that_come_late_take_nobody_s_place(walk: Walk, segment: Segment) -> None:
    """J pressed twice shows the last one asked for, whichever answer comes first; what was closed stays closed."""
    crowd_of(segment, 26)
    page, sheet = walk.page, walk.page.locator("#sheet")
    title = sheet.get_by_role("heading", level=2)
    walk.opens("segments:segment_detail", segment.pk)
    links = page.locator("#members").get_by_role("link", name="Why ")
    second, third = links.nth(1).get_attribute("href"), links.nth(2).get_attribute("href")
    late = held(page, f"**{second}")
    asked: list[str | None] = []

    def notes(one: Request) -> None:
        if one.url.endswith(str(third)):
            asked.append(one.headers.get("unattended"))

    page.on("request", notes)
    links.first.click()
    expect(title).to_be_focused()
    first = title.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(2)).to_have_attribute("aria-current", "true")
    expect(title).not_to_have_text(first)
    shown = title.inner_text()
    assert asked[0] is None  # somebody pressed it: it keeps the session awake
    let_go(page, late)
    expect(title).to_have_text(shown)
    page.keyboard.press("k")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    let_go(page, late)
    expect(sheet).to_be_hidden()


def test_a_page_that_comes_after_the_sheet_was_closed_opens_none(walk: Walk, segment: Segment) -> None:
    crowd_of(segment, 26)
    page, sheet = walk.page, walk.page.locator("#sheet")
    walk.opens("segments:segment_detail", segment.pk)
    members = page.locator("#members")
    members.get_by_role("link", name="Why ").last.click()
    title = sheet.get_by_role("heading", level=2)
    expect(title).to_be_focused()
    last = title.inner_text()
    late = held(page, "**after=**")
    page.keyboard.press("j")
    page.keyboard.press("k")  # the list is about to go
    expect(title).to_have_text(last)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    let_go(page, late)
    expect(members).to_contain_text("Rows 26–27 of 27")
    walk.settles()
    expect(sheet).to_be_hidden()


def held(page: Page, address: str) -> list[Route]:
    """Requests of this address, kept from the server."""
    found: list[Route] = []
    page.route(address, lambda route: found.append(route))
    return found


def let_go(page: Page, late: list[Route]) -> None:
    """Send what was held to the server, and let the page have the answer."""
    while late:
        route = late.pop()
        answer = route.fetch()
        with page.expect_event("requestfinished", partial(eq, route.request)):
            route.fulfill(response=answer)
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")


def test_where_there_is_no_room_an_explanation_is_a_page(walk: Walk, segment: Segment) -> None:
    page = walk.page
    page.set_viewport_size({"width": 1100, "height": 800})
    walk.opens("segments:segment_detail", segment.pk)
    tab_to(page, "Why Ann Bell")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why Ann Bell is in")
    expect(page.get_by_role("navigation", name="Main")).to_have_count(1)


def crowd_of(segment: Segment, number: int) -> None:
    """So many more members, each in since a minute of its own."""
    for n in range(number):
        customer = CustomerFactory(organization=segment.organization, country="CZ")
        at = NOW + timedelta(hours=2, minutes=n)
        segment.customer_memberships.create(
            organization=segment.organization, customer=customer, entered_at=at
        )
    Segment.objects.filter(pk=segment.pk).update(member_count=number + 1)


def test_what_time_alone_will_change_is_said_with_the_tree(walk: Walk, nordbank: Organization) -> None:
    now = timezone.now()
    ann = CustomerFactory(organization=nordbank, name="Ann Bell", country="CZ")
    news: Segment = SegmentFactory(organization=nordbank, name="New this week")
    news.save_definition(rules(rule("created_at", ">=", ago(7)), rule("country", "=", "CZ")), by=None, at=now)
    refreshing.execute(news.request_refresh(by=None, at=now).pk, at=now)
    leaves = nordbank.local_date(now) + timedelta(days=8)
    walk.opens("segments:why", news.pk, ann.pk)
    said = walk.page.locator("#ahead")
    expect(said).to_contain_text(f"If nothing else happens, they leave on {day(leaves)}.")
    expect(said).to_contain_text("No longer holds then: ")
    walk.looks_everywhere("why")


def test_two_versions_are_compared_and_the_earlier_one_put_in_force(walk: Walk, segment: Segment) -> None:
    page = walk.page
    walk.opens("segments:segment_detail", segment.pk)
    tab_to(page, "Compare two")
    page.keyboard.press("Enter")
    tree = page.locator(".versions-tree")
    expect(tree.locator("del")).to_have_text("Country is CZ or DE")
    expect(tree.locator("ins")).to_have_text("Country is CZ")
    expect(page.get_by_text("would enter")).to_contain_text(
        "+ 1 would enter, − 0 would leave, of 1 member now."
    )
    walk.finds_no_fault("the comparison of two versions")
    tab_to(page, "Put it in force again")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 3 says what version 1 said.")).to_be_visible()
