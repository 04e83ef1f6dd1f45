"""An invoice is paid as it was approved: what was changed since is approved again first, by whoever saw the change."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from console.billing import keeping, life
from console.billing.models import Invoice, NotPossible
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.api.conftest import call as call
from tests.conftest import signed_in
from tests.factories import NOW, InvoiceFactory
from tests.imports.files import counts, imported, refused

ROLES = pytest.mark.parametrize("status", [life.UPCOMING, life.DRAFT, life.EDITED])


@pytest.fixture
def edited(alice: Staff) -> Invoice:
    """100 were approved; 9,000 stand there since."""
    invoice: Invoice = InvoiceFactory(customer__organization=alice.organization, total=Decimal("100"))
    invoice.total = Decimal("9000")
    keeping.keep_invoice(invoice, by=alice, at=NOW)
    return invoice


@pytest.fixture
def client(alice: Staff) -> Client:
    return signed_in(alice)


@ROLES
def test_nothing_is_paid_of_what_nobody_approved(alice: Staff, status: str) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization, status=status)
    with pytest.raises(NotPossible, match="Approve"):
        invoice.pay(Decimal(1), by=alice, at=NOW)
    assert Invoice.objects.get().amount_due == 100
    if status != life.UPCOMING:
        assert not {life.PAID, life.PARTIALLY_PAID} & life.NEXT[status]


def test_what_was_changed_is_paid_once_it_is_approved_again(alice: Staff, edited: Invoice) -> None:
    with pytest.raises(NotPossible, match="changed after it was approved"):
        edited.pay(Decimal(100), by=alice, at=NOW)
    edited.become(life.APPROVED, by=alice, at=NOW)
    edited.pay(Decimal(9000), by=alice, at=NOW)
    assert Invoice.objects.get().status == life.PAID


def test_it_is_owed_all_the_same_and_what_came_back_can_be_noted(alice: Staff) -> None:
    invoice = InvoiceFactory(
        customer__organization=alice.organization, total=Decimal("100"), due_on=date(2026, 1, 1)
    )
    invoice.pay(Decimal(30), by=alice, at=NOW)
    invoice.number = "other"
    keeping.keep_invoice(invoice, by=alice, at=NOW)
    assert alice.organization.invoices.overdue(NOW.date()).get().status == life.EDITED
    invoice.take_back(Decimal(30), by=alice, at=NOW)
    assert (invoice.status, invoice.amount_due) == (life.EDITED, 100)


def test_a_link_to_pay_is_approved_with_the_rest(alice: Staff) -> None:
    invoice = InvoiceFactory(customer__organization=alice.organization)
    invoice.promise_due_on, invoice.metadata = date(2026, 12, 24), {"told": "by phone"}
    keeping.keep_invoice(invoice, by=alice, at=NOW)
    assert invoice.status == life.APPROVED
    invoice.payment_link = "https://elsewhere.example/1"
    keeping.keep_invoice(invoice, by=alice, at=NOW)
    assert invoice.status == life.EDITED


def test_the_page_says_so_and_takes_no_payment(client: Client, edited: Invoice) -> None:
    page = client.get(edited.get_absolute_url()).text
    assert "Approve it again, and payments can be noted" in page
    assert ">Paid<" not in page
    answer = client.post(edited.get_absolute_url() + "pay/", {"amount": "100"})
    assert (answer.status_code, "changed after it was approved" in answer.text) == (422, True)


def test_who_approves_approves_what_they_saw(client: Client, alice: Staff, edited: Invoice) -> None:
    page, seen = edited.get_absolute_url(), Invoice.objects.get().updated_at.isoformat()
    assert f'name="seen" value="{seen}"' in client.get(page).text
    edited.total = Decimal("90000")
    keeping.keep_invoice(edited, by=alice, at=NOW)
    answer = client.post(page + "step/", {"to": "approved", "seen": seen}, follow=True)
    assert "was changed since" in answer.text
    assert Invoice.objects.get().status == life.EDITED
    client.post(page + "step/", {"to": "approved", "seen": Invoice.objects.get().updated_at.isoformat()})
    assert Invoice.objects.get().status == life.APPROVED


def test_a_system_is_told_the_same(call: Call, edited: Invoice) -> None:
    status, problem = call("POST", f"/invoices/{edited.pk}/payments", {"amount": "100"})
    assert (status, "changed after it was approved" in problem["detail"]) == (409, True)
    assert call("POST", f"/invoices/{edited.pk}/status", {"status": "approved"})[0] == 200
    assert call("POST", f"/invoices/{edited.pk}/payments", {"amount": "9000"})[1]["status"] == "paid"


class TestFiles:
    """A file that says a status is the other system's word for it; one that says none approves nothing."""

    HEAD = "invoice_id,customer_ref,total,status,due_on\n"

    @pytest.fixture
    def bank(self, nordbank: Organization) -> Organization:
        InvoiceFactory(customer__organization=nordbank, customer__external_id="C1", external_id="I1")
        return nordbank

    @pytest.fixture
    def read(self, bank: Organization) -> Callable[[str], Any]:
        return lambda row: imported(bank, "invoices", f"{self.HEAD}{row}\n")

    @pytest.mark.parametrize("row", ["I1,C1,9000,,2026-12-13", "I1,C1,100,,2027-12-13"])
    def test_what_it_changes_without_a_status_is_to_be_approved(
        self, bank: Organization, read: Callable[[str], Any], row: str
    ) -> None:
        assert counts(read(row)) == (0, 1, 0, 0)
        invoice = bank.invoices.get()
        assert (invoice.status, invoice.events.get().after) == (life.EDITED, life.EDITED)
        assert counts(read(row)) == (0, 0, 1, 0)

    def test_what_it_leaves_as_it_is_stays_approved(
        self, bank: Organization, read: Callable[[str], Any]
    ) -> None:
        assert counts(read("I1,C1,100.00,,2026-12-13")) == (0, 0, 1, 0)
        assert bank.invoices.get().status == life.APPROVED

    def test_what_it_says_to_be_approved_is(self, bank: Organization, read: Callable[[str], Any]) -> None:
        read("I1,C1,9000,approved,2026-12-13")
        assert bank.invoices.get().status == life.APPROVED
        assert not refused(read("I1,C1,9000,paid,2026-12-13"))
