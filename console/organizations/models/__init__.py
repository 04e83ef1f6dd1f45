"""Whose data it is and who works on it: organizations, users, staff, API keys, and what they approved."""

from console.organizations.models.approvals import Approval, Decision
from console.organizations.models.keys import ApiKey, KeyScope, NotLive, StillRotating
from console.organizations.models.organization import CURRENCY, Organization, validate_time_zone
from console.organizations.models.people import Role, Staff, User, UserManager

__all__ = [
    "CURRENCY",
    "ApiKey",
    "Approval",
    "Decision",
    "KeyScope",
    "NotLive",
    "Organization",
    "Role",
    "Staff",
    "StillRotating",
    "User",
    "UserManager",
    "validate_time_zone",
]
