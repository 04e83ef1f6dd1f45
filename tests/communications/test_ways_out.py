"""Unsubscribing: a GET only asks, a POST acts, one click needs no page; the address stays suppressed."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communications.audience import audience
from communications.dispatcher import dispatch
from communications.models import Message, Suppression
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from tests.communications.factories import communication, customers, says, segment_with, sent_by
from tests.communications.sinks import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(nordbank: Organization, alice: Staff, post: MailSink) -> Message:
    """A letter that has arrived."""
    sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 1))), alice)
    dispatch(until_empty=True)
    return Message.objects.get()


def way_out(message: Message) -> str:
    return reverse("unsubscribe", args=[message.unsubscribe_token])


def test_the_letter_names_the_way_out(message: Message, post: MailSink, settings: Any) -> None:
    assert post.letters[0]["List-Unsubscribe"] == f"<{settings.PUBLIC_URL}{way_out(message)}>"


def test_to_look_changes_nothing(message: Message, client: Client) -> None:
    page = client.get(way_out(message)).content.decode()
    assert "Stop emails from Nordbank a.s.?" in page
    assert not Suppression.objects.exists()


def test_one_click_from_a_mail_program_needs_no_page_and_no_cookie(message: Message) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(way_out(message), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert Suppression.objects.get().reason == "unsubscribed"


def test_our_own_page_is_protected_as_every_form_is(message: Message) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(way_out(message)).status_code == 403
    client.get(way_out(message))
    token = client.cookies["csrftoken"].value
    response = client.post(way_out(message), {"csrfmiddlewaretoken": token})
    assert "You get no more of these emails" in response.content.decode()
    assert Suppression.objects.count() == 1


def test_twice_is_once(message: Message, client: Client) -> None:
    for _ in range(2):
        client.post(way_out(message), {"List-Unsubscribe": "One-Click"})
    assert Suppression.objects.count() == 1
    assert "You get no more of these emails" in client.get(way_out(message)).content.decode()


def test_it_outlives_the_customer_and_holds_back_whoever_has_the_address(
    message: Message, client: Client, nordbank: Organization
) -> None:
    client.post(way_out(message), {"List-Unsubscribe": "One-Click"})
    assert message.customer
    address = message.customer.email
    Message.objects.update(customer=None)
    assert message.version.segment
    message.version.segment.customer_memberships.all().delete()
    message.customer.consents.all().delete()
    Customer.objects.all().delete()
    [again] = customers(nordbank, 1, email=address.upper())
    says(again)
    offer, service = (
        communication(nordbank, segment_with(nordbank, again), purpose=purpose)
        for purpose in ("marketing", "service")
    )
    assert offer.version
    assert audience(offer.version).held_back == {"unsubscribed": 1}
    assert service.version
    assert audience(service.version).held_back == {}


def test_it_withdraws_consent_to_email_alone_until_they_agree_again(
    message: Message, client: Client, nordbank: Organization
) -> None:
    assert message.customer
    says(message.customer)
    says(message.customer, channel="post")
    client.post(way_out(message), {"List-Unsubscribe": "One-Click"})
    said = set(message.customer.consents.values_list("channel", "purpose", "is_given", "source"))
    assert said == {
        ("email", "marketing", False, "letter"),
        ("email", "surveys", False, "letter"),
        ("post", "marketing", True, "staff"),
    }
    offer = communication(nordbank, segment_with(nordbank, message.customer), purpose="marketing")
    assert offer.version
    assert audience(offer.version).held_back == {"declined": 1}
    says(message.customer, at=timezone.now())
    assert audience(offer.version).held_back == {}


def test_a_made_up_token_opens_nothing(client: Client, message: Message) -> None:
    assert client.get(reverse("unsubscribe", args=[uuid4()])).status_code == 404
    assert client.put(way_out(message)).status_code == 405
