"""A run goes out: each customer once, every try recorded, the books balanced."""

import json

import pytest
from standardwebhooks.webhooks import Webhook

from communications.dispatcher import dispatch
from communications.models import Attempt, Message
from console.organizations.models import Organization, Staff
from tests.communications.factories import an_endpoint, communication, customers, segment_with, sent_by
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
    assert Webhook(secret).verify(body, headers)["data"]["customer"] == str(member.pk)
    assert headers["webhook-id"] == f"msg_{message.pk.hex}"
    assert member.email not in body.decode()
    assert member.name not in json.dumps(headers)
    assert message.state == "sent"
