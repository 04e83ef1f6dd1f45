"""Who was in a segment on a past date, from its entries and exits."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from console.organizations.models import Organization
from segments.history.growth import moved
from segments.models import MembershipEvent, Population, Segment

ENTERED, LEFT = MembershipEvent.Change.ENTERED, MembershipEvent.Change.LEFT


def end_of(organization: Organization, on: date) -> datetime:
    """The first moment after a local day of the organization."""
    return datetime.combine(on + timedelta(days=1), time(), organization.zone)


def column_of(segment: Segment) -> str:
    """The column of an event that says whose it is."""
    return "customer" if segment.population == Population.CUSTOMERS else "account"


def members_on(segment: Segment, on: date) -> "QuerySet[Any]":
    """Who was in when the local day `on` ended, each by the entry that let them in; `is_in` says whether they are now.

    A segment's events are written one refresh after the other: their ids tell what came first, whatever clocks say.
    """
    who, until = column_of(segment), end_of(segment.organization, on)
    exits = MembershipEvent.objects.filter(
        segment=segment, change=LEFT, at__lt=until, id__gt=OuterRef("id"), **{who: OuterRef(who)}
    )
    kept: Any = getattr(segment, f"{who}_memberships").filter(**{who: OuterRef(who)})
    # One look for each row shown: of EXISTS the planner would read all members into a table first.
    is_in = Coalesce(Subquery(kept.values(found=Value(True))[:1]), Value(False))
    entries = segment.events.filter(~Exists(exits), change=ENTERED, at__lt=until)
    return entries.annotate(is_in=is_in).select_related(who, "version", "run")


def count_on(segment: Segment, on: date) -> int:
    """How many were in when the local day `on` ended."""
    before = moved(segment, until=end_of(segment.organization, on))
    return before.entered - before.left
