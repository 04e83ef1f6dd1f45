"""Whose data it is and who works on it: organizations, users, staff, keys, what they approved and all that they did."""

from console.organizations.models.approvals import Approval, Decision
from console.organizations.models.audit import AuditEvent
from console.organizations.models.idempotency import IdempotencyKey
from console.organizations.models.invitations import AlreadyHere, Invitation, NotOpen
from console.organizations.models.kept import ACTIVE, Kept, LiveManager, Stated
from console.organizations.models.keys import ApiKey, KeyScope, NotLive, StillRotating
from console.organizations.models.organization import CURRENCY, Organization, validate_time_zone
from console.organizations.models.people import (
    PASSKEY_ROLES,
    LastAdmin,
    OwnAccess,
    Role,
    Staff,
    User,
    UserManager,
)
from console.organizations.models.signins import SignInEvent

__all__ = [
    "ACTIVE",
    "CURRENCY",
    "PASSKEY_ROLES",
    "AlreadyHere",
    "ApiKey",
    "Approval",
    "AuditEvent",
    "Decision",
    "IdempotencyKey",
    "Invitation",
    "Kept",
    "KeyScope",
    "LastAdmin",
    "LiveManager",
    "NotLive",
    "NotOpen",
    "Organization",
    "OwnAccess",
    "Role",
    "SignInEvent",
    "Staff",
    "Stated",
    "StillRotating",
    "User",
    "UserManager",
    "validate_time_zone",
]
