"""Billing in a real browser: a bill is paid in part, changed and approved anew; what a customer owes; a watch kept."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from console.billing.evaluating import evaluate
from console.billing.models import Consent, Monitor
from console.organizations.models import Organization
from tests.factories import (
    NOW,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    PaymentMethodFactory,
)
from tests.journeys.walk import SIZE, Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LAPTOP = 1280
TOO_WIDE = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)"


def a_draft_and_an_overdue_one(nordbank: Organization) -> Any:
    """Two bills of one customer; the draft."""
    bill = InvoiceFactory(
        customer=CustomerFactory(organization=nordbank, name="Jana Nováková"),
        number="2026-00015440",
        status="draft",
        total=Decimal("1047.23"),
    )
    InvoiceFactory(customer=bill.customer, number="2026-00015441", due_on=NOW.date() - timedelta(days=40))
    return bill


def test_a_bill_is_approved_paid_in_part_and_approved_anew(walk: Walk, nordbank: Organization) -> None:
    page = walk.page
    walk.opens("billing:invoice_list")
    expect(page.get_by_role("heading", name="No invoices yet")).to_be_visible()
    walk.looks_everywhere("invoices-empty")
    bill = a_draft_and_an_overdue_one(nordbank)
    page.reload()
    walk.looks_everywhere("invoices")
    walk.page.set_viewport_size({"width": 390, "height": 900})
    number = page.get_by_role("rowheader", name=bill.number)
    assert number.evaluate("cell => cell.firstChild.getClientRects().length") == 1
    walk.page.set_viewport_size(SIZE)
    number.get_by_role("link").press("Enter")
    walk.tabs_to(page.get_by_role("button", name="Approve"))
    walk.presses("Enter")
    expect(page.get_by_text("Approved by")).to_be_visible()
    walk.types("Amount, EUR", "1,5")
    walk.presses("Enter")
    expect(page.locator(".fault")).to_have_text(
        "Write a number such as 1,000.00, with a point before the decimals."
    )
    walk.looks_everywhere("invoice-fault")
    walk.types("Amount, EUR", "47.23")
    walk.presses("Enter")
    expect(page.get_by_text("47.23 EUR paid")).to_be_visible()
    walk.presses("e")
    expect(page.get_by_label("Total")).to_have_value("1,047.23")
    page.get_by_label("Total").fill("1,100")
    walk.presses("Control+s")
    warning = page.locator(".note", has_text="It was changed after it was approved")
    expect(warning).to_be_visible()
    lines = warning.evaluate("note => note.getBoundingClientRect().height / 20")
    assert lines < 6, "The words of the note stand in a column of their own."
    walk.looks_everywhere("invoice")
    page.get_by_role("button", name="Approve").press("Enter")
    expect(warning).to_have_count(0)


def test_what_a_customer_owes_fits_a_small_laptop(walk: Walk, nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank, name="Řeznictví Kučera s.r.o.")
    for number, days in ((1, 400), (2, 30), (3, -20)):
        InvoiceFactory(
            customer=customer,
            number=f"2026-0001544{number}",
            total=Decimal("12345.67"),
            issued_on=NOW.date() - timedelta(days=days + 14),
            due_on=NOW.date() - timedelta(days=days),
            status="approved" if number > 1 else "partially_paid",
        )
    link = ConnectorLinkFactory(customer=customer, connector__name="Stripe", reference="cus_0042")
    PaymentMethodFactory(customer=customer, connector=link.connector, details="Visa, ends in 4242")
    ContactFactory(customer=customer, name="Eva Účetní", email="bills@kucera.example")
    page = walk.page
    walk.opens("billing:customer_billing", customer.pk)
    page.set_viewport_size({"width": LAPTOP, "height": 900})
    assert page.locator(".table-scroll").evaluate_all(TOO_WIDE) == []
    page.set_viewport_size(SIZE)
    walk.looks_everywhere("customer-billing")
    page.get_by_role("button", name="Note it").press("Enter")
    expect(page.locator(".fault")).to_have_text("Choose what the customer said.")
    assert not Consent.objects.exists()
    for name, noun in (("connector_list", "connectors"), ("method_list", "methods")):
        walk.opens(f"billing:{name}")
        walk.looks_everywhere(noun)
        page.get_by_role("rowheader").get_by_role("link").first.press("Enter")
        expect(page.get_by_role("link", name="Delete")).to_be_visible()
        walk.looks_everywhere(noun.removesuffix("s"))


def test_a_figure_is_watched(walk: Walk, nordbank: Organization) -> None:
    for name, days in (("Jana Nováková", 40), ("Petr Malý", 3)):
        customer = CustomerFactory(organization=nordbank, name=name)
        InvoiceFactory(customer=customer, due_on=NOW.date() - timedelta(days=days))
    page, sheet = walk.page, walk.page.locator("#sheet")
    walk.opens("billing:monitor_list")
    walk.presses("n")
    expect(sheet.get_by_role("heading", name="New monitor")).to_be_visible()
    walk.presses("Control+s")
    expect(sheet.locator(".fault")).to_have_count(2)
    walk.looks_everywhere("monitor-faults")
    sheet.get_by_label("Name").fill("Very late")
    sheet.get_by_label("Figure").select_option("Days that the oldest invoice is overdue")
    sheet.get_by_label("Holds where it").select_option("is over")
    sheet.get_by_label("Threshold").fill("30")
    walk.presses("Control+s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Very late")
    expect(page.get_by_text("Nobody is counted yet.")).to_be_visible()
    evaluate(Monitor.objects.get(), at=NOW)
    page.reload()
    expect(page.get_by_role("row", name="Jana Nováková 40")).to_contain_text("Holds")
    expect(page.get_by_role("row", name="Petr Malý 3")).to_contain_text("Does not hold")
    walk.looks_everywhere("monitor")
    walk.opens("billing:monitor_list")
    walk.looks_everywhere("monitors")
