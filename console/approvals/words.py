"""What pages say of an approval: one place, so that it reads the same on its own page and on the thing's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from console.approvals.columns import TONES
from console.organizations import approving
from console.organizations.access import may
from console.organizations.kinds import KINDS
from console.organizations.models import Approval, Staff
from console.templatetags.console import number, short_day

VOIDS = "Any change voids it. Nobody can decide on what they asked for themselves."


@dataclass(frozen=True)
class Line:
    """One thing in words, as it is now and as it was asked for."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def lines(approval: Approval) -> list[Line]:
    """What changes, side by side: everything that is asked for, then what is left out."""
    before, after = dict(approval.before), dict(approval.after)
    return [Line(label, before.get(label, ""), after.get(label, "")) for label in {**after, **before}]


def story(approval: Approval) -> list[dict[str, Any]]:
    """Who did what, the first first, for components/timeline.html."""
    said = f": “{approval.comment}”" if approval.comment else ""
    events = [{"text": f"Asked for{said}", "at": approval.requested_at, "by": approval.maker}]
    for one in approval.decisions.select_related("checker__user"):
        said = f": “{one.comment}”" if one.comment else ""
        tone = "good" if one.verdict == "approved" else "bad"
        events.append(
            {"text": f"{one.get_verdict_display()}{said}", "at": one.at, "by": one.checker, "tone": tone}
        )
    if approval.state in (Approval.State.VOID, Approval.State.EXPIRED):
        words = f"Void: {approval.reason}" if approval.reason else "Nobody decided in time"
        events.append({"text": words, "at": approval.closed_at})
    return events + KINDS[approval.kind].story(approval)


def facts(approval: Approval) -> list[tuple[str, Any]]:
    """For components/pairs.html."""
    zone = approval.organization.zone
    given = approval.decisions.filter(verdict="approved").count()
    reaches = [("Reaches", number(approval.audience))] if approval.audience is not None else []
    return [
        ("Asked by", approval.maker),
        *reaches,
        ("Approvals", f"{given} of {approval.needed}"),
        ("Expires", short_day(approval.expires_at.astimezone(zone)))
        if approval.state == Approval.State.WAITING
        else (
            approval.get_state_display(),
            short_day((approval.closed_at or approval.expires_at).astimezone(zone)),
        ),
    ]


def latest(staff: Staff, kind: str, subject: UUID) -> dict[str, Any] | None:
    """What the page of a thing says of its last approval, for components/approval.html; None when there is none."""
    rows = staff.organization.approvals.select_related("maker__user", "organization")
    approval = rows.filter(kind=kind, subject=subject).order_by("-requested_at").first()
    if approval is None:
        return None
    return {
        "state": approval.get_state_display(),
        "tone": TONES[approval.state],
        "is_waiting": approval.state == Approval.State.WAITING,
        "fingerprint": approval.fingerprint[:16],
        "pairs": facts(approval),
        "reason": approval.reason or _rejected(approval),
        "url": approval.get_absolute_url(),
    }


def _rejected(approval: Approval) -> str:
    last = approval.decisions.filter(verdict="rejected").first()
    return f"{last.checker}: {last.comment}" if last else ""


def why_not(approval: Approval, staff: Staff, *, at: datetime) -> str:
    """Why the reader can't decide on it; "" when they can."""
    if not approval.is_waiting(at=at):
        return "It is decided."
    if approval.maker_id == staff.pk:
        return "You asked for this, so somebody else decides."
    if not may(staff, approving.DECIDES):
        return f"Your role is {staff.get_role_display()}: approvers and admins decide."
    if KINDS[approval.kind].is_about(approval, staff):
        return approving.ABOUT_YOU
    if approval.decisions.filter(checker=staff).exists():
        return "You approved it. It waits for a second person."
    return ""
