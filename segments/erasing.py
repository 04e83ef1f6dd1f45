"""What erasing a customer means for segments: they leave at once, and no refresh lets them in again."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from console.customers.erasing import Fate, Part, naming
from console.customers.models import Customer
from segments.models import MembershipEvent, Segment


def told(customer: Customer) -> list[Fate]:
    """What goes and what stays, for the page that asks before it is done."""
    naming = ", ".join(f"“{segment}”" for segment in naming_rules(customer)[:3])
    return [
        Fate(
            "Memberships in segments",
            customer.memberships.count(),
            True,
            "They leave at once and enter none again.",
        ),
        Fate(
            "Entries and exits",
            customer.membership_events.count(),
            False,
            "Counts of past days stay as they were.",
        ),
        Fate(
            "Drafts of segments that name them",
            drafts(customer).count(),
            True,
            "Whole, with what else is in them.",
        ),
        Fate(
            "Segments whose rules name them",
            len(naming_rules(customer)),
            False,
            f"{naming}: versions never change. Write a new one without the name.",
        ),
    ]


def erase(customer: Customer, at: datetime) -> None:
    """Each membership ends with an exit, so that the events still fold to who is in."""
    left = list(customer.memberships.values_list("segment", flat=True))
    customer.memberships.all().delete()
    drafts(customer).delete()
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            organization_id=customer.organization_id,
            segment_id=segment,
            customer=customer,
            change=MembershipEvent.Change.LEFT,
            at=at,
        )
        for segment in left
    )
    Segment.objects.filter(pk__in=left, member_count__gt=0).update(member_count=F("member_count") - 1)


def naming_rules(customer: Customer) -> list[Segment]:
    """The segments in whose rules in force one of the customer's names, addresses or ids stands."""
    return list(naming(customer.organization.segments.all(), customer, "version__definition")[:20])


def drafts(customer: Customer) -> "QuerySet[Any]":
    """What staff began to write, and did not save, in which the customer is named."""
    mine = customer.organization.segment_drafts.all()
    return naming(mine, customer, "name", "description", "definition", "history")


PART = Part(told, erase)
