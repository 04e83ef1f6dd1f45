"""How a segment grew: members at the end of each day, and who entered and left on it, from its entries and exits."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from console.charts import Chart, Series, bar_chart, line_chart
from segments.models import MembershipEvent, Run, Segment

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
    entered, left = _by_day(segment, at - timedelta(days=DAYS))
    first, today = min([*+entered, *+left], default=None), segment.organization.local_date(at)
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


class Moved(NamedTuple):
    """How many entries and exits there were."""

    entered: int
    left: int


def moved(segment: Segment, *, since: datetime | None = None, until: datetime | None = None) -> Moved:
    """Entries and exits from the moment `since` on, before the moment `until`."""
    entered, left = _by_day(segment, since, until)
    return Moved(entered.total(), left.total())


def _by_day(
    segment: Segment, since: datetime | None, until: datetime | None = None
) -> tuple[Counter[date], Counter[date]]:
    """Entries and exits by local day: what each run counted, and those that no run caused, one by one.

    Those before the moment `since` are left out, so the line starts where it stood.
    """
    zone, found = segment.organization.zone, (Counter[date](), Counter[date]())
    bounds = {f"at__{test}": moment for test, moment in (("gte", since), ("lt", until)) if moment}
    runs = segment.runs.filter(
        state=Run.State.DONE, **{f"started_{test}": moment for test, moment in bounds.items()}
    )
    counted = runs.annotate(day=TruncDate("started_at", tzinfo=zone)).values("day").order_by()
    for day, entered, left in counted.values_list("day", Sum("entered"), Sum("left")):
        found[0][day] += entered or 0
        found[1][day] += left or 0
    events = segment.events.filter(run=None, **bounds)
    by_day = events.annotate(day=TruncDate("at", tzinfo=zone)).values("day", "change").order_by()
    for day, change, number in by_day.values_list("day", "change", Count("pk")):
        found[change == MembershipEvent.Change.LEFT][day] += number
    return found


def _versions(segment: Segment, since: date, until: date) -> list[tuple[date, str]]:
    """The days on which the last few versions of the rules were saved, after the first day that is shown."""
    saved = segment.versions.values_list("number", "created_at")[:MARKED]
    days = {segment.organization.local_date(at): number for number, at in reversed(list(saved))}
    return [(on, f"version {number}") for on, number in days.items() if since < on <= until]
