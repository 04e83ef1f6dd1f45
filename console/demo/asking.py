"""Four eyes in the demo bank: what one of its people asks for, another approves."""

from datetime import datetime, timedelta
from uuid import UUID

from console.organizations import approving
from console.organizations.models import Approval, Staff

READ = timedelta(minutes=20)


def approve(kind: str, subject: UUID, *, by: Staff, approver: Staff, at: datetime) -> Approval:
    """One person asks, another reads it and says yes. Both know: no letter is written about what is long past."""
    later = at + READ
    approval = approving.ask(kind, subject, by=by, at=at, comment="As agreed on Monday.")
    approval = approving.approve(approval, by=approver, at=later, comment="Read and fine.")
    approval.announced_at, approval.told_at = at, later
    approval.save(update_fields=["announced_at", "told_at"])
    return approval
