"""Which steps the page of an invoice offers."""

from dataclasses import dataclass

from console.billing import life
from console.billing.models import Invoice


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
