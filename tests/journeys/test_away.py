"""Away from the builder: the session ends, the draft stays, and after signing in again one goes on with it."""

from importlib import import_module

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


def goes_away(page: Page) -> None:
    """Nobody does anything in this browser for a quarter of an hour."""
    (cookie,) = (one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])
    session[proof.SEEN] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()


def test_the_draft_outlives_the_session(
    page: Page, live_server: object, nordbank: Organization, bob: Staff
) -> None:
    CustomerFactory(organization=nordbank, name="Ann", country="CZ")
    app = an_app(with_password(bob.user))
    walk = Walk(page, live_server.url, bob)  # type: ignore[attr-defined]
    walk.signs_in()
    walk.opens("segments:segment_create")
    hands = Hands(page)
    hands.tab_to("Name").type("Czechs")
    hands.tab_to("Rule 1: field").choose("Country").at("Rule 1: field")
    hands.tab_to("Rule 1: test").choose("is one of")
    hands.tab_to("Rule 1: country, add a value").type("CZ").act("Enter")
    expect(page.locator(".token")).to_have_text(["CZ"])
    draft = page.url
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
