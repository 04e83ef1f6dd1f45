"""How a segment grew: members at the end of each day, and who entered and left on it, from its entries and exits."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count
from django.db.models.functions import TruncDate

from console.charts import Chart, Series, bar_chart, line_chart
from segments.models import Segment

DAYS = 84
WIDTH = 814
MARKED = 4


@dataclass(frozen=True)
class Day:
    """A local day of the organization: members when it ended, and who entered and left on it."""

    on: date
    members: int
    entered: int
    left: int


def days_of(segment: Segment, at: datetime) -> list[Day]:
    """The last twelve weeks of a segment day by day, from the first of them on which somebody entered or left."""
    entered, left = _by_day(segment, at)
    first, today = min([*entered, *left], default=None), segment.organization.local_date(at)
    if first is None or segment.member_count is None:
        return []
    members, found = segment.member_count, []
    for n in range((today - first).days + 1):
        day = today - timedelta(days=n)
        found.append(Day(day, members, entered[day], left[day]))
        members -= entered[day] - left[day]
    return found[::-1]


def growth(segment: Segment, at: datetime) -> list[Chart]:
    """A line of members, and bars of entries and exits if there were any, over twelve weeks; nothing before the second
    day of counting.

    The day of the very first count has no bar: everybody entered on it, and no other day could be read beside it.
    """
    days = days_of(segment, at)
    if len(days) <= 1:
        return []
    changing = (
        days[1:] if days[0].members == days[0].entered else days
    )  # all of them entered on the first day
    line = line_chart(
        "Members by day",
        [Series("members", [(day.on, Decimal(day.members)) for day in days])],
        size=(WIDTH, 120),
        marked=_versions(segment, days[0].on, days[-1].on),
    )
    if not any(day.entered or day.left for day in changing):
        return [line]
    bars = [
        Series("entered", [(day.on, Decimal(day.entered)) for day in changing]),
        Series("left", [(day.on, Decimal(-day.left)) for day in changing], "two"),
    ]
    return [line, bar_chart("Entered and left by day", bars, size=(WIDTH, 110))]


def _by_day(segment: Segment, at: datetime) -> tuple[Counter[date], Counter[date]]:
    """Entries and exits by local day; those before the twelve weeks are left out, so the line starts where it stood."""
    recent = segment.events.filter(at__gte=at - timedelta(days=DAYS))
    by_day = recent.annotate(day=TruncDate("at", tzinfo=segment.organization.zone)).values("day", "change")
    found: dict[str, Counter[date]] = {"entered": Counter(), "left": Counter()}
    for row in by_day.annotate(n=Count("pk")).order_by():
        found[row["change"]][row["day"]] = row["n"]
    return found["entered"], found["left"]


def _versions(segment: Segment, since: date, until: date) -> list[tuple[date, str]]:
    """The days on which the last few versions of the rules were saved, after the first day that is shown."""
    saved = segment.versions.values_list("number", "created_at")[:MARKED]
    days = {segment.organization.local_date(at): number for number, at in reversed(list(saved))}
    return [(on, f"version {number}") for on, number in days.items() if since < on <= until]
