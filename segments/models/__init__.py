"""Who is in what: segments, the versions of their definitions, memberships, and every entry and exit."""

from segments.drafts import Draft
from segments.models.memberships import AccountMembership, CustomerMembership, MembershipEvent
from segments.models.runs import Run
from segments.models.segments import NoDefinition, Population, Segment, SegmentVersion, VersionConflict

__all__ = [
    "AccountMembership",
    "CustomerMembership",
    "Draft",
    "MembershipEvent",
    "NoDefinition",
    "Population",
    "Run",
    "Segment",
    "SegmentVersion",
    "VersionConflict",
]
