"""From the page that asks to the run: what was confirmed is what is written, once."""

import re
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from communications.audience import audience
from communications.books import books_of_run
from communications.models import Configuration, Message, Run
from communications.models.configurations import AudienceChanged, NotActive
from console.organizations.models import Organization, Role, Staff
from tests.communications.factories import communication, customers, segment_with, sent_by
from tests.conftest import signed_in
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(nordbank: Organization) -> Configuration:
    """An active communication to three customers, one of whom has no address."""
    members = customers(nordbank, 2) + customers(nordbank, 1, email="")
    return communication(nordbank, segment_with(nordbank, *members), name="Autumn letter")


def send_url(configuration: Configuration) -> str:
    return configuration.organization.url("communications:configuration_send", configuration.pk)


def asked(client: Client, configuration: Configuration) -> dict[str, str]:
    """What the page that asks would send back."""
    page = client.get(send_url(configuration)).content.decode()
    return dict(re.findall(r'name="(confirmation|fingerprint)" value="([^"]+)"', page))


def test_the_page_says_who_gets_it_and_what(ready: Configuration, alice: Staff) -> None:
    page = signed_in(alice).get(send_url(ready)).content.decode()
    assert "Send to 2 customers" in page
    assert "No email address" in page
    assert page.count("<iframe") == 2
    assert "Hello Customer" in page


def test_confirming_writes_every_message_and_leads_to_the_run(ready: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    response = client.post(send_url(ready), asked(client, ready))
    run = Run.objects.get()
    assert response.headers["Location"] == run.get_absolute_url()
    assert (run.planned, run.confirmed_by) == (3, alice)
    books = books_of_run(run)
    assert (books.queued, books.suppressed, books.is_balanced) == (2, 1, True)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "hx-get" in page
    assert "Under way" in page


def test_the_same_page_sent_again_leads_to_the_same_run(ready: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    confirmed = asked(client, ready)
    first = client.post(send_url(ready), confirmed)
    second = client.post(send_url(ready), confirmed)
    assert first.headers["Location"] == second.headers["Location"]
    assert Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_run(ready: Configuration, alice: Staff) -> None:
    confirmed = asked(signed_in(alice), ready)
    places: list[str] = []

    def click() -> None:
        client = signed_in(alice)
        places.append(client.post(send_url(ready), confirmed).headers["Location"])
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 20
    assert set(places) == {Run.objects.get().get_absolute_url()}
    assert Message.objects.count() == 3


def test_who_entered_meanwhile_is_shown_first(ready: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    confirmed = asked(client, ready)
    assert ready.version
    [late] = customers(ready.organization, 1)
    ready.version.segment.customer_memberships.create(
        organization=ready.organization, customer=late, entered_at=NOW
    )
    response = client.post(send_url(ready), confirmed)
    assert response.status_code == 409
    assert "Who receives has changed" in response.content.decode()
    assert "Send to 3 customers" in response.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize("state", ["draft", "paused"])
def test_only_an_active_communication_sends(state: str, ready: Configuration, alice: Staff) -> None:
    Configuration.objects.update(state=state)
    response = signed_in(alice).get(send_url(ready), follow=True)
    assert "Only an active communication sends" in response.content.decode()
    assert ready.version
    fingerprint = audience(ready.version).fingerprint
    with pytest.raises(NotActive):
        ready.send(by=alice, at=NOW, confirmation=uuid4(), fingerprint=fingerprint)


def test_a_fingerprint_of_something_else_sends_nothing(ready: Configuration, alice: Staff) -> None:
    with pytest.raises(AudienceChanged) as changed:
        ready.send(by=alice, at=NOW, confirmation=uuid4(), fingerprint="0" * 64)
    assert changed.value.audience.planned == 3
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ANALYST, 403), (Role.MARKETER, 200), (Role.APPROVER, 200)]
)
def test_who_may_send(role: Role, status: int, ready: Configuration) -> None:
    staff: Staff = StaffFactory.create(organization=ready.organization, role=role)
    assert signed_in(staff).get(send_url(ready)).status_code == status


def test_a_second_send_writes_to_everyone_again_and_says_so(ready: Configuration, alice: Staff) -> None:
    sent_by(ready, alice)
    page = signed_in(alice).get(send_url(ready)).content.decode()
    assert "It was sent before" in page
    sent_by(ready, alice)
    assert Message.objects.count() == 6


def test_an_empty_segment_sends_nothing(nordbank: Organization, alice: Staff) -> None:
    page = signed_in(alice).get(send_url(communication(nordbank, segment_with(nordbank)))).content.decode()
    assert "The segment has no members" in page
    assert 'id="confirm"' not in page


def test_activating_and_pausing_leave_a_row_each(ready: Configuration, alice: Staff) -> None:
    client, url = signed_in(alice), ready.organization.url("communications:configuration_turn", ready.pk)
    client.post(url, {"state": "paused"})
    client.post(url, {"state": "paused"})
    client.post(url, {"state": "active"})
    ready.refresh_from_db()
    assert ready.state == "active"
    assert [(t.state, t.by) for t in ready.transitions.order_by("pk")] == [
        ("paused", alice),
        ("active", alice),
    ]


def test_books_that_do_not_balance_are_said_in_red(ready: Configuration, alice: Staff) -> None:
    run = sent_by(ready, alice)
    Message.objects.filter(pk=Message.objects.filter(state="queued")[0].pk).delete()
    page: Any = signed_in(alice).get(run.get_absolute_url())
    assert "The books do not balance" in page.content.decode()


def test_a_decision_is_for_what_the_page_showed(ready: Configuration, alice: Staff) -> None:
    sent_by(ready, alice)
    Message.objects.filter(state="queued").update(state="uncertain")
    client, url = signed_in(alice), ready.organization.url("communications:configuration_uncertain", ready.pk)
    late = client.post(url, {"choice": "sent", "number": "1"})
    assert "There are others by now" in late.content.decode()
    assert Message.objects.filter(state="uncertain").count() == 2
    client.post(url, {"choice": "sent", "number": "2"})
    assert Message.objects.filter(state="sent").count() == 2
