"""Events of billing: whoever writes it, each table tells its endpoints, in ids and codes that name nobody."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from communications.models import DomainEvent, Endpoint, Message
from console.billing import keeping
from console.billing.evaluating import evaluate
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from tests.communications.factories import an_endpoint, says
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AccountHolderFactory,
    ConnectorFactory,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    MonitorFactory,
    OrganizationFactory,
    PaymentMethodFactory,
)
from tests.imports.files import imported

pytestmark = pytest.mark.django_db
OF_BILLING = ("invoice", "payment-method", "connector", "connector-link", "contact", "consent", "monitor")


@pytest.fixture
def jana(nordbank: Organization) -> Customer:
    made: Customer = CustomerFactory(
        organization=nordbank, external_id="C1", name="Jana Nováková", email="jana@mail.example"
    )
    return made


@pytest.fixture
def listener(nordbank: Organization, jana: Customer) -> Endpoint:
    """Told of everything of billing that happens after the customer is there."""
    events = [each for each in DomainEvent.values if each.partition(".")[0] in OF_BILLING]
    return an_endpoint(nordbank, events=events)


def told(endpoint: Endpoint) -> list[tuple[str, dict[str, Any]]]:
    """Event and details of each, with the ids that every one has left out."""
    rows = endpoint.messages.order_by("pk").values_list("event", "details")
    usual = {"id", "organizationId", "updatedAt"}
    return [(event, {key: details[key] for key in details.keys() - usual}) for event, details in rows]


def test_an_invoice_tells_its_life_by_status(listener: Endpoint, jana: Customer, alice: Staff) -> None:
    invoice = InvoiceFactory(customer=jana, total=Decimal(100), status="approved", due_on=NOW.date())
    invoice.pay(Decimal(40), by=alice, at=NOW)
    invoice.pay(Decimal(60), by=alice, at=NOW)
    whose = {"customerId": str(jana.pk)}
    assert told(listener) == [
        ("invoice.created", whose | {"status": "approved"}),
        ("invoice.updated", whose | {"status": "paid", "changed": ["amountDue", "status"]}),
    ]


KEPT: dict[str, tuple[Callable[[Customer], Any], str]] = {
    "payment-method": (lambda one: PaymentMethodFactory(customer=one, details="Visa"), "details"),
    "connector": (lambda one: ConnectorFactory(organization=one.organization), "name"),
    "contact": (lambda one: ContactFactory(customer=one, name="Petr Novák"), "name"),
    "monitor": (lambda one: MonitorFactory(organization=one.organization, figure="unpaid"), "name"),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_record_is_told_of_from_its_first_day_to_its_last(
    name: str, listener: Endpoint, jana: Customer
) -> None:
    make, field = KEPT[name]
    thing = make(jana)
    Message.objects.exclude(event__startswith=f"{name}.").delete()
    setattr(thing, field, "Pavla Malá")
    thing.save()
    type(thing).objects.filter(pk=thing.pk).update(deleted_at=NOW)
    assert [event for event, _ in told(listener)] == [
        f"{name}.{what}" for what in ("created", "updated", "deleted")
    ]
    assert told(listener)[1][1]["changed"] == [field]
    assert {row["id"] for row in listener.messages.values_list("details", flat=True)} == {str(thing.pk)}
    assert "Pavla" not in json.dumps(told(listener))


def test_a_link_and_a_consent_are_told_of_with_what_they_say(listener: Endpoint, jana: Customer) -> None:
    link = ConnectorLinkFactory(customer=jana, reference="cus_1")
    says(jana)
    says(jana, agrees=False, at=NOW + timedelta(days=1))
    linked = told(listener)[1]
    assert linked[0] == "connector-link.created"
    assert linked[1] == {
        "customerId": str(jana.pk),
        "connectorId": str(link.connector_id),
        "connection": "linked",
    }
    (first, agreed), (second, declined) = told(listener)[2:]
    assert (first, agreed["isGiven"], agreed["purpose"]) == ("consent.created", True, "marketing")
    assert (second, declined["isGiven"], declined["channel"]) == ("consent.updated", False, "email")
    assert declined["changed"] == ["isGiven", "saidAt"]


def test_what_goes_with_an_erased_customer_is_told_of_once(
    listener: Endpoint, jana: Customer, alice: Staff
) -> None:
    PaymentMethodFactory(customer=jana)
    gone = ContactFactory(customer=jana)
    type(gone).objects.filter(pk=gone.pk).update(deleted_at=NOW)
    says(jana)
    ConnectorLinkFactory(customer=jana)
    Message.objects.all().delete()
    jana.erase(reason="Asked for it.", by=alice, at=timezone.now())
    found = told(listener)
    assert sorted(event for event, _ in found) == [
        "connector-link.deleted",
        "consent.deleted",
        "payment-method.deleted",
    ]
    assert {details["customerId"] for _, details in found} == {str(jana.pk)}


def test_a_monitor_that_is_evaluated_is_no_news(listener: Endpoint, jana: Customer) -> None:
    monitor = MonitorFactory(organization=jana.organization, figure="balance", currency="EUR", threshold=1)
    AccountHolderFactory(customer=jana, account__organization=jana.organization)
    Message.objects.all().delete()
    evaluate(monitor, at=NOW)
    assert told(listener) == []


def test_a_page_and_a_file_tell_it_as_well(listener: Endpoint, jana: Customer, alice: Staff) -> None:
    bank = jana.organization
    note = bank.url("billing:consent_note", jana.pk)
    signed_in(alice).post(note, {"purpose": "surveys", "channel": "post", "is_given": "yes"})
    imported(bank, "contacts", "customer,email,name\nC1,bills@mail.example,Petr\nC1,two@mail.example,Eva\n")
    events = [event for event, _ in told(listener)]
    assert events == ["consent.created", "contact.created", "contact.created"]
    assert "mail.example" not in json.dumps(told(listener))


def test_nobody_else_is_told(listener: Endpoint, jana: Customer) -> None:
    other = an_endpoint(OrganizationFactory(), events=listener.events)
    keeping.keep_consent(jana, "sms", "surveys", is_given=True, by=None, at=NOW)
    assert [event for event, _ in told(listener)] == ["consent.created"]
    assert told(other) == []
