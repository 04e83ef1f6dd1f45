"""Amounts have no more decimals than their currency, whoever writes them: a page, a system or a file."""

from decimal import Decimal
from typing import Any

import pytest

from console.billing import keeping
from console.billing.amounts import TooExact
from console.billing.models import Invoice, Monitor, NotPossible
from console.ledgers.models import Asset
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.api.conftest import call as call
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, InvoiceFactory, MonitorFactory
from tests.imports.files import counts, imported, refused

WHOLE = "Amounts in JPY have no decimals. Write a whole amount, such as 10."
CASES = pytest.mark.parametrize(
    ("currency", "amount", "is_taken"),
    [
        ("JPY", "10.50", False),
        ("JPY", "10.00", True),
        ("JPY", "10", True),
        ("EUR", "10.50", True),
        ("EUR", "10.505", False),
        ("KWD", "10.505", True),
        ("KWD", "10.5055", False),
        ("XAU", "10.50551234", True),
    ],
)


@CASES
def test_an_invoice(alice: Staff, currency: str, amount: str, is_taken: bool) -> None:
    customer = CustomerFactory(organization=alice.organization)
    invoice = Invoice(
        organization=alice.organization, customer=customer, currency=currency, total=Decimal(amount)
    )
    if is_taken:
        keeping.keep_invoice(invoice, by=alice, at=NOW)
    else:
        with pytest.raises(TooExact) as refusal:
            keeping.keep_invoice(invoice, by=alice, at=NOW)
        assert (refusal.value.field, Invoice.objects.count()) == ("total", 0)


@CASES
def test_a_threshold(nordbank: Organization, currency: str, amount: str, is_taken: bool) -> None:
    monitor = MonitorFactory.build(organization=nordbank, currency=currency, threshold=Decimal(f"-{amount}"))
    if is_taken:
        keeping.keep_monitor(monitor)
    else:
        with pytest.raises(TooExact) as refusal:
            keeping.keep_monitor(monitor)
        assert (refusal.value.field, Monitor.objects.count()) == ("threshold", 0)


@pytest.mark.parametrize("figure", ["days_overdue", "transactions"])
def test_a_threshold_of_what_is_counted_is_whole(nordbank: Organization, figure: str) -> None:
    monitor = MonitorFactory.build(
        organization=nordbank, figure=figure, currency="", days=9, threshold=Decimal("2.5")
    )
    with pytest.raises(TooExact, match="Write a whole number"):
        keeping.keep_monitor(monitor)


@CASES
def test_a_payment(alice: Staff, currency: str, amount: str, is_taken: bool) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, currency=currency)
    for act in (invoice.pay, invoice.take_back):
        if is_taken:
            act(Decimal(amount), by=alice, at=NOW)
        else:
            Invoice.objects.update(amount_due=50, status="partially_paid")
            with pytest.raises(NotPossible, match="Amounts in"):
                act(Decimal(amount), by=alice, at=NOW)


def test_what_came_in_so_before_can_still_be_paid_whole(alice: Staff) -> None:
    invoice = InvoiceFactory(
        customer__organization=alice.organization, currency="JPY", total=Decimal("10.50")
    )
    invoice.pay(Decimal("10.50"), by=alice, at=NOW)
    assert invoice.status == "paid"
    invoice.take_back(Decimal("10.50"), by=alice, at=NOW)
    assert invoice.status == "approved"


@pytest.fixture
def yen(nordbank: Organization) -> Asset:
    return Asset.objects.create(
        organization=nordbank, ledger=nordbank.ledgers.get(), code="JPY", name="Yen", scale=0
    )


def test_pages_say_it_at_the_field(alice: Staff, nordbank: Organization) -> None:
    nordbank.base_currency = "JPY"
    nordbank.save()
    client, customer = signed_in(alice), CustomerFactory(organization=nordbank)
    said: dict[str, Any] = {"number": "1", "status": "approved", "currency": "JPY", "total": "10.50"}
    said |= {"whose": customer.pk, "figure": "balance", "test": "lt", "threshold": "1.5", "name": "Low"}
    for page, name in (("invoice_create", "total"), ("monitor_create", "threshold")):
        answer = client.post(nordbank.url(f"billing:{page}"), said)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {name: [WHOLE]}
    invoice = InvoiceFactory(customer=customer)
    answer = client.post(invoice.get_absolute_url() + "pay/", {"amount": "10.50"})
    assert (answer.status_code, WHOLE in answer.text) == (422, True)


def test_a_system_is_told_which_field(nordbank: Organization, call: Call) -> None:
    customer = CustomerFactory(organization=nordbank)
    bill = {"external_id": "B1", "customer_id": str(customer.pk), "currency": "JPY", "total": "10.50"}
    watch = {"name": "Low", "figure": "balance", "test": "lt", "threshold": "1.5", "currency": "JPY"}
    for url, body, field in (("/invoices", bill, "total"), ("/monitors", watch, "threshold")):
        status, problem = call("POST", url, body)
        assert status == 422
        assert problem["errors"] == [{"pointer": f"/body/{field}", "detail": WHOLE}]
    invoice = InvoiceFactory(customer=customer, currency="JPY")
    status, problem = call("POST", f"/invoices/{invoice.pk}/payments", {"amount": "10.50"})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/body/amount")


def test_a_file_is_told_row_and_column(nordbank: Organization) -> None:
    CustomerFactory(organization=nordbank, external_id="C1")
    InvoiceFactory(customer=nordbank.customers.get(), external_id="I0", currency="JPY", total=Decimal(100))
    head = "invoice_id,customer_ref,status,currency,total,amount_due"
    rows = [
        "I0,C1,,,10.5,",
        "I1,C1,approved,JPY,10.50,",
        "I2,C1,approved,JPY,10.00,10.0",
        "I3,C1,partially_paid,JPY,10,9.5",
        "I4,C1,approved,,10.505,",
        "I5,C1,approved,KWD,10.505,",
    ]
    run = imported(nordbank, "invoices", "\n".join([head, *rows]))
    euro = "Amounts in EUR have at most 2 decimals. Write such as 10.50."
    assert refused(run) == [
        (2, "total", "10.5", WHOLE),
        (3, "total", "10.50", WHOLE),
        (5, "amount_due", "9.5", WHOLE),
        (6, "total", "10.505", euro),
    ]
    assert counts(run) == (2, 0, 0, 4)
