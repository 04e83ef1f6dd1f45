"""What segments add to the data that is handed over to a customer."""

from console.customers.disclosing import Rows, Section
from console.customers.models import Customer


def memberships(customer: Customer) -> Rows:
    for one in customer.memberships.select_related("segment__version").order_by("-entered_at"):
        yield {
            "segment": one.segment.name,
            "description": one.segment.description,
            "since": one.entered_at,
            "is_marketing": one.segment.is_marketing,
            "rules": one.segment.version.definition if one.segment.version else None,
        }


def history(customer: Customer) -> Rows:
    events = customer.membership_events.select_related("segment", "version").order_by("-at", "-pk")
    for event in events.iterator(chunk_size=500):
        yield {
            "at": event.at,
            "segment": event.segment.name,
            "change": event.change,
            "version": event.version.number if event.version else None,
        }


SECTIONS = [
    Section(
        "segments",
        "Segments you are in",
        (
            ("segment", "Segment"),
            ("description", "What for"),
            ("since", "Since"),
            ("is_marketing", "Marketing"),
        ),
        memberships,
    ),
    Section(
        "segment_history",
        "Segments you entered and left",
        (("at", "When"), ("segment", "Segment"), ("change", "What happened"), ("version", "Rules, version")),
        history,
    ),
]
