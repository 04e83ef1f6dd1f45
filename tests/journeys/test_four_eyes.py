"""Four eyes from the letter on: one asks; the other opens its link, signs in on the way, reads and approves."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from communications.models import Message
from console.organizations.models import Organization, Role
from tests.communications.factories import communication, segment_with
from tests.factories import CustomerFactory, StaffFactory
from tests.journeys.test_coming_in import has_passkeys
from tests.journeys.walk import Walk, mail_catcher
from tests.segments.test_refresh import CZECHS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post_office(tmp_path: Path, settings: Any) -> Iterator[str]:
    """Work for the queue is done at once; what customers are sent is caught, what staff are sent is in mail.outbox."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with mail_catcher(tmp_path / "mail") as (port, pages):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield pages


@pytest.fixture
def erika(new_context: Any, walk: Walk, nordbank: Organization) -> Walk:
    """An approver whose device keeps her passkey; she is signed out."""
    staff = StaffFactory(
        organization=nordbank,
        role=Role.APPROVER,
        user__name="Erika Approver",
        user__email="erika@nordbank.example",
    )
    theirs = Walk(new_context().new_page(), walk.url, staff)
    has_passkeys(theirs.page)
    theirs.signs_in()
    theirs.page.goto(walk.url + "/you/factors/passkey/")
    theirs.page.get_by_role("button", name="Add the passkey").click()
    theirs.page.get_by_role("link", name="I have kept them").click()
    theirs.page.get_by_role("button", name="Sign out").first.click()
    expect(theirs.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    return theirs


@pytest.fixture
def letter_to_czechs(nordbank: Organization) -> Any:
    """An active communication to two customers."""
    people = [
        CustomerFactory(organization=nordbank, name=name, email=email, country="CZ")
        for name, email in [("Jana Nováková", "jana@mail.example"), ("Pavel Němec", "pavel@mail.example")]
    ]
    segment = segment_with(nordbank, *people, name="Czechs", definition=CZECHS)
    return communication(nordbank, segment, name="Spring letter")


def test_the_checker_comes_by_the_letter_and_what_they_approve_goes_out(
    walk: Walk, erika: Walk, letter_to_czechs: Any, post_office: str, settings: Any
) -> None:
    settings.PUBLIC_URL = walk.url
    asks(walk, letter_to_czechs)
    comes_by_the_letter(erika)
    reads_and_approves(erika)
    runs(erika.page, post_office)
    is_told(walk)


def asks(walk: Walk, sent: Any) -> None:
    """The maker sees who gets it, and asks."""
    page = walk.page
    page.goto(walk.url + sent.get_absolute_url())
    page.get_by_role("link", name="Ask for approval").first.click()
    page.get_by_label("Words for those who decide").fill("For the spring.")
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_text("You asked for this, so somebody else decides.")).to_be_visible()
    assert not Message.objects.exists()


def comes_by_the_letter(erika: Walk) -> None:
    """Nothing but the link of the letter leads the checker to the request; the sign-in stands in between."""
    [letter] = [one for one in mail.outbox if one.subject.startswith("To approve")]
    assert letter.to == [erika.staff.user.email]
    assert letter.subject == "To approve: Send “Spring letter” to 2 customers"
    [link] = re.findall(r"http\S+", letter.body)
    erika.page.goto(link)
    expect(erika.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    erika.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(erika.page).to_have_url(link)


def reads_and_approves(erika: Walk) -> None:
    """Both sides, the rules in words, who gets it now, and the letter itself, names masked for her role."""
    page = erika.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Send “Spring letter” to 2 customers")
    sides = page.get_by_role("region", name="What would change, side by side")
    expect(sides).to_contain_text("Customers where country is CZ.")
    expect(page.get_by_text("For the spring.")).to_be_visible()
    reaches = page.get_by_role("region", name="Who it reaches now")
    expect(reaches).to_contain_text("In the segment")
    framed = page.frame_locator("iframe").first
    expect(framed.get_by_text("Dear J••• N•••")).to_be_visible()
    erika.looks_everywhere("approval-by-letter")
    page.get_by_label("Comment").fill("Read and fine.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved: it goes out now.")).to_be_visible()
    erika.looks("approval-by-letter-given")


def runs(page: Page, caught: str) -> None:
    """Both letters left."""
    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "sent"]
    page.goto(caught)
    for address in ("jana@mail.example", "pavel@mail.example"):
        expect(page.get_by_text(address).first).to_be_visible()


def is_told(walk: Walk) -> None:
    """The maker gets a letter too, whose link leads to the request as it was decided."""
    letter = mail.outbox[-1]
    assert letter.to == [walk.staff.user.email]
    assert "Read and fine." in letter.body
    [link] = re.findall(r"http\S+", letter.body)
    walk.page.goto(link)
    expect(walk.page.get_by_text("“Read and fine.”")).to_be_visible()
