"""Files of what customers owe, how they pay, where else they are known, whom to write to, what they agreed to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from console import keeping as records
from console.billing import keeping
from console.billing.models import Consent, InvoiceEvent
from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from tests.factories import (
    NOW,
    AccountFactory,
    ConnectorFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    PaymentMethodFactory,
)
from tests.imports.files import counts, imported, refused

INVOICES = """invoice_id,customer_ref,number,status,total,amount_due,issued_on,due_on,note
I1,C1,2026-1,approved,100.50,,2026-11-01,2026-11-15,first
I2,C1,2026-2,Partially paid,200,50.25,2026-11-01,2026-11-15,
I3,C2,2026-3,paid,300,,2026-11-01,2026-11-15,
"""
METHODS = """method_id,customer_ref,type,status,connector,is_default,expires_on,details
M1,C1,card,failed,Stripe,yes,2026-12-31,"Visa, ends in 4242"
M2,C1,direct_debit,active,,no,,
M3,C2,PayPal,,,,,
"""
CONTACTS = """customer_ref,email,name,send_invoice
C1,bills@mail.example,Petr Účetní,yes
C2,other@mail.example,,no
"""
LINKS = """connector,customer_ref,reference,connection
Stripe,C1,cus_1,linked
Stripe,C2,,not linked
"""
CONSENTS = """customer_ref,channel,purpose,is_given,said_at
C1,email,marketing,yes,2026-11-01T10:00:00+01:00
C1,email,Offers,no,2026-11-02T10:00:00+01:00
C2,SMS,surveys,no,2026-11-01
"""


@pytest.fixture
def known(bank: Organization) -> Organization:
    for ref in ("C1", "C2"):
        CustomerFactory(organization=bank, external_id=ref)
    ConnectorFactory(organization=bank, name="Stripe")
    return bank


FILES = {
    "invoices": (INVOICES, 3),
    "payment_methods": (METHODS, 3),
    "contacts": (CONTACTS, 2),
    "connector_links": (LINKS, 2),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_comes_in_and_a_second_time_changes_nothing(known: Organization, kind: str) -> None:
    data, rows = FILES[kind]
    assert counts(imported(known, kind, data, is_dry_run=True)) == (rows, 0, 0, 0)
    assert counts(imported(known, kind, data)) == (rows, 0, 0, 0)
    assert counts(imported(known, kind, data)) == (0, 0, rows, 0)
    assert counts(imported(known, kind, data, is_dry_run=True)) == (0, 0, rows, 0)
    assert not Attribute.objects.exists()


class TestInvoices:
    def test_what_is_due_follows_from_the_status_where_it_is_not_said(self, known: Organization) -> None:
        imported(known, "invoices", INVOICES)
        found = {one.external_id: one for one in known.invoices.all()}
        assert {key: (one.status, one.amount_due) for key, one in found.items()} == {
            "I1": ("approved", Decimal("100.50")),
            "I2": ("partially_paid", Decimal("50.25")),
            "I3": ("paid", 0),
        }
        first = found["I1"]
        assert (first.currency, first.due_on, first.metadata) == (
            "CZK",
            date(2026, 11, 15),
            {"note": "first"},
        )
        assert {(e.invoice.external_id, e.before, e.after, e.amount) for e in InvoiceEvent.objects.all()} == {
            ("I1", "", "approved", 0),
            ("I2", "", "partially_paid", Decimal("149.75")),
            ("I3", "", "paid", 300),
        }

    def test_one_goes_on_to_what_can_be_reached_and_says_so(self, known: Organization) -> None:
        imported(known, "invoices", INVOICES)
        later = (
            "invoice_id,customer_ref,total,status\nI1,C1,100.50,paid\nI2,C1,200,void\nI3,C2,300,approved\n"
        )
        assert counts(imported(known, "invoices", later)) == (0, 3, 0, 0)
        assert [(one.status, one.amount_due) for one in known.invoices.order_by("external_id")] == [
            ("paid", 0),
            ("void", 0),
            ("approved", 300),
        ]
        steps = InvoiceEvent.objects.exclude(before="").order_by("invoice__external_id")
        assert [(one.before, one.after, one.amount) for one in steps] == [
            ("approved", "paid", Decimal("100.50")),
            ("partially_paid", "void", 0),
            ("paid", "approved", -300),
        ]
        again = "invoice_id,customer_ref,total,status\nI2,C1,200,approved\n"
        assert refused(imported(known, "invoices", again)) == [
            (2, "status", "approved", "The invoice is void, and can't become approved.")
        ]

    def test_a_new_total_leaves_what_was_paid(self, known: Organization) -> None:
        imported(known, "invoices", INVOICES)
        assert counts(imported(known, "invoices", "invoice_id,customer,total\nI2,C1,180\n")) == (0, 1, 0, 0)
        invoice = known.invoices.get(external_id="I2")
        assert (invoice.status, invoice.amount_due) == ("edited", Decimal("30.25"))
        less = imported(known, "invoices", "invoice_id,customer,total\nI2,C1,149.75\n")
        assert refused(less)[0][3].startswith("Nothing is due any more")

    @pytest.mark.parametrize(
        ("row", "column", "reason"),
        [
            ("X,C9,approved,1,1,,", "customer_ref", "There is no customer"),
            ("I1,C2,approved,100.50,,,", "customer_ref", "The invoice is another customer's"),
            ("X,C1,paid,5,1,,", "total", "Nothing is due of what is paid"),
            ("X,C1,partially_paid,5,,,", "total", "Of what is partly paid"),
            ("X,C1,approved,5,6,,", "total", "The total is less"),
            ("X,C1,approved,5,0,,", "total", "Nothing is due any more"),
            ("X,C1,draft,5,4,,", "total", "Nothing can be paid of it before"),
            ("X,C1,overdue,5,4,,", "status", "Write one of upcoming, draft"),
            ("X,C1,,-5,,,", "total", "Write the amount without a minus"),
            ("X,C1,,5,,2026-02-01,2026-01-01", "period_end", "The period ends before"),
        ],
    )
    def test_what_cant_be_is_refused_where_it_stands(
        self, known: Organization, row: str, column: str, reason: str
    ) -> None:
        imported(known, "invoices", INVOICES)
        head = "invoice_id,customer_ref,status,total,amount_due,period_start,period_end"
        ((line, at, _, why),) = refused(imported(known, "invoices", f"{head}\n{row}\n"))
        assert (line, at, why.startswith(reason)) == (2, column, True), why
        assert known.invoices.count() == 3

    def test_the_currency_stays(self, known: Organization) -> None:
        InvoiceFactory(customer=known.customers.get(external_id="C1"), external_id="I1", currency="EUR")
        run = imported(known, "invoices", "invoice_id,customer,total,currency\nI1,C1,100,CZK\n")
        assert "The invoice is in EUR" in refused(run)[0][3]


class TestPaymentMethods:
    def test_they_are_read(self, known: Organization) -> None:
        imported(known, "payment_methods", METHODS)
        first = known.payment_methods.get(external_id="M1")
        assert (str(first.connector), first.status, first.is_default) == ("Stripe", "failed", True)
        assert known.payment_methods.get(external_id="M3").type == "paypal"

    def test_the_last_default_takes_the_place_of_the_others(self, known: Organization) -> None:
        customer = known.customers.get(external_id="C1")
        PaymentMethodFactory(customer=customer, external_id="M0", is_default=True)
        head = "method_id,customer_ref,type,is_default\n"
        imported(known, "payment_methods", f"{head}M1,C1,card,yes\nM2,C1,card,yes\n")
        assert known.payment_methods.get(is_default=True).external_id == "M2"
        imported(known, "payment_methods", f"{head}M1,C1,card,yes\nM2,C1,card,no\n")
        assert known.payment_methods.get(is_default=True).external_id == "M1"

    def test_what_cant_be_is_refused(self, known: Organization) -> None:
        customer = known.customers.get(external_id="C2")
        PaymentMethodFactory(customer=customer, external_id="M8")
        gone = PaymentMethodFactory(customer=customer, external_id="M9")
        records.end(gone, at=NOW)
        rows = (
            "M1,C1,card,Adyen,\nM2,C1,card,,4111 1111 1111 1111\nM8,C1,card,,\nM9,C2,card,,\nM3,C1,cash,,\n"
        )
        run = imported(known, "payment_methods", f"method_id,customer_ref,type,connector,details\n{rows}")
        assert [(line, column) for line, column, _, _ in refused(run)] == [
            (2, "connector"),
            (3, "details"),
            (4, "customer_ref"),
            (5, "method_id"),
            (6, "type"),
        ]


class TestLinksAndContacts:
    def test_a_reference_is_one_customers(self, known: Organization) -> None:
        imported(known, "connector_links", LINKS)
        taken = "connector,customer_ref,reference\nStripe,C2,cus_1\nXero,C1,x\n"
        assert [why[:29] for *_, why in refused(imported(known, "connector_links", taken))] == [
            "Another customer has this ref",
            "There is no connector of this",
        ]
        twice = "connector,customer_ref,reference\nStripe,C1,cus_7\nStripe,C2,cus_7\n"
        assert [line for line, *_ in refused(imported(known, "connector_links", twice))] == [3]

    def test_names_with_spaces_do_not_run_into_each_other(self, known: Organization) -> None:
        ConnectorFactory(organization=known, name="Stripe EU")
        CustomerFactory(organization=known, external_id="EU C1")
        both = "connector,customer_ref,reference\nStripe,EU C1,a\nStripe EU,C1,b\n"
        assert counts(imported(known, "connector_links", both)) == (2, 0, 0, 0)

    def test_a_contact_is_the_same_in_any_case_of_its_address(self, known: Organization) -> None:
        first = ContactFactory(customer=known.customers.get(external_id="C1"), email="Bills@Mail.example")
        imported(known, "contacts", CONTACTS)
        first.refresh_from_db()
        assert (first.email, known.contacts.count()) == ("bills@mail.example", 2)
        again = imported(known, "contacts", f"{CONTACTS}C1,BILLS@mail.example,,no\n")
        assert [line for line, *_ in refused(again)] == [4]
        records.end(first, at=NOW)
        assert [
            line for line, *_ in refused(imported(known, "contacts", CONTACTS.replace("bills@", "BILLS@")))
        ] == [2]

    def test_a_contact_that_was_taken_off_does_not_come_back(self, known: Organization) -> None:
        contact = ContactFactory(customer=known.customers.get(external_id="C1"), email="bills@mail.example")
        records.end(contact, at=NOW)
        assert [line for line, *_ in refused(imported(known, "contacts", CONTACTS))] == [2]
        assert known.contacts.get().email == "other@mail.example"


class TestConsents:
    def test_the_last_word_stands_whatever_the_order(self, known: Organization) -> None:
        first, *rest = CONSENTS.splitlines()
        run = imported(known, "consents", "\n".join([first, *reversed(rest)]))
        assert (run.new, [why[:35] for *_, why in refused(run)]) == (
            2,
            ["Line 3 of this file has what the cu"],
        )
        said = Consent.objects.get(channel="email")
        assert (said.is_given, said.source, said.said_at) == (
            False,
            "file",
            datetime(2026, 11, 2, 9, tzinfo=UTC),
        )

    def test_what_was_said_on_a_page_later_stays(self, known: Organization, alice: Staff) -> None:
        customer = known.customers.get(external_id="C2")
        later = datetime(2026, 11, 5, tzinfo=UTC)
        keeping.keep_consent(customer, "sms", "surveys", is_given=True, by=alice, at=later)
        run = imported(known, "consents", CONSENTS)
        assert [(line, why[:31]) for line, _, _, why in refused(run)] == [
            (2, "Line 3 of this file has what th"),
            (4, "The customer said something lat"),
        ]
        said = customer.consents.get()
        assert (said.is_given, said.source, said.noted_by) == (True, "staff", alice)
        to_come = (NOW + timedelta(days=1)).isoformat()
        head = CONSENTS.splitlines()[0]
        run = imported(known, "consents", f"{head}\nC2,sms,surveys,no,{to_come}\n")
        assert refused(run)[0][3].startswith("That is still to come")


@pytest.mark.parametrize(
    ("kind", "row"),
    [("contacts", "{},x@mail.example"), ("invoices", "{},X,5"), ("account_holders", "{},A1")],
)
def test_the_erased_stay_erased_and_nothing_of_them_is_kept(
    known: Organization, alice: Staff, kind: str, row: str
) -> None:
    customer = known.customers.get(external_id="C1")
    customer.erase(reason="asked", by=alice, at=NOW)
    account = AccountFactory(organization=known, external_id="A1")
    heads = {"contacts": "customer_ref,email", "invoices": "customer_ref,invoice_id,total"}
    head = heads.get(kind, "customer_ref,account_ref")
    for ref in ("C1", customer.external_id):
        run = imported(known, kind, f"{head}\n{row.format(ref)}\n")
        rejected = run.rejected_rows.get()
        assert "erased" in rejected.reason
        assert (rejected.value, rejected.cells) == ("", [])
    assert not known.contacts.exists()
    assert not known.invoices.exists()
    assert not account.holders.exists()
