"""Asking, approving, rejecting: one person proposes, another decides, and exactly what was approved becomes active.

Whoever changes a thing and whoever approves it lock the thing first, then its approval, so that one of them comes
first. The rules that must hold whatever code runs are in the database, where the migration `approvals` wrote them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from console.organizations.access import may
from console.organizations.kinds import KINDS, Impossible, Kind, Look, Proposal
from console.organizations.models import Approval, Decision, Organization, Staff
from console.organizations.models.approvals import LASTS
from console.wakeup import wake

DECIDES = "approvals.decide"
ABOUT_YOU = "It is about yourself, so somebody else decides."
WRITE = "console.organizations.tasks.write_about_approvals"
State = Approval.State


class Refusal(Exception):
    """The decision was not taken; the message says why."""


class OwnRequest(Refusal):
    """Nobody decides on what they asked for themselves."""


class MayNotDecide(Refusal):
    """The person's role does not decide, or it is about the person."""


class NotWaiting(Refusal):
    """It was decided, became void or expired before."""


class DecidedBefore(Refusal):
    """One person counts once."""


class NotSeen(Exception):
    """What would be asked for is not what the person saw; `proposal` is what it is now."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.fingerprint)
        self.proposal = proposal


@transaction.atomic
def ask(
    kind: str,
    subject: UUID,
    *,
    by: Staff,
    at: datetime,
    comment: str = "",
    given: dict[str, Any] | None = None,
    seen: str = "",
) -> Approval:
    """Ask that the thing of this id become active as it is now. It waits for seven days.

    The same again while it waits is the same request; another one takes its place. `seen` is the fingerprint of what
    the person looked at, where they looked. Raises Impossible, NotSeen.
    """
    organization = by.organization
    approval = Approval(organization=organization, kind=kind, subject=subject, maker=by, given=given or {})
    thing = KINDS[kind].hold(approval)
    proposal = KINDS[kind].proposal(thing, approval, at=at)
    if seen and seen != proposal.fingerprint:
        raise NotSeen(proposal)
    earlier = organization.approvals.filter(kind=kind, subject=subject)
    if waiting := earlier.select_for_update().filter(state=State.WAITING).first():
        if waiting.is_waiting(at=at) and waiting.fingerprint == proposal.fingerprint:
            return waiting
        is_late = waiting.expires_at <= at
        _close(
            waiting, State.EXPIRED if is_late else State.VOID, at=at, reason="Something else was asked for."
        )
    last = earlier.filter(state=State.APPROVED).order_by("-closed_at").first()
    approval.before = proposal.before if proposal.before is not None else last.after if last else []
    approval.title, approval.after = proposal.title[:300], proposal.after
    approval.fingerprint, approval.audience = proposal.fingerprint, proposal.audience
    approval.needed = needed(organization, proposal)
    approval.comment, approval.requested_at, approval.expires_at = comment, at, at + LASTS
    approval.save(force_insert=True)
    wake(WRITE)
    return approval


def needed(organization: Organization, proposal: Proposal) -> int:
    """How many must approve: two above the audience that the organization sets."""
    limit = organization.second_approver_above
    return 2 if limit is not None and (proposal.audience or 0) > limit else 1


@transaction.atomic
def approve(approval: Approval, *, by: Staff, at: datetime, comment: str = "") -> Approval:
    """Approve it, and make it active when that was the last approval it needed.

    Returns it as it stands then: approved; waiting for a second person; void, when what was asked for is no longer what
    there is; or expired. Raises Refusal.
    """
    kind = KINDS[approval.kind]
    thing, reason = _looked_at(kind, approval, at=at)
    mine = _held(approval, by=by, at=at)
    if mine.state != State.WAITING:
        return mine
    if reason:
        return _close(mine, State.VOID, at=at, reason=reason)
    try:
        with transaction.atomic():
            _decide(mine, Decision.Verdict.APPROVED, by=by, at=at, comment=comment)
            if mine.decisions.filter(verdict=Decision.Verdict.APPROVED).count() >= mine.needed:
                _close(mine, State.APPROVED, at=at)
                kind.apply(thing, mine, by=by, at=at)
    except Impossible as why:
        return _close(mine, State.VOID, at=at, reason=str(why))
    return mine


@transaction.atomic
def reject(approval: Approval, *, by: Staff, at: datetime, comment: str) -> Approval:
    """Say no and why. Returns it as it stands then: rejected, or expired. Raises Refusal."""
    mine = _held(approval, by=by, at=at)
    if mine.state != State.WAITING:
        return mine
    _decide(mine, Decision.Verdict.REJECTED, by=by, at=at, comment=comment)
    return _close(mine, State.REJECTED, at=at)


@transaction.atomic
def take_back(approval: Approval, *, by: Staff, at: datetime) -> Approval:
    """The maker asks no more. Raises OwnRequest when it is another's, NotWaiting."""
    mine = Approval.objects.select_for_update().get(pk=approval.pk)
    if mine.maker_id != by.pk:
        raise OwnRequest("Only the person who asked can take it back.")
    if mine.state != State.WAITING:
        raise NotWaiting(f"It is {mine.get_state_display().lower()} already.")
    mine.told_at = at
    return _close(mine, State.VOID, at=at, reason="Taken back.")


