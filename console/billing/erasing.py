"""What erasing a customer means for billing: invoices stay, how they paid and whom to write to goes."""

from datetime import datetime

from console.billing.models import (
    ConnectorLink,
    Consent,
    Contact,
    Invoice,
    MonitorReading,
    PaymentMethod,
)
from console.customers.erasing import Fate, Part
from console.customers.models import Customer

GOING = {
    "Payment methods": (PaymentMethod, "Also those that were taken off."),
    "Contacts": (Contact, "Also those that were taken off."),
    "Links to other systems": (ConnectorLink, "With the reference over there."),
    "Consents": (Consent, "Nobody writes to them any more."),
    "Figures of monitors": (MonitorReading, "They follow from the books."),
}


def told(customer: Customer) -> list[Fate]:
    """What goes and what stays, for the page that asks before it is done."""
    going = [
        Fate(what, model._base_manager.filter(customer=customer).count(), True, why)
        for what, (model, why) in GOING.items()
    ]
    kept = Fate(
        "Invoices", customer.invoices.count(), False, "The bank must keep its books, without the link to pay."
    )
    return [*going, kept]


def erase(customer: Customer, at: datetime) -> None:
    """Part of the transaction that erases the customer."""
    for model, _ in GOING.values():
        model._base_manager.filter(customer=customer).delete()
    Invoice.objects.filter(customer=customer).update(payment_link="", metadata={}, updated_at=at)


PART = Part(told, erase)
