"""The life of an invoice: what can follow what, what is due then, and who wins where two act at once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from console.billing import keeping, life
from console.billing.models import Invoice, NotPossible
from console.organizations.models import Staff
from tests.factories import NOW, CustomerFactory, InvoiceFactory

TODAY = NOW.date()


@pytest.mark.parametrize("status", life.STATUSES)
@pytest.mark.parametrize("then", [life.APPROVED, life.VOID, life.DISCARDED, life.DRAFT])
def test_an_invoice_goes_where_its_status_lets_it(alice: Staff, status: str, then: str) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, status=status)
    is_paid = status in (life.PAID, life.PARTIALLY_PAID)
    if then in life.NEXT[status] and not (is_paid and then == life.APPROVED):
        invoice.become(then, by=alice, at=NOW)
        invoice.refresh_from_db()
        assert (invoice.status, invoice.events.get().before) == (then, status)
        assert then not in life.SETTLED or invoice.amount_due == 0
    else:
        with pytest.raises(NotPossible):
            invoice.become(then, by=alice, at=NOW)
        assert Invoice.objects.get().status == status


def test_payments_lower_what_is_due_and_one_that_comes_back_raises_it(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, total=Decimal("100"))
    steps: list[tuple[Any, str, str, str]] = [
        (invoice.pay, "40", life.PARTIALLY_PAID, "60"),
        (invoice.pay, "60", life.PAID, "0"),
        (invoice.take_back, "60", life.PARTIALLY_PAID, "60"),
        (invoice.take_back, "40", life.APPROVED, "100"),
    ]
    for act, amount, status, due in steps:
        act(Decimal(amount), by=alice, at=NOW)
        invoice.refresh_from_db()
        assert (invoice.status, invoice.amount_due) == (status, Decimal(due))
    amounts = invoice.events.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [40, 60, -60, -40]


@pytest.mark.parametrize("amount", ["0", "-1", "100.01"])
def test_no_more_is_paid_than_is_due(alice: Staff, amount: str) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, total=Decimal("100"))
    with pytest.raises(NotPossible, match=r"no more than is due: 100\.00 [A-Z]{3}\."):
        invoice.pay(Decimal(amount), by=alice, at=NOW)
    with pytest.raises(NotPossible, match="Nothing is paid"):
        invoice.take_back(Decimal("1"), by=alice, at=NOW)


def test_who_comes_second_is_told_how_it_stands_by_now(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization)
    Invoice.objects.get().become(life.VOID, by=alice, at=NOW)
    with pytest.raises(NotPossible, match="is void"):
        invoice.pay(Decimal("1"), by=alice, at=NOW)


def test_overdue_follows_from_the_day_and_is_no_status() -> None:
    invoice = InvoiceFactory.build(
        customer=None, organization=None, due_on=TODAY - timedelta(days=31), currency="EUR"
    )
    assert (invoice.days_overdue(TODAY), invoice.state(TODAY)) == (31, ("31 days overdue", "bad"))
    invoice.due_on = TODAY + timedelta(days=2)
    assert (invoice.days_overdue(TODAY), invoice.state(TODAY)[0]) == (-2, "Approved")
    for status in (life.PAID, life.VOID, life.DRAFT, life.DISCARDED):
        invoice.status = status
        assert invoice.days_overdue(TODAY) is None


def test_what_was_approved_is_edited_when_it_changes_and_keeps_what_was_paid(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, total=Decimal("100"))
    invoice.pay(Decimal("30"), by=alice, at=NOW)
    invoice.total = Decimal("120")
    keeping.keep_invoice(invoice, by=alice, at=NOW)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_due) == (life.EDITED, Decimal("90"))
    invoice.become(life.APPROVED, by=alice, at=NOW)
    assert invoice.status == life.PARTIALLY_PAID
    invoice.total = Decimal("30")
    with pytest.raises(keeping.TooLittle):
        keeping.keep_invoice(invoice, by=alice, at=NOW)


def test_a_settled_invoice_stays_as_it_is(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, status="paid")
    invoice.total = Decimal("7")
    with pytest.raises(keeping.NotNow, match="is paid and stays"):
        keeping.keep_invoice(invoice, by=alice, at=NOW)


def test_a_new_one_is_due_whole_and_has_its_id_once(alice: Staff) -> None:
    customer = CustomerFactory(organization=alice.organization)
    said: dict[str, Any] = {
        "organization": alice.organization,
        "customer": customer,
        "number": "2026-1",
        "currency": "EUR",
        "total": Decimal("9.50"),
        "due_on": date(2026, 12, 1),
    }
    keeping.keep_invoice(Invoice(**said), by=alice, at=NOW)
    invoice = Invoice.objects.get()
    assert (invoice.external_id, invoice.amount_due, invoice.status) == ("2026-1", Decimal("9.50"), "draft")
    wrongs: list[tuple[dict[str, Any], type[Exception]]] = [
        ({}, keeping.IdTaken),
        ({"currency": "XXQ"}, keeping.NoCurrency),
        ({"status": "paid"}, keeping.NotNow),
        ({"total": Decimal("-1")}, keeping.TooLittle),
        ({"period_start": date(2026, 2, 1), "period_end": date(2026, 1, 1)}, keeping.WrongPeriod),
    ]
    for wrong, refusal in wrongs:
        with pytest.raises(refusal), transaction.atomic():
            keeping.keep_invoice(Invoice(**(said | wrong)), by=alice, at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_due": Decimal("-1")},
        {"amount_due": Decimal("101")},
        {"status": "paid", "amount_due": Decimal("1")},
        {"status": "partially_paid", "amount_due": Decimal("100")},
        {"status": "overdue"},
    ],
)
def test_the_database_keeps_no_invoice_that_can_not_be(db: None, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceFactory(total=Decimal("100"), **wrong)


def test_what_a_file_tells_may_have_taken_several_steps() -> None:
    assert life.PAID in life.reachable(life.DRAFT)
    assert life.DRAFT not in life.reachable(life.APPROVED)
    assert life.reachable(life.VOID) == frozenset()


def test_a_payment_of_one_that_was_edited_since_can_come_back(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, total=Decimal("100"))
    invoice.pay(Decimal("30"), by=alice, at=NOW)
    invoice.total = Decimal("120")
    keeping.keep_invoice(invoice, by=alice, at=NOW)
    with pytest.raises(NotPossible, match="no more than was paid"):
        invoice.take_back(Decimal("31"), by=alice, at=NOW)
    invoice.take_back(Decimal("30"), by=alice, at=NOW)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_due) == (life.EDITED, Decimal("120"))
    with pytest.raises(NotPossible, match="Nothing is paid"):
        invoice.take_back(Decimal("1"), by=alice, at=NOW)


def test_nothing_is_overdue_of_an_invoice_of_nothing(alice: Staff) -> None:
    invoice = InvoiceFactory(
        customer__organization=alice.organization, total=Decimal(0), due_on=TODAY - timedelta(days=9)
    )
    assert (invoice.days_overdue(TODAY), invoice.state(TODAY)) == (None, ("Approved", "info"))
    assert not Invoice.objects.overdue(TODAY).exists()
