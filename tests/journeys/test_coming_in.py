"""The way in through the door: from an invitation to the overview, with an app and with a passkey; and lockout."""

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from console.organizations.models import PASSKEY_ROLES, Organization, Role, Staff
from tests.factories import PASSWORD
from tests.journeys.walk import Walk
from tests.signin.factors import code_for, with_password

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def newcomer(browser: object, walk: Walk, new_context: Any) -> Page:
    """A browser of somebody else, in which nobody is signed in."""
    page: Page = new_context().new_page()
    return page


def invites(walk: Walk, email: str, role: str) -> str:
    """Alice invites, and where two must a colleague approves; returns the link of the letter."""
    walk.opens("staff:staff_list")
    walk.looks_everywhere("staff")
    walk.presses("n")
    walk.page.get_by_label("Email address").fill(email)
    walk.page.get_by_label("Role", exact=True).select_option(role)
    walk.looks("staff-invite")
    walk.page.get_by_role("button", name="Send the invitation").click()
    expect(walk.page.get_by_role("region", name="Invitations")).to_contain_text(email)
    walk.looks("staff-invited")
    if role in PASSKEY_ROLES:
        says = "Approved: the letter is on its way."
        walk.gets_approved(f"Invite {email}", picture="invitation-approval", says=says)
    link = re.search(r"http\S+(/invitation/\S+/)", mail.outbox[-1].body)
    assert link
    return walk.url + link[1]


def accepts(theirs: Walk, link: str, name: str) -> None:
    """Somebody opens the link, says who they are, and is asked for a second factor."""
    page = theirs.page
    page.goto(link)
    theirs.looks_everywhere("invitation")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your second factor")
    theirs.looks_everywhere("enrolment")


def keeps_codes(theirs: Walk) -> list[str]:
    """The codes are shown once."""
    expect(theirs.page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    theirs.looks_everywhere("recovery-codes")
    codes = theirs.page.locator("#codes li").all_inner_texts()
    assert len(codes) == 10
    theirs.page.get_by_role("link", name="I have kept them").click()
    return codes


def test_an_invitation_an_app_and_inside(walk: Walk, newcomer: Page, nordbank: Organization) -> None:
    link = invites(walk, "nina@bank.example", "analyst")
    theirs = Walk(newcomer, walk.url, walk.staff)
    accepts(theirs, link, "Nina Newcomer")
    newcomer.get_by_role("link", name="Add an app").click()
    theirs.looks_everywhere("app")
    newcomer.get_by_text("It can’t be scanned?").click()
    secret = newcomer.locator("details code").inner_text()
    newcomer.get_by_label("Code of 6 digits").fill(code_for(secret))
    newcomer.get_by_role("button", name="Add the app").click()
    codes = keeps_codes(theirs)
    expect(newcomer.get_by_role("heading", level=1)).to_contain_text("Nordbank")

    newcomer.get_by_role("button", name="Sign out").first.click()
    newcomer.get_by_label("Email address").fill("nina@bank.example")
    newcomer.get_by_label("Password").fill(PASSWORD)
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("One more proof that it is you")
    theirs.looks("factor")
    newcomer.get_by_label("Code of your app, or a recovery code").fill(codes[0])
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_role("heading", level=1)).to_contain_text("Nordbank")
    for name in ("Profile and password", "Passkeys and codes", "Where you are signed in"):
        newcomer.goto(walk.url + "/you/")
        newcomer.get_by_role("link", name=name).click()
        theirs.looks_everywhere(name.lower().replace(" ", "-"))


def test_an_approver_comes_in_with_a_passkey(walk: Walk, newcomer: Page, nordbank: Organization) -> None:
    link = invites(walk, "paul@bank.example", "approver")
    theirs = Walk(newcomer, walk.url, walk.staff)
    has_passkeys(newcomer)
    accepts(theirs, link, "Paul Approver")
    newcomer.get_by_role("link", name="Add a passkey").click()
    theirs.looks_everywhere("passkey")
    newcomer.get_by_role("button", name="Add the passkey").click()
    keeps_codes(theirs)
    expect(newcomer.get_by_role("heading", level=1)).to_contain_text("Nordbank")
    assert nordbank.staff.get(user__email="paul@bank.example").role == Role.APPROVER

    newcomer.get_by_role("button", name="Sign out").first.click()
    newcomer.get_by_role("button", name="Sign in with a passkey").click()
    expect(newcomer.get_by_role("navigation", name="Main")).to_be_visible()
    assert theirs.complaints == []


def test_ten_wrong_passwords_lock_the_account(page: Page, live_server: Any, bob: Staff) -> None:
    with_password(bob.user)
    theirs = Walk(page, live_server.url, bob)
    page.goto(theirs.url + "/sign-in/")
    theirs.looks_everywhere("sign-in")
    for password in ["wrong"] * 10 + [PASSWORD]:
        page.get_by_label("Email address").fill(bob.user.email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_role("alert").first).to_contain_text("locked for 30 minutes")
    theirs.looks("sign-in-locked")


def has_passkeys(page: Page) -> None:
    """A device that keeps passkeys and always recognizes its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
