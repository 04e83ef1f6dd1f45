"""Consent before sending: asked when a send is planned, and once more before each letter and webhook leaves."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communications import outbox
from communications.audience import audience
from communications.books import books_of_run
from communications.dispatcher import dispatch
from communications.letters import loaded
from communications.models import ConfigurationVersion, Message, Run
from console.billing.keeping import keep_consent
from console.customers.models import Customer
from console.organizations import approving
from console.organizations.models import KeyScope, Organization, Staff
from tests.approvals import another
from tests.communications.factories import (
    a_template,
    an_endpoint,
    communication,
    customers,
    says,
    segment_with,
    sent_by,
)
from tests.communications.sinks import HookSink, MailSink
from tests.communications.tries import lane, past
from tests.conftest import signed_in
from tests.factories import NOW, a_key

pytestmark = pytest.mark.django_db


def offer(bank: Organization, *people: Customer, **fields: Any) -> ConfigurationVersion:
    """The version in force of an offer to these customers."""
    fields.setdefault("purpose", "marketing")
    version = communication(bank, segment_with(bank, *people, name="Savers"), name="Offer", **fields).version
    assert version
    return version


def three(bank: Organization, purpose: str = "marketing", channel: str = "email") -> list[Customer]:
    """One who agreed, one who declined, one who was never asked."""
    agreed, declined, silent = customers(bank, 3)
    says(agreed, purpose=purpose, channel=channel)
    says(declined, agrees=False, purpose=purpose, channel=channel)
    return [agreed, declined, silent]


@pytest.mark.parametrize("purpose", ["marketing", "surveys"])
def test_only_who_agreed_gets_offers_and_surveys(purpose: str, nordbank: Organization) -> None:
    found = audience(offer(nordbank, *three(nordbank, purpose), purpose=purpose))
    assert (found.planned, found.sending, found.without_consent) == (3, 1, 2)
    assert found.held_back == {"no_consent": 1, "declined": 1}


@pytest.mark.parametrize("purpose", ["billing", "service"])
def test_what_a_contract_asks_for_needs_no_consent(purpose: str, nordbank: Organization) -> None:
    people = three(nordbank, "billing")
    assert audience(offer(nordbank, *people, purpose=purpose)).held_back == {}


def test_consent_is_to_one_purpose_by_one_channel(nordbank: Organization) -> None:
    [customer] = customers(nordbank, 1)
    says(customer, purpose="surveys")
    says(customer, channel="sms")
    assert audience(offer(nordbank, customer)).held_back == {"no_consent": 1}


def test_a_webhook_asks_for_consent_to_the_channel_that_the_banks_system_uses(nordbank: Organization) -> None:
    people = three(nordbank, channel="sms")
    found = audience(offer(nordbank, *people, endpoint=an_endpoint(nordbank), reached_by="sms"))
    assert found.held_back == {"no_consent": 1, "declined": 1}


def test_the_last_word_counts(nordbank: Organization) -> None:
    [customer] = customers(nordbank, 1)
    version = offer(nordbank, customer)
    for day, agrees in enumerate((True, False, True)):
        says(customer, agrees=agrees, at=NOW + timedelta(days=day))
        assert audience(version).sending == int(agrees)


def test_an_offer_is_marketing_whatever_the_segment_says(nordbank: Organization) -> None:
    [objector] = customers(nordbank, 1, profiling_objected_at=NOW)
    says(objector)
    version = offer(nordbank, objector)
    version.segment.is_marketing = False
    version.segment.save()
    assert audience(version).held_back == {"objected": 1}


def test_each_is_planned_and_why_it_stays_is_kept_and_shown(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    version = offer(nordbank, *three(nordbank))
    run = sent_by(version.configuration, alice)
    dispatch(until_empty=True)
    assert sorted(run.messages.values_list("state", "held_back")) == [
        ("sent", ""),
        ("suppressed", "declined"),
        ("suppressed", "no_consent"),
    ]
    assert len(post.letters) == 1
    client = signed_in(alice)
    page = client.get(run.messages.get(held_back="declined").get_absolute_url()).content.decode()
    assert "No consent: declined" in page
    assert "Offers, by consent to email" in page
    assert "what they said" in page
    for address in (version.configuration.get_absolute_url(), run.get_absolute_url()):
        shown = client.get(address).content.decode()
        assert "No consent: never asked" in shown
        assert "Offers, by consent to email" in shown


def test_the_page_that_asks_says_how_many_have_not_agreed(nordbank: Organization, alice: Staff) -> None:
    version = offer(nordbank, *three(nordbank))
    client = signed_in(alice)
    url = nordbank.url("communications:configuration_send", version.configuration.pk)
    page = client.get(url).content.decode()
    assert "2 without consent." in page
    assert "to send to 1 customer" in page
    ConfigurationVersion.objects.update(purpose="billing")
    assert "without consent" not in client.get(url).content.decode()


def test_who_declines_while_it_waits_for_approval_voids_it(nordbank: Organization, alice: Staff) -> None:
    version = offer(nordbank, *three(nordbank))
    approval = approving.ask("send", version.configuration_id, by=alice, at=timezone.now())
    assert ["Without consent", "2"] in [list(pair) for pair in approval.after]
    says(version.segment.customer_memberships.earliest("customer").customer, agrees=False, at=timezone.now())
    done = approving.approve(approval, by=another(alice), at=timezone.now())
    assert done.state == "void"
    assert "Who receives it, or is held back, changed" in done.reason
    assert not Run.objects.exists()


def test_who_withdraws_between_the_plan_and_the_try_gets_nothing(
    nordbank: Organization, alice: Staff, post: MailSink
) -> None:
    stays, leaves = customers(nordbank, 2)
    says(stays, leaves)
    run = sent_by(offer(nordbank, stays, leaves).configuration, alice)
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    says(leaves, agrees=False, at=timezone.now())
    [started] = outbox.start(token, loaded(ids), seconds=60)
    assert Message.objects.get(pk=started).customer == stays
    held = Message.objects.get(customer=leaves)
    assert (held.state, held.held_back) == ("suppressed", "declined")
    assert books_of_run(run).is_balanced


def test_a_withdrawal_stops_a_webhook_too(nordbank: Organization, alice: Staff, hooks: HookSink) -> None:
    [customer] = customers(nordbank, 1)
    says(customer, channel="phone")
    endpoint = an_endpoint(nordbank, hooks.url)
    run = sent_by(offer(nordbank, customer, endpoint=endpoint, reached_by="phone").configuration, alice)
    says(customer, channel="phone", agrees=False, at=timezone.now())
    dispatch(until_empty=True)
    assert run.messages.get().held_back == "declined"
    assert hooks.calls == []


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_under_way_is_waited_for(nordbank: Organization, alice: Staff) -> None:
    """Whoever notes it holds the customer, so no try starts before it is in force or undone."""
    stays, leaves = customers(nordbank, 2)
    says(stays, leaves)
    run = sent_by(offer(nordbank, stays, leaves).configuration, alice)
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM customers_customer WHERE id = %s FOR NO KEY UPDATE", [leaves.pk])
            cursor.execute("UPDATE billing_consent SET is_given = false WHERE customer_id = %s", [leaves.pk])
        assert len(outbox.start(token, loaded(ids), seconds=60)) == 1
        assert Message.objects.get(customer=leaves).state == "queued"
        other.commit()
    finally:
        other.close()
    past()
    again, waiting = outbox.lease(lane(run), limit=10, seconds=60)
    assert outbox.start(again, loaded(waiting), seconds=60) == {}
    assert Message.objects.get(customer=leaves).held_back == "declined"


def test_an_audience_is_one_statement_with_one_join(nordbank: Organization, alice: Staff) -> None:
    version = offer(nordbank, *three(nordbank), *customers(nordbank, 5))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        audience(version)
    counted = [query["sql"] for query in asked if "billing_consent" in query["sql"]]
    assert len(counted) == 1
    assert counted[0].count('JOIN "billing_consent"') == 1
    with CaptureQueriesContext(connection) as planned:
        sent_by(version.configuration, alice)
    writing = [q["sql"] for q in planned if "INSERT INTO communications_message" in q["sql"]]
    assert len(writing) == 1
    assert 'JOIN "billing_consent"' in writing[0]


def typed(bank: Organization, **fields: str) -> dict[str, str]:
    """What the form of an email sends."""
    said = {
        "name": "Autumn letter",
        "segment": str(segment_with(bank, name="Savers").pk),
        "purpose": "surveys",
        "template": str(a_template(bank).pk),
        "sender_name": "Nordbank",
        "sender_address": "news@nordbank.example",
    }
    return said | fields


def test_staff_choose_what_it_is_for_and_versions_keep_it(nordbank: Organization, alice: Staff) -> None:
    client, url = signed_in(alice), nordbank.url("communications:configuration_create")
    said = typed(nordbank)
    page = client.get(url).content.decode()
    assert "Offers and surveys go only to those who agreed to them." in page
    refused = client.post(url, said | {"purpose": ""})
    assert refused.status_code == 422
    assert client.post(url, said).status_code == 302
    made = nordbank.configurations.get()
    assert made.version
    assert (made.version.purpose, made.version.reached_by) == ("surveys", "email")
    edit = nordbank.url("communications:configuration_edit", made.pk)
    client.post(edit, said | {"purpose": "billing", "based_on": "1"})
    assert list(made.versions.order_by("number").values_list("purpose", flat=True)) == ["surveys", "billing"]
    trail = client.get(nordbank.url("audit:history", made.pk)).content.decode()
    assert "Surveys" in trail or "surveys" in trail


def test_a_webhook_says_how_the_customer_is_reached(nordbank: Organization, alice: Staff) -> None:
    client = signed_in(alice)
    url = nordbank.url("communications:configuration_create") + "?channel=webhook"
    assert "Your system reaches them by" in client.get(url).content.decode()
    said = typed(nordbank, endpoint=str(an_endpoint(nordbank).pk), reached_by="post")
    assert client.post(url, said).status_code == 302
    version = nordbank.configurations.get().version
    assert version
    assert version.rules.in_words() == "Surveys, by consent to post"


def test_the_database_refuses_what_makes_no_sense(nordbank: Organization) -> None:
    version = offer(nordbank)
    for wrong in ({"purpose": "spam"}, {"reached_by": "sms"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConfigurationVersion.objects.filter(pk=version.pk).update(**wrong)


def test_systems_read_the_purpose_and_the_reason(
    nordbank: Organization, alice: Staff, client: Client
) -> None:
    version = offer(nordbank, *three(nordbank), endpoint=an_endpoint(nordbank), reached_by="email")
    sent_by(version.configuration, alice)
    _, plain = a_key(nordbank, scopes=[KeyScope.MESSAGES_READ])
    headers = {"Authorization": f"Bearer {plain}"}
    told = client.get(f"/api/v1/communications/{version.configuration_id}", headers=headers).json()
    assert (told["purpose"], told["reached_by"]) == ("marketing", "email")
    rows = client.get("/api/v1/messages?state=suppressed", headers=headers).json()["items"]
    assert {row["held_back"] for row in rows} == {"no_consent", "declined"}


def test_consent_noted_by_staff_on_the_page_lets_the_next_letter_through(
    nordbank: Organization, alice: Staff
) -> None:
    [customer] = customers(nordbank, 1)
    version = offer(nordbank, customer)
    note = nordbank.url("billing:consent_note", customer.pk)
    for word, sending in (("yes", 1), ("no", 0)):
        signed_in(alice).post(note, {"purpose": "marketing", "channel": "email", "is_given": word})
        assert audience(version).sending == sending


def test_nobody_elses_word_counts(nordbank: Organization, charlie: Staff) -> None:
    """A customer of another organization under the same external id agreed there, not here."""
    [mine] = customers(nordbank, 1, external_id="SAME")
    [theirs] = customers(charlie.organization, 1, external_id="SAME")
    keep_consent(theirs, "email", "marketing", is_given=True, by=charlie, at=NOW)
    assert audience(offer(nordbank, mine)).held_back == {"no_consent": 1}
