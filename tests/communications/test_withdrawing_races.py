"""Who withdrew before a try began gets nothing, by whichever way they said so and however fast we send."""

import random
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communications import outbox
from communications.books import books_of_run
from communications.dispatcher import dispatch
from communications.letters import loaded, prepare
from communications.models import Attempt, Message, RenderedCopy
from communications.rendering.renderer import Renderer
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.api.conftest import call as call
from tests.communications.factories import communication, customers, says, segment_with, sent_by
from tests.communications.sinks import MailSink
from tests.communications.tries import lane, past
from tests.conftest import signed_in
from tests.factories import NOW
from tests.imports.files import imported
from tests.races import racing

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ROUNDS = 40, 3
Way = Callable[[Customer], Any]


def clock() -> datetime:
    """The moment it is for the database, which says when a try began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


@pytest.fixture
def ways(nordbank: Organization, alice: Staff, call: Call) -> list[Way]:
    """Every way in which somebody can say that they want no offers."""
    page, reader = signed_in(alice), Client()
    no = {"channel": "email", "purpose": "marketing", "is_given": "no"}

    def by_page(one: Customer) -> Any:
        return page.post(nordbank.url("billing:consent_note", one.pk), no).status_code == 302

    def by_system(one: Customer) -> Any:
        return call("POST", f"/customers/{one.pk}/consents", no | {"is_given": False})[0] == 200

    def by_file(one: Customer) -> Any:
        row = f"{one.external_id},email,marketing,no,{NOW.isoformat()}"
        head = "customer_ref,channel,purpose,is_given,said_at"
        return imported(nordbank, "consents", f"{head}\n{row}\n").accepted

    def switched_off(one: Customer) -> Any:
        return call("PATCH", f"/customers/{one.pk}", {"communications_enabled": False})[0] == 200

    def by_letter(one: Customer) -> Any:
        token = Message.objects.get(customer=one).unsubscribe_token
        answer = reader.post(reverse("unsubscribe", args=[token]), {"List-Unsubscribe": "One-Click"})
        return answer.status_code == 200

    def objects(one: Customer) -> Any:
        return Customer.objects.filter(pk=one.pk).update(profiling_objected_at=timezone.now())

    return [by_page, by_system, by_file, switched_off, by_letter, objects]


def test_no_try_begins_after_the_word_was_kept(
    nordbank: Organization, alice: Staff, post: MailSink, ways: list[Way], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("communications.dispatcher.GROUP", {"email": 2, "webhook": 2})
    said: dict[Any, datetime] = {}
    stopped = 0
    with racing() as at_once:
        for turn in range(ROUNDS):
            people = customers(nordbank, PEOPLE)
            says(*people)
            configuration = communication(nordbank, segment_with(nordbank, *people), purpose="marketing")
            run = sent_by(configuration, alice)
            order = random.Random(turn).sample(people, PEOPLE)

            def withdraw(order: list[Customer] = order) -> None:
                for number, one in enumerate(order):
                    assert ways[number % len(ways)](one)
                    said[one.pk] = clock()

            at_once(partial(dispatch, until_empty=True), withdraw)
            past()
            dispatch(until_empty=True)
            assert books_of_run(run).is_balanced
            stopped += run.messages.filter(state="suppressed").count()
    late = [
        tried.message_id
        for tried in Attempt.objects.select_related("message")
        if tried.started_at > said[tried.message.customer_id]
    ]
    assert late == []
    assert 0 < stopped < PEOPLE * ROUNDS, "some came before, some after"
    sent = Message.objects.filter(state="sent").count()
    assert (len(post.letters), sent) == (sent, PEOPLE * ROUNDS - stopped)


def test_a_letter_to_an_address_that_was_given_up_is_written_anew(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    [customer] = customers(nordbank, 1, email="old@mail.example")
    run = sent_by(communication(nordbank, segment_with(nordbank, customer)), alice)
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    with Renderer() as renderer:
        [parcel], _ = prepare(loaded(ids), renderer, at=timezone.now())
    Customer.objects.update(email="new@mail.example")
    assert outbox.start(token, [parcel.message], seconds=60) == {}
    assert Message.objects.get().state == "queued"
    past()
    dispatch(until_empty=True)
    assert [letter["To"] for letter in post.letters] == [f"{customer.name} <new@mail.example>"]
    assert RenderedCopy.objects.get().address == "new@mail.example"


def test_who_shares_the_address_is_waited_for_too(nordbank: Organization, alice: Staff) -> None:
    """What is said by a letter's link is said of the address, whoever else is reached there."""
    one, other = (
        customers(nordbank, 1, email=address)[0] for address in ("A@mail.example", "a@mail.example")
    )
    says(one, other)
    run = sent_by(communication(nordbank, segment_with(nordbank, one, other), purpose="marketing"), alice)
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    letter = Message.objects.get(customer=one)
    seen: list[dict[Any, int]] = []

    def meanwhile(*_: Any, **__: Any) -> None:
        with racing(people=1) as elsewhere:
            seen.extend(elsewhere(partial(outbox.start, token, loaded(ids), seconds=60)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("communications.models.messages.Suppression.add", meanwhile)
        letter.unsubscribe(at=timezone.now())
    assert seen == [{}]
