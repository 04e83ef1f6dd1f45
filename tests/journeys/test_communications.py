"""Communications in a real browser: every page in every state looked at, a draft previewed, a send confirmed once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from communications import recording
from communications.dispatcher import dispatch
from communications.models import Attempt, Configuration, Endpoint, Message
from communications.rendering.content import Content
from console.organizations.models import Organization, Staff
from tests.communications.factories import (
    a_template,
    an_endpoint,
    communication,
    customers,
    segment_with,
    sent_by,
)
from tests.communications.sinks import MailSink, mail_server
from tests.factories import CustomerFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LETTER = Content(
    subject="{{ customer.name }}, better interest from December",
    html="""<body style="font: 15px/24px sans-serif; color: #14212a; padding: 16px 22px">
<h2 style="font-family: Georgia, serif">Good news, {{ customer.name }}</h2>
<p>From 1 December the savings account pays <b>2.1 %</b>. You need to do nothing.</p>
<p><a href="https://nordbank.example/savings">Read more</a></p>
<p style="font-size: 12px; color: #586772">You get this letter because you are a customer of {{ organization.name }}.
<a href="{{ unsubscribe_url }}">No more letters like this</a></p></body>""",
)


@pytest.fixture
def post(settings: Any) -> Iterator[MailSink]:
    """A mail server that knows no mailbox of the fourth customer."""
    sink = MailSink(lambda verb, address: "550 5.1.1 no such mailbox" if address.startswith("gone") else None)
    with mail_server(sink) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


@pytest.fixture
def configuration(nordbank: Organization, alice: Staff, post: MailSink) -> Configuration:
    """A communication that went out once: some sent, some held back, one bounced, two uncertain."""
    names = [
        "Aaliyah Thompson",
        "Nguyễn Thu Hà",
        "Oluwaseun Adeyemi",
        "Tomáš Říha",
        "Aoife O’Sullivan",
        "Rajesh Iyer",
    ]
    members = [CustomerFactory.create(organization=nordbank, name=name) for name in names]
    members += customers(nordbank, 2, email="") + customers(nordbank, 1, communications_enabled=False)
    members += [CustomerFactory.create(organization=nordbank, name="Pavel Němec", email="gone@mail.example")]
    segment = segment_with(
        nordbank, *members, name="Savers with money coming in", refreshed_at=timezone.now()
    )
    template = a_template(nordbank, LETTER, name="Better interest")
    made = communication(nordbank, segment, name="Savings letter", template=template)
    run = sent_by(made, alice, timezone.now())
    dispatch(until_empty=True)
    doubtful = [message.pk for message in run.messages.filter(state="sent")[:2]]
    Message.objects.filter(pk__in=doubtful).update(
        state="sending", lease_until=F("created_at") - timedelta(hours=1)
    )
    Attempt.objects.filter(message__in=doubtful).update(outcome="", finished_at=None, code=None, answer="")
    recording.expire()
    return made


def test_every_page_is_looked_at(walk: Walk, configuration: Configuration) -> None:
    page = walk.page
    version = configuration.version
    assert version
    assert version.template
    broken = an_endpoint(configuration.organization)
    Endpoint.objects.filter(pk=broken.pk).update(failing_since=timezone.now() - timedelta(days=2))
    failed, sent = (configuration.messages.filter(state=state)[0] for state in ("failed", "sent"))
    pages: list[tuple[str, tuple[Any, ...]]] = [
        ("configuration_list", ()),
        ("configuration_create", ()),
        ("configuration_detail", (configuration.pk,)),
        ("configuration_edit", (configuration.pk,)),
        ("configuration_send", (configuration.pk,)),
        ("configuration_uncertain", (configuration.pk,)),
        ("run_detail", (configuration.runs.get().pk,)),
        ("message_list", ()),
        ("message_detail", (sent.pk,)),
        ("customer_messages", (failed.customer_id,)),
        ("template_list", ()),
        ("template_detail", (version.template.pk,)),
        ("template_edit", (version.template.pk,)),
        ("endpoint_list", ()),
        ("endpoint_create", ()),
        ("endpoint_detail", (broken.pk,)),
    ]
    for name, keys in pages:
        walk.opens(f"communications:{name}", *keys)
        walk.looks(f"communications-{name.replace('_', '-')}")
    page.goto(f"{walk.url}/u/{sent.unsubscribe_token}/")
    walk.looks("unsubscribe")
    page.get_by_role("button", name="Stop the emails").click()
    expect(page.get_by_role("heading", name="You get no more of these emails")).to_be_visible()


def test_empty_pages_say_what_to_do(walk: Walk) -> None:
    page = walk.page
    for name in ("configuration_list", "message_list", "template_list", "endpoint_list"):
        walk.opens(f"communications:{name}")
        expect(page.locator(".empty")).to_be_visible()
        walk.looks(f"communications-{name.replace('_', '-')}-empty")


def test_a_draft_is_seen_before_it_is_saved_as_often_as_one_likes(walk: Walk, nordbank: Organization) -> None:
    CustomerFactory.create(organization=nordbank, name="Ingrid Solheim")
    page = walk.page
    walk.opens("communications:template_create")
    page.get_by_label("Name", exact=True).fill("Autumn letter")
    page.get_by_label("Subject").fill("Hello {{ customer.name }}")
    draft = page.frame_locator("iframe[name=draft]")
    for words in ("Dear", "Good morning"):
        page.get_by_label("HTML", exact=True).fill(f"<p>{words} {{{{ customer.name }}}}</p>")
        page.get_by_role("button", name="Show it").click()
        expect(draft.get_by_text(f"{words} Ingrid Solheim")).to_be_visible()
    page.get_by_label("HTML", exact=True).fill("<p>\n{{ customer.nmae }}</p>")
    page.get_by_role("button", name="Save as the next version").click()
    expect(page.get_by_text("Line 2: There is no field").first).to_be_visible()
    walk.looks("communications-template-faults")
    page.get_by_label("HTML", exact=True).fill("<p>Dear {{ customer.name }}</p>")
    page.get_by_role("button", name="Save as the next version").click()
    expect(page.get_by_role("heading", name="As Ingrid Solheim gets it")).to_be_visible()


def test_a_send_is_confirmed_and_its_books_fill_before_ones_eyes(
    walk: Walk, configuration: Configuration
) -> None:
    page = walk.page
    walk.opens("communications:configuration_send", configuration.pk)
    page.get_by_role("button", name="Ask for approval").click()
    walk.gets_approved(
        "Send “Savings letter” to 10 customers", picture="approval-savings", says="Approved: it goes out now."
    )
    page.goto(walk.url + configuration.runs.latest("confirmed_at").get_absolute_url())
    expect(page.get_by_text("Under way")).to_be_visible()
    dispatch(until_empty=True)
    expect(page.get_by_text("Nothing of it waits any more.")).to_be_visible(timeout=10_000)
    walk.looks("communications-run-done")
    walk.opens("communications:configuration_detail", configuration.pk)
    page.get_by_role("link", name="Decide on 2 uncertain").click()
    page.get_by_role("button", name="Count 2 as sent").click()
    expect(page.get_by_text("2 messages are counted as sent.")).to_be_visible()
    expect(page.get_by_role("link", name="Decide on")).to_have_count(0)
