"""What messages add to the data that is handed over to a customer."""

from communications.erasing import addresses
from communications.models import RenderedCopy, Suppression
from communications.models.suppressions import address_hash
from console.customers.disclosing import Rows, Section
from console.customers.models import Customer


def messages(customer: Customer) -> Rows:
    found = customer.messages.select_related("configuration", "copy").order_by("-pk")
    for message in found.iterator(chunk_size=500):
        copy = RenderedCopy.of(message)
        yield {
            "planned_at": message.created_at,
            "channel": message.channel,
            "communication": message.configuration.name if message.configuration else "",
            "state": message.get_state_display(),
            "held_back": message.get_held_back_display() if message.held_back else "",
            "sent_at": message.sent_at,
            "address": copy.address if copy else "",
            "subject": copy.subject if copy else "",
            "text": copy.text if copy else "",
        }


def suppressions(customer: Customer) -> Rows:
    known = {address_hash(customer.organization_id, one): one for one in addresses(customer)}
    entries = Suppression.objects.filter(organization=customer.organization, address_hash__in=known)
    for entry in entries.order_by("-at"):
        yield {"address": known[entry.address_hash], "reason": entry.get_reason_display(), "since": entry.at}


SECTIONS = [
    Section(
        "messages",
        "Messages to you",
        (
            ("planned_at", "Planned"),
            ("communication", "Communication"),
            ("state", "State"),
            ("held_back", "Held back"),
            ("address", "To"),
            ("subject", "Subject"),
        ),
        messages,
    ),
    Section(
        "suppressions",
        "Addresses that get nothing more",
        (("address", "Address"), ("reason", "Why"), ("since", "Since")),
        suppressions,
    ),
]
