"""Who receives: the preview, the send and the last look before a try agree on everyone."""

import pytest
from django.db.models import Value
from django.utils import timezone

from communications.audience import audience, members, recipients
from communications.models import Message, Suppression
from communications.models.suppressions import AddressHash, address_hash
from communications.rendering.content import Content
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from segments.models import AccountMembership
from tests.communications.factories import an_endpoint, communication, customers, segment_with, sent_by
from tests.factories import NOW, AccountFactory, AccountHolderFactory, CustomerFactory, SegmentFactory

pytestmark = pytest.mark.django_db


def test_everyone_is_counted_and_each_who_is_held_back_has_one_reason(
    nordbank: Organization, alice: Staff
) -> None:
    receiving = customers(nordbank, 3)
    held = [
        *customers(nordbank, 1, email=""),
        *customers(nordbank, 2, communications_enabled=False),
        *customers(nordbank, 1, profiling_objected_at=NOW, communications_enabled=False),
        *customers(nordbank, 1, email="Bounced@Mail.example"),
    ]
    Suppression.add(nordbank.pk, "bounced@mail.example", reason="bounced", at=NOW)
    configuration = communication(nordbank, segment_with(nordbank, *receiving, *held))
    assert configuration.version
    found = audience(configuration.version)
    assert (found.planned, found.sending) == (8, 3)
    assert found.held_back == {"no_email": 1, "disabled": 2, "objected": 1, "bounced": 1}
    run = sent_by(configuration, alice)
    assert run.planned == 8
    written = Message.objects.filter(run=run)
    assert set(written.filter(state="queued").values_list("customer", flat=True)) == {c.pk for c in receiving}
    assert written.filter(state="suppressed").exclude(held_back="").count() == 5


def test_an_objection_to_profiling_holds_back_from_marketing_only(nordbank: Organization) -> None:
    [customer] = customers(nordbank, 1, profiling_objected_at=NOW)
    service = communication(nordbank, segment_with(nordbank, customer, is_marketing=False))
    assert service.version
    assert audience(service.version).sending == 1


def test_a_webhook_needs_no_email_address(nordbank: Organization) -> None:
    [customer] = customers(nordbank, 1, email="")
    configuration = communication(nordbank, segment_with(nordbank, customer), endpoint=an_endpoint(nordbank))
    assert configuration.version
    assert audience(configuration.version).sending == 1


def test_a_segment_of_accounts_reaches_each_holder_once(nordbank: Organization) -> None:
    owner, partner, stranger = customers(nordbank, 3)
    segment = SegmentFactory(organization=nordbank, population="accounts")
    for _ in range(2):
        account = AccountFactory(organization=nordbank)
        AccountHolderFactory(account=account, customer=owner)
        AccountHolderFactory(account=account, customer=partner, role="authorised user")
        AccountMembership.objects.create(
            organization=nordbank, segment=segment, account=account, entered_at=NOW
        )
    assert set(members(segment)) == {owner, partner}
    assert stranger not in members(segment)


def test_customers_of_another_organization_are_never_reached(nordbank: Organization, charlie: Staff) -> None:
    foreign = CustomerFactory(organization=charlie.organization)
    segment = segment_with(nordbank, foreign)
    assert list(members(segment)) == []


def test_the_fingerprint_knows_everyone_and_everything_that_goes_out(
    nordbank: Organization, alice: Staff
) -> None:
    first, second, third = customers(nordbank, 3)
    configuration = communication(nordbank, segment_with(nordbank, first, second))
    version = configuration.version
    assert version
    assert version.template
    before = audience(version).fingerprint
    assert audience(version).fingerprint == before
    version.segment.customer_memberships.filter(customer=second).update(customer=third)
    swapped = audience(version).fingerprint
    assert swapped != before
    Customer.objects.filter(pk=third.pk).update(communications_enabled=False)
    held = audience(version).fingerprint
    assert held != swapped
    version.template.save_version(Content("New", "<p>New</p>"), by=alice, at=timezone.now(), based_on=1)
    assert audience(version).fingerprint != held


@pytest.mark.parametrize(
    "address", ["a@mail.example", "A.B@Mail.Example", " spaces@mail.example ", "ÜBER@mail.example"]
)
def test_the_database_hashes_addresses_as_we_do(nordbank: Organization, address: str) -> None:
    [customer] = customers(nordbank, 1, email=address)
    hashed = Customer.objects.annotate(hash=AddressHash("organization", Value(address))).get(pk=customer.pk)
    assert hashed.hash == address_hash(nordbank.pk, address)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("A@Mail.Example", "a@mail.example"),
        ("info@İSTANBUL.example", "info@İSTANBUL.example"),
        ("INFO@ΟΔΟΣ.example", "info@ΟΔΟΣ.example"),
        ("INFO@BÜRO.example", "info@büro.example"),
        (" info@mail.example ", "INFO@mail.example"),
    ],
)
def test_a_suppressed_address_is_held_back_however_it_is_written(
    nordbank: Organization, written: str, told: str
) -> None:
    [customer] = customers(nordbank, 1, email=written)
    Suppression.add(nordbank.pk, told, reason="bounced", at=NOW)
    configuration = communication(nordbank, segment_with(nordbank, customer))
    assert configuration.version
    assert recipients(configuration.version).get().held_back == "bounced"


def test_a_suppression_is_of_one_organization(nordbank: Organization, charlie: Staff) -> None:
    [customer] = customers(nordbank, 1, email="same@mail.example")
    Suppression.add(charlie.organization.pk, "same@mail.example", reason="unsubscribed", at=NOW)
    configuration = communication(nordbank, segment_with(nordbank, customer))
    assert configuration.version
    assert recipients(configuration.version).get().held_back == ""
