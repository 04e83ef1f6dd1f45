"""The columns of the segments list."""

from datetime import datetime
from typing import Any

from console.columns import Column, Figure, Sure
from console.templatetags.console import relative
from segments.models import Segment

ORDERS = {"name": ("name", "id"), "members": ("member_count", "id"), "created": ("created_at", "id")}


def state_badge(segment: Segment, last_state: str, *, is_under_way: bool) -> tuple[str, str]:
    """How a segment stands, as (word, tone). `last_state` is how its last refresh ended."""
    if segment.archived_at:
        return "Archived", ""
    if is_under_way:
        return "Being counted", "info"
    if last_state == "failed":
        return "Refresh failed", "bad"
    has_rules = segment.version_id or segment.kind == Segment.Kind.ASSIGNED
    return ("Active", "good") if has_rules else ("No rules yet", "draft")


def how_sure(segment: Segment) -> Sure:
    """How sure its number of members is: exact by the rules in force, old by earlier ones."""
    if segment.member_count is None:
        return "none"
    is_current = segment.refreshed_version_id == segment.version_id
    return "exact" if is_current or segment.kind == Segment.Kind.ASSIGNED else "old"


def counted(segment: Segment, *, at: datetime) -> str:
    """When its members were last counted, and whether by other rules than are in force."""
    if segment.refreshed_at is None:
        return "put in by hand" if segment.kind == Segment.Kind.ASSIGNED else "never counted"
    when = relative(segment.refreshed_at, at, segment.organization.zone)
    words = when if when[0].isdigit() else when.lower()
    return f"counted {words}, by earlier rules" if how_sure(segment) == "old" else f"counted {words}"


def _state(row: Any) -> tuple[str, str]:
    return state_badge(row, row.last_state, is_under_way=row.is_under_way)


COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column("population", "Who belongs", lambda row: row.get_population_display()),
    Column("kind", "Kind", lambda row: row.get_kind_display()),
    Column(
        "members", "Members", lambda row: Figure(row.member_count, how_sure(row)), "figure", sort="members"
    ),
    Column("counted", "Counted", lambda row: row.refreshed_at, "moment"),
    Column("state", "State", _state, "badge"),
    Column("tags", "Tags", lambda row: [(tag, "plain") for tag in row.tags], "badges"),
    Column("owner", "Owner", lambda row: row.owner),
    Column(
        "marketing",
        "Use",
        lambda row: "Marketing" if row.is_marketing else "Not for marketing",
        is_usual=False,
    ),
    Column("version", "Rules", lambda row: row.version and f"version {row.version.number}", is_usual=False),
    Column("created", "Made", lambda row: row.created_at, "moment", sort="created", is_usual=False),
]
