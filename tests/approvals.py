"""Two people for every test that needs something approved: one asks, another says yes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from console.organizations import approving
from console.organizations.access import POLICY
from console.organizations.models import Approval, Role, Staff
from tests.factories import NOW, StaffFactory


def another(staff: Staff) -> Staff:
    """Somebody else at the same bank who may decide: who works there already, or a new approver."""
    others = staff.organization.staff.filter(role__in=POLICY[approving.DECIDES]).exclude(pk=staff.pk)
    found: Staff | None = others.select_related("organization", "user").order_by("pk").first()
    return found or StaffFactory(
        organization=staff.organization, role=Role.APPROVER, user__name="Erika Approver"
    )


def approved(kind: str, subject: UUID, *, by: Staff, at: datetime = NOW, **asked: Any) -> Approval:
    """Asked for by `by` and approved by somebody else at the same moment."""
    approval = approving.ask(kind, subject, by=by, at=at, **asked)
    return approving.approve(approval, by=another(by), at=at)
