"""A run goes out: each customer once, every try recorded, the books balanced."""

import asyncio
import json
import threading
import time
from contextvars import copy_context

import pytest
from aiohttp import web
from django.db import connection
from standardwebhooks.webhooks import Webhook

from communications.books import books_of_run
from communications.dispatcher import dispatch
from communications.models import Attempt, Message
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
from tests.communications.sinks import HookSink, MailSink, body, recipient

pytestmark = pytest.mark.django_db


def test_every_customer_gets_one_letter_with_both_parts(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    members = customers(nordbank, 25)
    run = sent_by(communication(nordbank, segment_with(nordbank, *members)), alice)
    dispatch(until_empty=True)
    assert run.planned == 25
    assert sorted(map(recipient, post.letters)) == sorted(m.email for m in members)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    letter = next(one for one in post.letters if members[0].email in one["To"])
    assert letter["Subject"] == f"Hello {members[0].name}"
    assert members[0].name in body(letter, "html")
    assert "No more of this (http" in body(letter, "plain")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert post.sessions <= 10
    assert Attempt.objects.filter(outcome="sent", finished_at__isnull=False).count() == 25


def test_a_webhook_is_signed_to_the_letter(nordbank: Organization, alice: Staff, hooks: HookSink) -> None:
    endpoint = an_endpoint(nordbank, hooks.url)
    [member] = customers(nordbank, 1)
    sent_by(communication(nordbank, segment_with(nordbank, member), endpoint=endpoint), alice)
    dispatch(until_empty=True)
    message = Message.objects.get()
    [(headers, body)] = hooks.calls
    [secret] = endpoint.secrets_live(at=message.created_at)
    assert Webhook(secret).verify(body, headers)["data"]["customer"] == str(member.opaque_id)
    assert headers["webhook-id"] == f"msg_{message.pk.hex}"
    assert member.email not in body.decode()
    assert member.name not in json.dumps(headers)
    assert message.state == "sent"


def test_a_name_with_a_line_break_fails_alone(nordbank: Organization, alice: Staff, post: MailSink) -> None:
    members = [*customers(nordbank, 3), *customers(nordbank, 1, name="Eve\r\nBcc: everyone@bank.example")]
    run = sent_by(communication(nordbank, segment_with(nordbank, *members)), alice)
    dispatch(until_empty=True)
    assert (books_of_run(run).sent, books_of_run(run).failed) == (3, 1)
    assert run.messages.get(state="failed").note == "The subject has a line break in it."
    assert len(post.letters) == 3


def test_a_customer_who_cannot_be_written_for_stops_nobody(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    bomb = "{{ 'aaaaaaaaaa' " + "| replace: 'a', 'aaaaaaaaaa' " * 9 + "}}"
    content = Content("Hello", f"{{% if customer.name == 'Poison' %}}{bomb}{{% else %}}fine{{% endif %}}")
    members = [*customers(nordbank, 12), *customers(nordbank, 1, name="Poison"), *customers(nordbank, 12)]
    template = a_template(nordbank, content)
    run = sent_by(communication(nordbank, segment_with(nordbank, *members), template=template), alice)
    dispatch(until_empty=True)
    assert len(post.letters) == 24
    poison = run.messages.get(state="queued")
    assert poison.note == "This needs more than 64 MB to write."
    assert poison.attempts.get().outcome == "unrendered"


def test_a_bounce_holds_the_next_send_back(nordbank: Organization, alice: Staff, post: MailSink) -> None:
    gone, well = customers(nordbank, 2)
    post.refuse = lambda verb, address: "550 5.1.1 no such mailbox" if address == gone.email else None
    configuration = communication(nordbank, segment_with(nordbank, gone, well))
    first = sent_by(configuration, alice)
    dispatch(until_empty=True)
    second = sent_by(configuration, alice)
    dispatch(until_empty=True)
    assert first.messages.get(customer=gone).state == "failed"
    assert second.messages.get(customer=gone).held_back == "bounced"
    assert books_of_run(second).sent == 1


def test_asked_to_stop_it_leaves_the_rest_for_another(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    run = sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 60))), alice)
    assert dispatch(should_stop=lambda: len(post.letters) >= 10)
    assert 10 <= len(post.letters) < 60
    assert not run.messages.filter(state="sending").exists()
    assert not run.messages.filter(state="queued", lease__isnull=False).exists()
    dispatch(until_empty=True)
    assert len(post.letters) == 60


def test_a_slow_endpoint_delays_no_other(nordbank: Organization, alice: Staff, hooks: HookSink) -> None:
    arrived: dict[str, float] = {}

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(2 if "slow" in request.path else 0)
        arrived.setdefault(request.path, time.monotonic())
        return web.Response()

    hooks.answer = answer
    for path in ("/slow", "/fast"):
        endpoint = an_endpoint(nordbank, hooks.url.replace("/hook", path))
        sent_by(
            communication(nordbank, segment_with(nordbank, *customers(nordbank, 40)), endpoint=endpoint),
            alice,
        )
    dispatch(until_empty=True)
    assert arrived["/fast"] < arrived["/slow"]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    fast = Message.objects.filter(endpoint__url__endswith="/fast").latest("sent_at")
    slow = Message.objects.filter(endpoint__url__endswith="/slow").earliest("sent_at")
    assert fast.sent_at
    assert slow.sent_at
    assert fast.sent_at < slow.sent_at


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_side_by_side_send_each_letter_once(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    run = sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 120))), alice)

    def work() -> None:
        dispatch(until_empty=True)
        connection.close()

    threads = [threading.Thread(target=copy_context().run, args=(work,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert books_of_run(run).sent == 120
    assert set(post.arrivals.values()) == {1}


def test_who_was_held_back_until_sending_is_on_again_gets_it_then(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 2))), alice)
    Organization.objects.update(is_sending=False)
    dispatch(until_empty=True)
    assert post.letters == []
    Organization.objects.update(is_sending=True)
    dispatch(until_empty=True)
    assert len(post.letters) == 2
