"""Which segments grew or shrank: from the figures that their refreshes left, never by counting members again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from console.charts import Spark, sparkline
from console.organizations.models import Organization
from segments.models import Run, Segment

DAYS, WEEK = timedelta(days=14), timedelta(days=7)
SHOWN = 6


@dataclass(frozen=True)
class Moved:
    """A segment, how many belong, how many more than a week ago, and the course of two weeks."""

    segment: Segment
    members: int
    change: int
    spark: Spark | None

    @property
    def before(self) -> int:
        """Members a week ago."""
        return self.members - self.change

    @property
    def share(self) -> float:
        """How large the change is, seen from before; a segment that was empty comes first."""
        return abs(self.change) / self.before if self.before > 0 else 1e9


def what_moved(organization: Organization, *, at: datetime) -> list[Moved]:
    """The segments in use, the largest share of change in seven days first."""
    runs = organization.segment_runs.filter(state=Run.State.DONE, finished_at__gte=at - DAYS)
    by_segment: dict[UUID, list[tuple[datetime, int, int]]] = defaultdict(list)
    rows = runs.order_by("finished_at").values_list("segment", "finished_at", "members", "entered", "left")
    for segment, finished, members, entered, left in rows[:5000]:
        if finished:
            by_segment[segment].append((finished, members or 0, (entered or 0) - (left or 0)))
    found = organization.segments.filter(
        archived_at=None, member_count__isnull=False, pk__in=list(by_segment)
    )
    moved = [_moved(segment, by_segment[segment.pk], at) for segment in found]
    return sorted((one for one in moved if one.change), key=lambda one: (-one.share, one.segment.name))[
        :SHOWN
    ]


def _moved(segment: Segment, runs: list[tuple[datetime, int, int]], at: datetime) -> Moved:
    change = sum(moved for finished, _, moved in runs if finished >= at - WEEK)
    return Moved(segment, segment.member_count or 0, change, sparkline([members for _, members, _ in runs]))
