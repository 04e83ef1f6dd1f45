"""What people are written about approvals: those who may decide when something waits, the maker when it is decided."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from console.organizations.approving import deciders
from console.organizations.models import Approval

AT_ONCE = 100
SAID = {
    "approved": "was approved",
    "rejected": "was rejected",
    "void": "is void",
    "expired": "expired: nobody decided in time",
}
WAITING = Q(state=Approval.State.WAITING, announced_at__isnull=True)
OUTCOME = ~Q(state=Approval.State.WAITING) & Q(told_at__isnull=True)


def to_write_about() -> list[tuple[UUID, UUID]]:
    """The approvals about which nobody was written to yet, each with its organization, the oldest first."""
    found = Approval.objects.filter(WAITING | OUTCOME).order_by("requested_at")
    return list(found.values_list("pk", "organization")[:AT_ONCE])


@transaction.atomic
def write_about(pk: UUID, *, at: datetime) -> None:
    """Write what there is to say about one approval; nothing while somebody else does.

    It is noted in the transaction that hands the letters over: when the mail server refuses them, nothing is noted and
    the next tick writes again. Who dies in between has written twice, never not at all. Raises what the server says.
    """
    rows = Approval.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("organization", "maker__user").filter(WAITING | OUTCOME)
    approval = rows.filter(pk=pk).first()
    if approval is None:
        return
    if approval.state == Approval.State.WAITING:
        letters, approval.announced_at = request_letters(approval), at
    else:
        letters, approval.told_at = [outcome_letter(approval)], at
    approval.save(update_fields=["announced_at", "told_at"])
    get_connection().send_messages(letters)


def request_letters(approval: Approval) -> list[EmailMessage]:
    """To each who may decide: who asks for what, and where to decide."""
    before = dict(approval.before)
    words = [
        f"{approval.maker} asks at {approval.organization}: {approval}.",
        f"“{approval.comment}”" if approval.comment else "",
        *(_line(label, before.get(label, ""), value) for label, value in approval.after),
        "Look at it and decide:",
        _address(approval),
        "Nothing begins before somebody else than the person who asked approves it.",
    ]
    subject = f"To approve: {approval}"
    return [_letter(subject, words, staff.user.email) for staff in deciders(approval)]


def outcome_letter(approval: Approval) -> EmailMessage:
    """To the maker: what became of it, who said so and why."""
    decisions = approval.decisions.select_related("checker__user")
    words = [
        f"Your request at {approval.organization}: {approval}.",
        f"It {SAID[approval.state]}. {approval.reason}".strip(),
        *(f"{one}: “{one.comment}”" if one.comment else f"{one}." for one in decisions),
        _address(approval),
    ]
    return _letter(f"{approval} {SAID[approval.state].split(':')[0]}", words, approval.maker.user.email)


def _line(label: str, before: str, after: str) -> str:
    """One line of what is asked for; where it was something else, also what it was."""
    return f"{label}: {after} (now: {before})" if before and before != after else f"{label}: {after}"


def _letter(subject: str, words: list[str], to: str) -> EmailMessage:
    line = " ".join(subject.split())[:200]
    return EmailMessage(line, "\n\n".join(filter(None, words)) + "\n", None, [to])


def _address(approval: Approval) -> str:
    return f"{settings.PUBLIC_URL}{approval.get_absolute_url()}"
