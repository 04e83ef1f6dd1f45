"""From the page that asks, over a colleague who approves, to the run: what was approved is what is written, once."""

import re
import threading
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from communications.books import books_of_run
from communications.models import Configuration, Message, Run
from communications.rendering.content import Content
from console.organizations import approving
from console.organizations.kinds import Impossible
from console.organizations.models import Approval, Organization, Role, Staff
from tests.approvals import another
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
    return dict(re.findall(r'name="(fingerprint)" value="([^"]+)"', page))


def enter(configuration: Configuration, **fields: Any) -> None:
    """One more customer enters its segment, at a time to come."""
    assert configuration.version
    [late] = customers(configuration.organization, 1, **fields)
    segment = configuration.version.segment
    row = {"organization": configuration.organization, "customer": late}
    segment.customer_memberships.create(**row, entered_at=NOW)
    segment.events.create(**row, change="entered", at=timezone.now() + timedelta(days=1))


def test_the_page_says_who_gets_it_and_what(ready: Configuration, alice: Staff) -> None:
    page = signed_in(alice).get(send_url(ready)).content.decode()
    assert "to send to 2 customers" in page
    assert "No email address" in page
    assert page.count("<iframe") == 2
    assert "Hello Customer" in page


def test_asked_for_by_one_and_approved_by_another_it_writes_every_message(
    ready: Configuration, alice: Staff
) -> None:
    client = signed_in(alice)
    response = client.post(send_url(ready), asked(client, ready))
    approval = Approval.objects.get()
    assert response.headers["Location"] == approval.get_absolute_url()
    assert not Message.objects.exists()
    text = client.get(ready.get_absolute_url()).content.decode()
    assert "A send waits for approval" in text
    checker = another(alice)
    approving.approve(approval, by=checker, at=timezone.now())
    run = Run.objects.get()
    assert (run.planned, run.confirmed_by, run.approval) == (3, checker, approval)
    books = books_of_run(run)
    assert (books.queued, books.suppressed, books.is_balanced) == (2, 1, True)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "hx-get" in page
    assert "Under way" in page


def test_the_same_page_sent_again_is_the_same_request(ready: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    typed = asked(client, ready)
    first, second = client.post(send_url(ready), typed), client.post(send_url(ready), typed)
    assert first.headers["Location"] == second.headers["Location"]
    assert Approval.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_request(ready: Configuration, alice: Staff) -> None:
    typed = asked(signed_in(alice), ready)
    places: list[str] = []

    def click() -> None:
        places.append(signed_in(alice).post(send_url(ready), typed).headers["Location"])
        connection.close()

    threads = [threading.Thread(target=copy_context().run, args=[click]) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 20
    assert set(places) == {Approval.objects.get().get_absolute_url()}


def test_who_entered_before_it_was_asked_for_is_shown_first(ready: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    typed = asked(client, ready)
    enter(ready)
    response = client.post(send_url(ready), typed)
    assert response.status_code == 409
    assert "Who receives has changed" in response.content.decode()
    assert "to send to 3 customers" in response.content.decode()
    assert not Approval.objects.exists()


def test_who_entered_before_it_was_approved_voids_it(ready: Configuration, alice: Staff) -> None:
    approval = approving.ask("send", ready.pk, by=alice, at=timezone.now())
    enter(ready)
    done = approving.approve(approval, by=another(alice), at=timezone.now())
    assert (done.state, done.reason) == ("void", "1 joined and 0 left after it was asked for. Ask again.")
    assert not Run.objects.exists()
    page = signed_in(alice).get(send_url(ready)).content.decode()
    assert "1 joined and 0 left" in page


def test_who_enters_between_the_look_and_the_writing_voids_it_too(
    ready: Configuration, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = type(Message.objects).plan

    def late(messages: Any, run: Run, recipients: Any) -> int:
        enter(ready)
        return int(plan(messages, run, recipients))

    approval = approving.ask("send", ready.pk, by=alice, at=timezone.now())
    monkeypatch.setattr(type(Message.objects), "plan", late)
    assert approving.approve(approval, by=another(alice), at=timezone.now()).state == "void"
    assert not Run.objects.exists()
    assert not Message.objects.exists()


def test_other_words_void_it_at_once(ready: Configuration, alice: Staff) -> None:
    approval = approving.ask("send", ready.pk, by=alice, at=timezone.now())
    assert ready.version
    assert ready.version.template
    words = Content(subject="Other", html="<p>Other</p>")
    ready.version.template.save_version(words, by=alice, at=timezone.now(), based_on=1)
    approval.refresh_from_db()
    assert (approval.state, approval.reason) == (
        "void",
        f"“{ready.version.template}” was changed: version 2.",
    )


@pytest.mark.parametrize("state", ["draft", "paused"])
def test_only_an_active_communication_sends(state: str, ready: Configuration, alice: Staff) -> None:
    approval = approving.ask("send", ready.pk, by=alice, at=NOW)
    Configuration.objects.update(state=state)
    response = signed_in(alice).get(send_url(ready), follow=True)
    assert "Only an active communication sends" in response.content.decode()
    with pytest.raises(Impossible):
        approving.ask("send", ready.pk, by=alice, at=NOW)
    done = approving.approve(approval, by=another(alice), at=NOW)
    assert (done.state, done.reason) == ("void", f"“Autumn letter” is {state}.")


def test_no_run_without_its_approval(ready: Configuration, alice: Staff) -> None:
    """Neither a shell nor the admin gets by: the row itself says no."""
    run = sent_by(ready, alice)
    row = {"organization": run.organization, "version": run.version, "confirmed_at": NOW}
    other = communication(ready.organization, run.version.segment)
    for mine, approval in ((ready, None), (ready, run.approval), (other, run.approval)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.create(**row, configuration=mine, approval=approval)


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
