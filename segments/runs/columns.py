"""The columns and filters of the list of refreshes."""

from datetime import datetime

from django_filters import ChoiceFilter

from console.columns import Column, Figure
from console.filters import ListFilters
from console.finding import offer
from segments.choosing import among
from segments.filtersets import SegmentChoice
from segments.models import Run

ORDERS = {"asked": ("requested_at", "id")}
TONES = {"queued": "draft", "running": "info", "done": "good", "failed": "bad", "superseded": ""}


class RunFilters(ListFilters):
    """How it ended, and of which segment."""

    state = ChoiceFilter(choices=Run.State.choices, label="State", empty_label="Any state")

    def declare_more(self) -> None:
        """The segments that are refreshed."""
        found = SegmentChoice(label="Segment", empty_label="Any segment", field_name="segment")
        dynamic = self.request.organization.segments.exclude(version=None)
        offer(found, among(dynamic), self.data.get("segment", ""), self.request.path)
        found.parent, found.model = self, Run
        self.filters["segment"] = found


def seconds(since: datetime | None, until: datetime | None) -> str:
    """How long from one moment to another: 0.2 s, 75 s; "" while one of them is not there."""
    return f"{(until - since).total_seconds():,.1f} s" if since and until else ""


COLUMNS = [
    Column("segment", "Refresh of", lambda run: run.segment, "name", is_fixed=True),
    Column("asked", "Asked for", lambda run: run.requested_at, "moment", sort="asked"),
    Column("state", "State", lambda run: (run.get_state_display(), TONES[run.state]), "badge"),
    Column("waited", "Waited", lambda run: seconds(run.requested_at, run.started_at), "measure"),
    Column("took", "Took", lambda run: seconds(run.started_at, run.finished_at), "measure"),
    Column("members", "Members", lambda run: Figure(run.members), "figure"),
    Column("entered", "Entered", lambda run: Figure(run.entered), "figure"),
    Column("left", "Left", lambda run: Figure(run.left), "figure"),
    Column("version", "Rules", lambda run: f"version {run.version.number}"),
    Column("by", "By", lambda run: run.requested_by or "the clock or an import", is_usual=False),
    Column("error", "What went wrong", lambda run: run.error),
]
