"""What is said over the tree: whether the member is in, since when, and whether a count now would change that."""

from dataclasses import dataclass
from datetime import datetime

from console.templatetags.console import day
from segments.explaining.explanation import Explanation
from segments.models import Segment


@dataclass(frozen=True)
class Standing:
    """The answer in one line, what it rests on, and a notice where what is stored and what is true now differ."""

    title: str
    text: str
    notice: str = ""


def standing(one: Explanation, name: str) -> Standing:
    """The answer for the member who is shown as `name`."""
    title = f"Why {name} is in" if one.is_member else f"Why {name} is not in"
    if one.segment.kind == Segment.Kind.ASSIGNED:
        return Standing(title, _assigned(one))
    return Standing(title, _counted(one), _notice(one))


def _assigned(one: Explanation) -> str:
    """Who carries an assigned segment was put in by somebody: there are no rules."""
    last = one.history[0] if one.history else None
    if one.entered_at:
        by = f" {_by(last.cause())}" if last else ""
        return f"Carries it since {moment(one, one.entered_at)}, put in{by}. No rule puts accounts in."
    if one.carries:
        return f"Carries “{one.carries}” instead: an account carries one assigned segment at most."
    if last:
        return f"Was taken out {moment(one, last.at)}, {_by(last.cause())}."
    return "Nobody put this account in. Nothing but a person or a system does."


def _by(cause: str) -> str:
    return cause if cause.startswith("by ") else f"by {cause}"


def _counted(one: Explanation) -> str:
    segment = one.segment
    if segment.version is None:
        return "It has no rules yet, so nobody is in it."
    if one.entered_at:
        cause = next((each.version for each in one.history if each.change == "entered"), None)
        by = f", by version {cause.number} of its rules" if cause else ""
        return f"Member since the refresh of {moment(one, one.entered_at)}{by}."
    if segment.refreshed_at is None:
        return "It was not counted yet, so nobody is in it."
    return f"Not a member as last counted, {moment(one, segment.refreshed_at)}."


def _notice(one: Explanation) -> str:
    segment = one.segment
    if segment.archived_at:
        return "The segment is archived: its members stay as they were, and it is not counted any more."
    if one.faults:
        return "Its rules can’t be read any more, so it can’t be counted: members stay as they were last."
    if not one.differs:
        return ""
    way = "would enter" if one.belongs else "would leave"
    is_edited = segment.refreshed_version_id and segment.refreshed_version_id != segment.version_id
    rules = " and the rules in force, which were saved since" if is_edited else ""
    return f"By today’s values{rules}, they {way} at the next refresh."


def moment(one: Explanation, at: datetime) -> str:
    """Such as “2 Nov 2026, 06:00”, in the organization's time zone."""
    local = at.astimezone(one.segment.organization.zone)
    return f"{day(local)}, {local:%H:%M}"
