"""What the pages of an invoice and of a payment method say of it."""

from typing import Any

from console.billing.models import Invoice, PaymentMethod
from console.portfolios.columns import linked
from console.templatetags.console import day, money


def invoice_facts(invoice: Invoice) -> list[tuple[str, Any]]:
    """Names and values of an invoice: amounts in its currency, local days."""
    begins, ends = invoice.period_start, invoice.period_end
    period = f"{day(begins)} to {day(ends)}" if begins and ends else day(begins or ends)
    return [
        ("Total", money(invoice.total, invoice.currency)),
        ("Amount due", money(invoice.amount_due, invoice.currency)),
        ("Period", period),
        ("Issued", day(invoice.issued_on)),
        ("Due", day(invoice.due_on)),
        ("Promised by", day(invoice.promise_due_on)),
        ("External id", invoice.external_id),
    ]


def method_facts(method: PaymentMethod) -> list[tuple[str, Any]]:
    """Names and values of a payment method."""
    return [
        ("Type", method.get_type_display()),
        ("Status", method.get_status_display()),
        ("Default", "yes" if method.is_default else "no"),
        ("Kept in", linked(method.connector)),
        ("Country", method.country or None),
        ("Expires", day(method.expires_on)),
        ("External id", method.external_id),
    ]