def void(kind: str, *subjects: UUID, reason: str, at: datetime) -> int:
    """What was asked for is no longer what there is: called by whoever changes a thing, while it is locked."""
    return void_all(Approval.objects.filter(kind=kind, subject__in=subjects), reason=reason, at=at)


def void_all(approvals: QuerySet[Approval], *, reason: str, at: datetime) -> int:
    """The same for those of these that wait."""
    voided: int = approvals.filter(state=State.WAITING).update(state=State.VOID, reason=reason, closed_at=at)
    if voided:
        wake(WRITE)
    return voided


def expire(*, at: datetime) -> int:
    """Close what nobody decided on in time; how many that were."""
    late = Approval.objects.filter(state=State.WAITING, expires_at__lte=at)
    expired: int = late.update(state=State.EXPIRED, closed_at=at)
    return expired


def covers(approval: Approval | None, thing: Any, *, at: datetime) -> bool:
    """Whether what was approved is what `thing` is now, so that it may become active again without asking."""
    if approval is None or approval.state != State.APPROVED:
        return False
    return KINDS[approval.kind].proposal(thing, approval, at=at).fingerprint == approval.fingerprint


def standing(approval: Approval, *, by: Staff, at: datetime) -> tuple[str, Look]:
    """Why approving it now would void it ("" when it would not), and what `by` looks at before. Holds no lock."""
    kind = KINDS[approval.kind]
    with transaction.atomic():
        thing, reason = _looked_at(kind, approval, at=at)
        look = Look() if thing is None else kind.look(thing, approval, by=by, at=at)
        transaction.set_rollback(True)  # nothing was written: it lets go of what was locked
    return reason, look


def deciders(approval: Approval) -> list[Staff]:
    """Everybody who may decide on it and has not: not its maker, nor whom it is about."""
    people = Staff.objects.working().filter(organization=approval.organization_id, user__is_active=True)
    people = people.exclude(pk=approval.maker_id).exclude(decisions__approval=approval).select_related("user")
    about = KINDS[approval.kind].is_about
    return [one for one in people.order_by("pk") if may(one, DECIDES) and not about(approval, one)]


def _looked_at(kind: Kind, approval: Approval, *, at: datetime) -> tuple[Any, str]:
    """The subject, locked, and why it is no longer what was asked for; "" when it still is."""
    try:
        thing = kind.hold(approval)
        proposal = kind.proposal(thing, approval, at=at)
    except Impossible as why:
        return None, str(why)
    if proposal.fingerprint != approval.fingerprint:
        return thing, kind.why_changed(thing, approval, proposal)
    if needed(approval.organization, proposal) > approval.needed:
        return thing, f"It reaches {proposal.audience:,} by now, so two must approve."
    return thing, ""


def _held(approval: Approval, *, by: Staff, at: datetime) -> Approval:
    """The approval, locked, as it is now; expired if its time is over. Raises Refusal when `by` can't decide on it."""
    mine: Approval = (
        Approval.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=approval.pk, organization=by.organization_id)
    )
    _may_still(by)
    if mine.maker_id == by.pk:
        raise OwnRequest("You asked for this, so somebody else decides.")
    if KINDS[mine.kind].is_about(mine, by):
        raise MayNotDecide(ABOUT_YOU)
    if mine.state != State.WAITING:
        raise NotWaiting(f"It is {mine.get_state_display().lower()} already. Nothing was changed.")
    if mine.expires_at <= at:
        return _close(mine, State.EXPIRED, at=at)
    if mine.decisions.filter(checker=by).exists():
        raise DecidedBefore("You approved it already. It waits for somebody else.")
    return mine


def _may_still(by: Staff) -> None:
    """Ask the person's row anew, locked: role or access may have ended since the page began. Raises MayNotDecide.

    It is locked last, after thing and approval: a role's change locks all admins first.
    """
    rows = Staff.objects.select_for_update(of=("self", "user"), no_key=True).select_related("user")
    now = rows.get(pk=by.pk)
    if now.ended_at or not now.user.is_active:
        raise MayNotDecide("Your access has ended.")
    if not may(now, DECIDES):
        raise MayNotDecide(f"Your role is {now.get_role_display()}: it does not decide on requests.")


def _decide(approval: Approval, verdict: str, *, by: Staff, at: datetime, comment: str) -> None:
    approval.decisions.create(
        organization_id=approval.organization_id,
        maker_id=approval.maker_id,
        checker=by,
        verdict=verdict,
        comment=comment,
        at=at,
    )


def _close(approval: Approval, state: str, *, at: datetime, reason: str = "") -> Approval:
    approval.state, approval.closed_at = state, at
    approval.reason = reason if state == State.VOID else ""
    approval.save(update_fields=["state", "closed_at", "reason", "told_at"])
    wake(WRITE)
    return approval
