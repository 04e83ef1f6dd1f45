"""What erasing a customer means for what was sent to them."""

from datetime import datetime

from django.db.models import Q

from communications.audience import HeldBack
from communications.models import Attempt, Message, RenderedCopy, Suppression
from console.customers.erasing import Fate, Part, naming
from console.customers.models import Customer

SCRUBBED = "The answer went with the customer."


def told(customer: Customer) -> list[Fate]:
    messages = customer.messages.all()
    copies = RenderedCopy.objects.filter(message__in=messages)
    waiting = messages.filter(state=Message.State.QUEUED)
    return [
        Fate(
            "Copies of messages",
            copies.count(),
            True,
            "Address, subject and words, and what mail servers answered.",
        ),
        Fate(
            "Templates whose words name them",
            naming(
                customer.organization.templates.all(),
                customer,
                "version__subject",
                "version__html",
                "version__text",
            ).count(),
            False,
            "Versions never change. Write a new one without the name.",
        ),
        Fate("Messages that wait", waiting.count(), True, "They are held back: “Customer erased”."),
        Fate(
            "Messages",
            messages.count(),
            False,
            "That one was planned and what became of it, so the books balance.",
        ),
        Fate(
            "Addresses that get nothing more",
            len(addresses(customer)),
            False,
            "As hashes under a key outside the database: whoever has the address later is not written to.",
        ),
    ]


def erase(customer: Customer, at: datetime) -> None:
    """Copies and answers go, what waits is held back, the addresses are remembered as hashes."""
    messages = customer.messages.all()
    for address in addresses(customer):
        Suppression.add(customer.organization_id, address, reason=Suppression.Reason.ERASED, at=at)
    waiting = messages.filter(state=Message.State.QUEUED)
    waiting.update(
        state=Message.State.SUPPRESSED, held_back=HeldBack.ERASED, changed_at=at, lease=None, lease_until=None
    )
    messages.filter(~Q(note="")).update(note=SCRUBBED)
    Attempt.objects.filter(~Q(answer=""), message__in=messages).update(answer=SCRUBBED)
    RenderedCopy.objects.filter(message__in=messages).delete()


def addresses(customer: Customer) -> set[str]:
    """Where they are reached now, and where messages went before."""
    copies = RenderedCopy.objects.filter(message__customer=customer, message__channel="email")
    return {customer.email, *copies.values_list("address", flat=True)} - {""}


PART = Part(told, erase)
