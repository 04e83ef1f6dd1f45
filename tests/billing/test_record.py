"""Payment methods, connectors, contacts and consents: what there is once, what is refused, what goes with a person."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from console import keeping as records
from console.billing import keeping
from console.billing.models import ConnectorLink, Consent, Contact, PaymentMethod
from console.customers.disclosing import as_json
from console.customers.erasing import fates
from console.organizations.models import Organization, Staff
from tests.factories import (
    NOW,
    ConnectorFactory,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    PaymentMethodFactory,
)
from tests.races import racing


def test_a_customer_has_one_default_and_the_later_one_takes_its_place(nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank)
    first, second = (
        PaymentMethod(organization=nordbank, customer=customer, type="card", is_default=True, external_id=one)
        for one in ("M1", "M2")
    )
    for method in (first, second):
        keeping.keep_method(method, at=NOW)
    assert list(PaymentMethod.objects.filter(is_default=True)) == [second]
    with pytest.raises(keeping.IdTaken):
        keeping.keep_method(
            PaymentMethod(organization=nordbank, customer=customer, type="upi", external_id="M1"), at=NOW
        )


@pytest.mark.parametrize("details", ["4111 1111 1111 1111", "CZ65 0800 0000 1920 0014 5399"])
def test_no_whole_number_of_a_card_or_account_is_kept(nordbank: Organization, details: str) -> None:
    method = PaymentMethod(
        organization=nordbank, customer=CustomerFactory(organization=nordbank), type="card", details=details
    )
    with pytest.raises(keeping.WholeNumber, match="last four"):
        keeping.keep_method(method, at=NOW)


def test_a_customer_stands_once_on_a_connector_and_a_reference_is_one_customers(
    nordbank: Organization,
) -> None:
    link = ConnectorLinkFactory(customer__organization=nordbank, reference="cus_1")
    again = ConnectorLink(
        organization=nordbank, customer=link.customer, connector=link.connector, connection="not linked"
    )
    keeping.keep_link(again)
    assert ConnectorLink.objects.get().connection == "not linked"
    keeping.keep_link(link)
    other = CustomerFactory(organization=nordbank)
    with pytest.raises(keeping.ReferenceTaken, match="Another customer is “cus_1”"):
        keeping.keep_link(
            ConnectorLink(organization=nordbank, customer=other, connector=link.connector, reference="cus_1")
        )


def test_a_connector_that_goes_unlinks_and_leaves_the_methods(nordbank: Organization) -> None:
    link = ConnectorLinkFactory(customer__organization=nordbank)
    method = PaymentMethodFactory(customer=link.customer, connector=link.connector)
    records.end(link.connector, at=NOW)
    link.refresh_from_db()
    method.refresh_from_db()
    assert (link.connection, method.connector) == ("not linked", None)
    assert not nordbank.connectors.exists()
    ConnectorFactory(organization=nordbank, name=link.connector.name)


def test_a_contact_that_was_taken_off_can_come_again(nordbank: Organization) -> None:
    contact = ContactFactory(customer__organization=nordbank, email="a@b.example")
    twin = Contact(organization=nordbank, customer=contact.customer, email="a@b.example")
    with pytest.raises(keeping.ContactTaken):
        keeping.keep_contact(twin)
    records.end(contact, at=NOW)
    keeping.keep_contact(twin)
    assert Contact.objects.get() == twin


def test_a_consent_is_the_last_word_and_says_when(alice: Staff) -> None:
    customer = CustomerFactory(organization=alice.organization)
    for days, is_given in ((0, True), (1, False)):
        at = NOW + timedelta(days=days)
        keeping.keep_consent(customer, "email", "marketing", is_given=is_given, by=alice, at=at)
    consent = Consent.objects.get()
    assert (consent.is_given, consent.said_at) == (False, NOW + timedelta(days=1))


def test_erasing_takes_what_names_them_and_leaves_the_books(alice: Staff) -> None:
    bank = alice.organization
    link = ConnectorLinkFactory(customer__organization=bank)
    customer = link.customer
    invoice = InvoiceFactory(customer=customer, payment_link="https://pay.example/1", metadata={"note": "x"})
    PaymentMethodFactory(customer=customer)
    ContactFactory(customer=customer)
    keeping.keep_consent(customer, "email", "billing", is_given=True, by=alice, at=NOW)
    told = {fate.what: fate.is_going for fate in fates(customer)}
    assert told | {"Payment methods": True, "Contacts": True, "Invoices": False} == told
    customer.erase(reason="Asked for", by=alice, at=NOW)
    for model in (PaymentMethod, Contact, ConnectorLink, Consent):
        assert not model._base_manager.exists()
    invoice.refresh_from_db()
    assert (invoice.payment_link, invoice.metadata, invoice.status) == ("", {}, "approved")
    with pytest.raises(keeping.Erased):
        keeping.keep_contact(Contact(organization=bank, customer=customer, email="a@b.example"))


def test_what_is_held_is_handed_over(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, number="2026-77")
    ContactFactory(customer=invoice.customer, email="bills@b.example")
    file = "".join(as_json(invoice.customer, at=NOW))
    assert "2026-77" in file
    assert "bills@b.example" in file


def test_a_contact_is_there_once_whatever_the_case_of_its_address(nordbank: Organization) -> None:
    contact = ContactFactory(customer__organization=nordbank, email="Jana@B.example")
    for email in ("jana@b.example", "JANA@B.EXAMPLE"):
        with pytest.raises(keeping.ContactTaken):
            keeping.keep_contact(Contact(organization=nordbank, customer=contact.customer, email=email))
    contact.email = "jana@b.example"
    keeping.keep_contact(contact)
    keeping.keep_contact(
        ContactFactory.build(organization=nordbank, customer=contact.customer, email="janb@b.example")
    )
    keeping.keep_contact(
        ContactFactory.build(
            organization=nordbank, customer=CustomerFactory(organization=nordbank), email="JANA@b.example"
        )
    )


@pytest.mark.django_db(transaction=True)
def test_of_twins_that_are_added_at_once_one_stays(nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank)

    def add(email: str) -> None:
        with suppress(keeping.ContactTaken):
            keeping.keep_contact(Contact(organization=nordbank, customer=customer, email=email))

    with racing() as at_once:
        for turn in range(8):
            at_once(partial(add, f"jana{turn}@b.example"), partial(add, f"Jana{turn}@B.example"))
            assert customer.contacts.filter(email__iexact=f"jana{turn}@b.example").count() == 1
