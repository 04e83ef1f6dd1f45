"""What the page of an invoice says of it, and which steps it offers."""

from dataclasses import dataclass
from typing import Any

from console.billing import life
from console.billing.models import Invoice, PaymentMethod
from console.portfolios.columns import linked
from console.templatetags.console import day, money


@dataclass(frozen=True)
class Step:
    """A button: the status that it leads to, what it says, and whether there is no way back from it."""

    to: str
    label: str
    is_final: bool = False


STEPS = {
    life.DRAFT: Step(life.DRAFT, "Make it a draft"),
    life.APPROVED: Step(life.APPROVED, "Approve"),
    life.VOID: Step(life.VOID, "Void", is_final=True),
    life.DISCARDED: Step(life.DISCARDED, "Discard", is_final=True),
}


def steps(invoice: Invoice) -> list[Step]:
    """What can be done with it by one press of a button: payments are an amount, and changes a form."""
    is_paid = invoice.status in (life.PAID, life.PARTIALLY_PAID)
    possible = life.NEXT[invoice.status] - ({life.APPROVED} if is_paid else set())
    return [step for to, step in STEPS.items() if to in possible]


def facts(invoice: Invoice) -> list[tuple[str, Any]]:
    """Names and values: amounts in the invoice's currency, local days."""
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
