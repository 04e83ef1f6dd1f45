"""What of people needs four eyes: another role, and coming into a role that decides or administers."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from console.organizations import approving
from console.organizations.kinds import Impossible, Kind, Look, Pairs, Proposal
from console.organizations.models import (
    PASSKEY_ROLES,
    Approval,
    Invitation,
    LastAdmin,
    NotOpen,
    OwnAccess,
    Role,
    Staff,
)
from console.roles import permitted
from console.staff.letters import send_invitation

OWN = "Another admin changes your own role and access."
LAST = "An organization keeps an admin. Make somebody else an admin first."
GONE = "This invitation was accepted or withdrawn meanwhile."
HERE = "This person works here or did. Open their page to change the role or let them in again."


class RoleKind(Kind):
    """A person gets another role, or is let in again in one of PASSKEY_ROLES. The subject is the user's id.

    `given`: the role. Bound to the role that the person has, and to whether they work here.
    """

    name, label, asks = "role", "Role", "staff.manage"
    done = "the role counts from the person’s next page on."

    def hold(self, approval: Approval) -> Staff:
        """The person, locked with all admins: whether one is left is asked when the role changes."""
        admins = Q(role=Role.ADMIN, ended_at=None)
        rows = Staff.objects.filter(admins | Q(user=approval.subject), organization=approval.organization_id)
        locked = rows.select_for_update(of=("self",), no_key=True).select_related("user", "organization")
        person = {one.user_id: one for one in locked.order_by("pk")}.get(approval.subject)
        if person is None or approval.given["role"] not in Role.values:
            raise Impossible("There is no such person or role.")
        if person.pk == approval.maker_id:
            raise Impossible(OWN)
        if person.role == approval.given["role"] and not person.ended_at:
            raise Impossible(f"{person} is {person.get_role_display().lower()} already.")
        if person.role != approval.given["role"] and person.ended_at:
            raise Impossible(f"{person}’s access has ended.")
        return person

    def proposal(self, thing: Staff, approval: Approval, *, at: datetime) -> Proposal:
        now, role = Role(thing.role), Role(approval.given["role"])
        named: Pairs = [("Person", f"{thing}, {thing.user.email}")]
        if thing.ended_at:
            title, access = f"Let {thing} in again as {role.label.lower()}", "ended"
        else:
            title, access = f"Make {thing} {role.label.lower()}", "working"
        return Proposal(
            title=title,
            content={"person": thing.user_id, "from": [now, access], "role": role},
            after=[*named, ("Role", role.label), ("Access", "working")],
            before=[*named, ("Role", now.label), ("Access", access)],
        )

    def apply(self, thing: Staff, approval: Approval, *, by: Staff, at: datetime) -> None:
        try:
            if thing.ended_at:
                thing.resume(by=by, at=at, approval=approval)
            else:
                thing.change_role(approval, by=by, at=at)
        except (OwnAccess, LastAdmin) as refusal:
            raise Impossible(OWN if isinstance(refusal, OwnAccess) else LAST) from refusal

    def url(self, approval: Approval) -> str:
        return approval.organization.url("staff:staff_detail", approval.subject)

    def look(self, thing: Staff, approval: Approval, *, by: Staff, at: datetime) -> Look:
        """What the person may do then that they may not do now, and the other way round."""
        now = [] if thing.ended_at else permitted(thing.role)
        then = permitted(approval.given["role"])
        return Look(
            template="staff/role_shown.html",
            shown={
                "gained": [words for words in then if words not in now],
                "lost": [words for words in now if words not in then],
            },
        )

    def is_about(self, approval: Approval, staff: Staff) -> bool:
        return staff.user_id == approval.subject


class InvitationKind(Kind):
    """Somebody is invited into one of PASSKEY_ROLES, bound to address and role: the letter leaves with the approval.

    `given`: for how many `days` the letter opens.
    """

    name, label, asks = "invitation", "Invitation", "staff.manage"
    done = "the letter is on its way."

    def hold(self, approval: Approval) -> Invitation:
        rows = Invitation.objects.pending().select_for_update(of=("self",)).select_related("organization")
        invitation = rows.filter(pk=approval.subject, organization=approval.organization_id).first()
        if invitation is None or not invitation.lacks_approval:
            raise Impossible(GONE)
        if invitation.organization.staff.filter(user__email__iexact=invitation.email).exists():
            raise Impossible(HERE)
        return invitation

    def proposal(self, thing: Invitation, approval: Approval, *, at: datetime) -> Proposal:
        role, days = thing.get_role_display(), approval.given["days"]
        return Proposal(
            title=f"Invite {thing.email} as {role.lower()}",
            content={"invitation": thing.pk, "email": thing.email, "role": thing.role, "days": days},
            after=[("Email address", thing.email), ("Role", role), ("The invitation lasts", _days(days))],
            before=[],
        )

    def apply(self, thing: Invitation, approval: Approval, *, by: Staff, at: datetime) -> None:
        try:
            token = thing.open(approval, at=at)
        except NotOpen as refusal:
            raise Impossible(GONE) from refusal
        transaction.on_commit(partial(send_invitation, thing, token))

    def url(self, approval: Approval) -> str:
        return approval.organization.url("staff:staff_list")

    def look(self, thing: Invitation, approval: Approval, *, by: Staff, at: datetime) -> Look:
        """What the person may do once they came in."""
        shown = {"gained": permitted(thing.role), "lost": []}
        return Look(template="staff/role_shown.html", shown=shown)


def _days(days: int) -> str:
    return "a day" if days == 1 else f"{days} days"


def let_in_again(person: Staff, *, by: Staff, at: datetime) -> Approval | None:
    """Let the person in again; into one of PASSKEY_ROLES it is asked for, and the request comes back.

    Raises Impossible.
    """
    if person.role in PASSKEY_ROLES:
        return approving.ask("role", person.user_id, by=by, at=at, given={"role": person.role})
    person.resume(by=by, at=at)
    return None


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Staff, at: datetime) -> None:
    """Let nobody in by it, and ask for it no more. Raises NotOpen."""
    invitation.withdraw(by=by, at=at)
    approving.void("invitation", invitation.pk, reason="The invitation was withdrawn.", at=at)


@transaction.atomic
def end(person: Staff, *, by: Staff, at: datetime) -> None:
    """End the person's access, and what was asked about their role. Raises OwnAccess, LastAdmin."""
    person.end(by=by, at=at)
    waiting = by.organization.approvals.filter(kind="role", subject=person.user_id)
    approving.void_all(waiting, reason="The person’s access has ended.", at=at)
