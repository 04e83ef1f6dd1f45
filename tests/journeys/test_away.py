"""Away from the builder: the session ends, the draft stays, and after signing in again one goes on with it."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from console.organizations import proof
from console.organizations.models import Organization, Staff
from tests.factories import PASSWORD, CustomerFactory
from tests.journeys.hands import Hands
from tests.journeys.walk import Walk
from tests.signin.factors import an_app, code_of, with_password

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ASKED_BY_ITSELF = re.compile(r"/segments/(preview|spread|funnel)/")


def goes_away(page: Page) -> None:
    """Nobody does anything in this browser for a quarter of an hour."""
    (cookie,) = (one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])
    session[proof.SEEN] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()


def test_the_draft_outlives_the_session(
    page: Page, live_server: Any, nordbank: Organization, bob: Staff
) -> None:
    CustomerFactory(organization=nordbank, name="Ann", country="CZ")
    app = an_app(with_password(bob.user))
    walk = Walk(page, live_server.url, bob)
    walk.signs_in()
    walk.opens("segments:segment_create")
    hands = Hands(page)
    hands.tab_to("Name").type("Czechs")
    hands.tab_to("Rule 1: field").choose("Country").at("Rule 1: field")
    hands.tab_to("Rule 1: test").choose("is one of")
    hands.tab_to("Rule 1: country, add a value").type("CZ").act("Enter")
    expect(page.locator(".token")).to_have_text(["CZ"])
    draft = page.url
    page.route(
        ASKED_BY_ITSELF, lambda route: route.fulfill(status=204)
    )  # by then it has long asked all it wanted
    hands.settled()
    goes_away(page)
    hands.tab_to("Group in All rules").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator(".note")).to_contain_text("You were away for a while")
    page.get_by_label("Email address").fill(bob.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code of your app, or a recovery code").fill(code_of(app))
    page.keyboard.press("Enter")
    expect(page.locator(".token")).to_have_text(["CZ"])
    expect(page).to_have_url(draft)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Czechs")


def test_what_a_page_asks_by_itself_says_so(walk: Walk, nordbank: Organization) -> None:
    """What a person presses keeps the session awake; what loads or polls does not, and is told apart by a header."""
    customer = CustomerFactory(organization=nordbank, name="Ann")
    asked: dict[str, str | None] = {}
    walk.page.on("request", lambda one: asked.update({one.url: one.headers.get("unattended")}))
    walk.opens("customers:customer_detail", customer.pk)
    walk.page.wait_for_load_state("networkidle")
    loaded = [mark for url, mark in asked.items() if url.endswith("/history/") or "/segments/" in url]
    assert loaded
    assert set(loaded) == {"1"}
    walk.opens("customers:customer_list")
    walk.page.get_by_role("searchbox", name="Name, email or external id").fill("Ann")
    walk.page.keyboard.press("Enter")
    expect(walk.page).to_have_url(re.compile("q=Ann"))
    assert {mark for url, mark in asked.items() if "q=Ann" in url} == {None}


def test_one_is_asked_before_the_end_and_may_stay(page: Page, live_server: Any, bob: Staff) -> None:
    page.clock.install()
    walk = Walk(page, live_server.url, bob)
    walk.signs_in()
    walk.opens("overview")
    page.clock.fast_forward((settings.SESSION_IDLE_SECONDS - 100) * 1000)
    expect(page.get_by_text("Are you still there?")).to_be_visible()
    walk.looks("idle")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text("Are you still there?")).to_be_hidden()
    goes_away(page)
    page.clock.fast_forward((settings.SESSION_IDLE_SECONDS + 10) * 1000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
