"""The pages of billing: what they show to whom, what they store, and what they say of what can't be."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from console.billing.evaluating import evaluate
from console.billing.models import Contact, Invoice, Monitor, PaymentMethod
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    MonitorFactory,
    PaymentMethodFactory,
    StaffFactory,
)


@pytest.fixture
def admin(alice: Staff) -> Client:
    return signed_in(alice)


def page(client: Client, bank: Organization, name: str, *args: Any, **asked: Any) -> str:
    answer = client.get(bank.url(f"billing:{name}", *args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_lists_show_what_there_is_and_find_it(admin: Client, nordbank: Organization) -> None:
    late = InvoiceFactory(
        customer__organization=nordbank,
        customer__name="Jana Nováková",
        due_on=NOW.date() - timedelta(days=400),
    )
    InvoiceFactory(
        customer__organization=nordbank, number="2026-OTHER", due_on=NOW.date() + timedelta(days=900)
    )
    shown = page(admin, nordbank, "invoice_list")
    assert "days overdue" in shown
    assert "2026-OTHER" in shown
    for asked in ({"q": "novak"}, {"state": "overdue"}, {"overdue": "30"}, {"q": late.number}):
        found = page(admin, nordbank, "invoice_list", **asked)
        assert (late.number in found, "2026-OTHER" in found) == (True, False), asked


def test_every_list_says_what_to_do_where_there_is_nothing(admin: Client, nordbank: Organization) -> None:
    for name, words in {
        "invoice_list": "No invoices yet",
        "method_list": "No payment methods yet",
        "connector_list": "No connectors yet",
        "monitor_list": "No monitors yet",
    }.items():
        assert words in page(admin, nordbank, name)


def test_an_invoice_is_entered_for_the_customer_in_the_address(admin: Client, nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank)
    url = f"{nordbank.url('billing:invoice_create')}?customer={customer.pk}"
    assert str(customer.pk) in admin.get(url).content.decode()
    said = {"whose": str(customer.pk), "number": "2026-9", "status": "approved", "currency": "EUR"}
    refused = admin.post(url, {**said, "total": "1000,50"})
    assert refused.status_code == 422
    assert admin.post(url, {**said, "total": "1,000.50", "due_on": "2026-12-01"}).status_code == 302
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.amount_due, invoice.status) == (Decimal("1000.50"),) * 2 + ("approved",)
    nobody = admin.post(nordbank.url("billing:invoice_create"), {**said, "whose": "", "total": "1"})
    assert nobody.status_code == 422
    assert Invoice.objects.count() == 1


def test_an_invoice_is_paid_and_a_payment_comes_back(admin: Client, nordbank: Organization) -> None:
    invoice = InvoiceFactory(customer__organization=nordbank)
    url = nordbank.url("billing:invoice_pay", invoice.pk)
    assert admin.post(url, {"amount": "100.01"}).status_code == 422
    assert admin.post(url, {"amount": "100.00"}).status_code == 302
    assert "Paid" in page(admin, nordbank, "invoice_detail", invoice.pk)
    assert admin.post(url, {"amount": "1", "back": "on"}).status_code == 302
    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_due) == ("partially_paid", 1)
    code = invoice.currency
    said = page(admin, nordbank, "invoice_detail", invoice.pk)
    assert f"99.00 {code} is paid, 1.00 {code} is due." in said


def test_steps_are_offered_where_they_are_possible_alone(admin: Client, nordbank: Organization) -> None:
    invoice = InvoiceFactory(customer__organization=nordbank, status="draft")
    assert ">Approve<" in page(admin, nordbank, "invoice_detail", invoice.pk)
    url = nordbank.url("billing:invoice_step", invoice.pk)
    assert admin.post(url, {"to": "void"}, follow=True).status_code == 200
    assert Invoice.objects.get().status == "draft"
    assert admin.post(url, {"to": "approved"}).status_code == 302
    assert Invoice.objects.get().status == "approved"
    shown = page(admin, nordbank, "invoice_detail", invoice.pk)
    assert "That can’t be taken back." in shown[shown.index("Void…") : shown.index("Void the invoice")]
    told = admin.post(url, {"to": "paid"}, follow=True).content.decode()
    assert ("by one of its buttons" in told, Invoice.objects.get().status) == (True, "approved")


def test_a_viewer_reads_and_changes_nothing(nordbank: Organization) -> None:
    viewer = signed_in(StaffFactory(organization=nordbank, role=Role.VIEWER))
    invoice = InvoiceFactory(customer__organization=nordbank, customer__name="Jana Nováková")
    shown = page(viewer, nordbank, "invoice_detail", invoice.pk)
    assert "Jana" not in shown
    assert "Note a payment" not in shown
    for name, args in (("invoice_create", ()), ("invoice_edit", (invoice.pk,)), ("monitor_create", ())):
        assert viewer.get(nordbank.url(f"billing:{name}", *args)).status_code == 403
    assert viewer.post(nordbank.url("billing:invoice_pay", invoice.pk), {"amount": "1"}).status_code == 403


def test_a_payment_method_is_entered_changed_and_taken_off(admin: Client, nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank)
    said = {"whose": str(customer.pk), "type": "card", "status": "active", "is_default": "on"}
    url = nordbank.url("billing:method_create")
    assert admin.post(url, {**said, "details": "4111 1111 1111 1111"}).status_code == 422
    assert admin.post(url, {**said, "details": "Visa, ends in 4242"}).status_code == 302
    method = PaymentMethod.objects.get()
    assert "Visa, ends in 4242" in page(admin, nordbank, "method_list")
    assert "their default" in page(admin, nordbank, "method_detail", method.pk)
    edit = nordbank.url("billing:method_edit", method.pk)
    seen = admin.get(edit).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    assert admin.post(edit, {"seen": seen, "type": "card", "status": "failed"}).status_code == 302
    assert PaymentMethod.objects.get().status == "failed"
    assert admin.post(nordbank.url("billing:method_delete", method.pk)).status_code == 302
    assert not PaymentMethod.objects.exists()


def test_a_connector_shows_who_is_linked_on_it(admin: Client, nordbank: Organization) -> None:
    link = ConnectorLinkFactory(customer__organization=nordbank, customer__name="Jana Nováková")
    assert "Jana Nováková" in page(admin, nordbank, "connector_detail", link.connector.pk)
    assert link.reference in page(admin, nordbank, "connector_detail", link.connector.pk, q="jana")
    assert (
        admin.post(
            nordbank.url("billing:connector_create"), {"name": "Xero", "kind": "accounting"}
        ).status_code
        == 302
    )
    again = admin.post(nordbank.url("billing:connector_create"), {"name": "Xero", "kind": "crm"})
    assert "already" in again.content.decode()


def test_a_monitor_is_set_up_evaluated_and_shows_for_whom_it_holds(
    admin: Client, nordbank: Organization
) -> None:
    InvoiceFactory(customer__organization=nordbank, customer__name="Jana Nováková", total=Decimal("600"))
    said = {"name": "Owes over 500", "figure": "unpaid", "test": "gt", "threshold": "500", "currency": "EUR"}
    create = nordbank.url("billing:monitor_create")
    assert admin.post(create, {**said, "figure": "transactions"}).status_code == 422
    assert admin.post(create, said).status_code == 302
    monitor = Monitor.objects.get()
    evaluate(monitor, at=NOW)
    shown = page(admin, nordbank, "monitor_detail", monitor.pk)
    assert "Amount due of unpaid invoices: over 500.00 EUR" in shown
    assert "Jana Nováková" in shown
    assert admin.post(nordbank.url("billing:monitor_evaluate", monitor.pk)).status_code == 302
    monitor.refresh_from_db()
    assert monitor.evaluated_at is None


def test_a_monitor_in_a_currency_of_no_ledger_keeps_it_when_it_is_edited(
    admin: Client, nordbank: Organization
) -> None:
    monitor = MonitorFactory(organization=nordbank, name="Yen", currency="JPY")
    url = nordbank.url("billing:monitor_edit", monitor.pk)
    assert '<option value="JPY" selected>' in admin.get(url).content.decode()
    said = {"name": "Yen", "figure": monitor.figure, "test": "gt", "threshold": "9", "currency": "JPY"}
    assert admin.post(url, said).status_code == 302
    monitor.refresh_from_db()
    assert (monitor.currency, monitor.threshold) == ("JPY", 9)


def test_days_are_whole_and_say_so_and_those_for_whom_it_holds_come_first(
    admin: Client, nordbank: Organization
) -> None:
    today = nordbank.local_date(NOW)
    for name, days in (("Near", 3), ("Far", 40)):
        InvoiceFactory(
            customer__organization=nordbank,
            customer__name=f"{name} Off",
            issued_on=today - timedelta(days=days + 14),
            due_on=today - timedelta(days=days),
        )
    monitor = MonitorFactory(
        organization=nordbank, figure="days_overdue", test="gt", threshold=30, currency=""
    )
    evaluate(monitor, at=NOW)
    shown = page(admin, nordbank, "monitor_detail", monitor.pk)
    assert "Days that the oldest invoice is overdue: over 30 days" in shown
    assert "Figure, days" in shown
    assert '<td class="num">40</td>' in shown
    assert shown.index("Far Off") < shown.index("Near Off")
    whose = nordbank.customers.get(name="Near Off")
    assert re.search(r">3\s+days<", page(admin, nordbank, "customer_billing", whose.pk))


def test_the_customers_page_shows_what_is_billed(admin: Client, nordbank: Organization) -> None:
    invoice = InvoiceFactory(customer__organization=nordbank)
    customer = invoice.customer
    PaymentMethodFactory(customer=customer, details="Visa, ends in 4242")
    ContactFactory(customer=customer, name="Petr Účetní")
    evaluate(MonitorFactory(organization=nordbank, name="Owes", figure="unpaid", test="gt"), at=NOW)
    url = nordbank.url("billing:customer_billing", customer.pk)
    assert url in admin.get(customer.get_absolute_url()).content.decode()
    card = admin.get(url, headers={"HX-Request": "true", "HX-Target": "customer-billing"}).content.decode()
    assert invoice.number in card
    assert "<html" not in card
    whole = admin.get(url).content.decode()
    for words in (invoice.number, "Visa, ends in 4242", "Petr Účetní", "Owes"):
        assert words in whole
    viewer = signed_in(StaffFactory(organization=nordbank, role=Role.VIEWER))
    assert "Petr" not in viewer.get(url).content.decode()


def test_what_is_overdue_is_said_first_per_currency(admin: Client, nordbank: Organization) -> None:
    late = {"status": "approved", "due_on": date(2020, 1, 31)}
    customer = InvoiceFactory(
        customer__organization=nordbank, total=Decimal("10.50"), currency="EUR", **late
    ).customer
    InvoiceFactory(
        customer=customer, total=Decimal("2.00"), currency="EUR", status="approved", due_on=date(2020, 3, 1)
    )
    InvoiceFactory(customer=customer, total=Decimal("300.00"), currency="CZK", **late)
    InvoiceFactory(
        customer=customer, total=Decimal("99.00"), currency="EUR", status="approved", due_on=date(2099, 1, 1)
    )
    url = nordbank.url("billing:customer_billing", customer.pk)
    card = admin.get(url, headers={"HX-Request": "true", "HX-Target": "customer-billing"}).content.decode()
    for shown in (card, admin.get(url).content.decode()):
        assert "2 invoices are overdue: 12.50 EUR" in shown
        assert "The oldest was due on 31 Jan 2020." in shown
        assert "1 invoice is overdue: 300.00 CZK" in shown
    nothing = InvoiceFactory(customer__organization=nordbank, status="paid", due_on=date(2020, 1, 1))
    assert "overdue:" not in page(admin, nordbank, "customer_billing", nothing.customer.pk)


def test_contacts_and_consents_are_kept_on_the_customers_page(admin: Client, nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank)
    create = nordbank.url("billing:contact_create", customer.pk)
    assert admin.post(create, {"email": "bills@b.example", "send_invoice": "on"}).status_code == 302
    assert admin.post(create, {"email": "bills@b.example"}).status_code == 422
    contact = Contact.objects.get()
    assert admin.post(nordbank.url("billing:contact_delete", contact.pk)).status_code == 302
    assert not Contact.objects.exists()
    note = nordbank.url("billing:consent_note", customer.pk)
    said = {"purpose": "marketing", "channel": "email", "is_given": "no"}
    assert admin.post(note, {**said, "channel": "smoke"}).status_code == 422
    unsaid = admin.post(note, {**said, "is_given": ""})
    assert "Choose what the customer said." in unsaid.content.decode()
    assert admin.post(note, said).status_code == 302
    assert "Declines" in page(admin, nordbank, "customer_billing", customer.pk)


def test_an_amount_is_offered_as_it_is_read_back(admin: Client, nordbank: Organization) -> None:
    for stored, shown in (("1047.23", "1,047.23"), ("47.5", "47.50"), ("1000", "1,000"), ("0.125", "0.125")):
        invoice = InvoiceFactory(customer__organization=nordbank, total=Decimal(stored))
        text = page(admin, nordbank, "invoice_edit", invoice.pk)
        assert re.search(r'name="total" value="([^"]*)"', text)[1] == shown  # type: ignore[index]  # it is there
