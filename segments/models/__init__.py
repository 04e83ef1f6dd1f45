"""Who is in what: segments, the versions of their definitions, memberships, and every entry and exit."""

from segments.models.bulk import BulkItem, BulkRun
from segments.models.drafts import Draft
from segments.models.favourites import Favourite
from segments.models.freshness import Freshness
from segments.models.memberships import AccountMembership, CustomerMembership, MembershipEvent
from segments.models.refusals import (
    AlreadyDone,
    InUse,
    MadeOfArchived,
    NameTaken,
    NoDefinition,
    VersionConflict,
)
from segments.models.runs import Run
from segments.models.segments import Population, Segment, SegmentVersion
from segments.models.touched import Touched

__all__ = [
    "AccountMembership",
    "AlreadyDone",
    "BulkItem",
    "BulkRun",
    "CustomerMembership",
    "Draft",
    "Favourite",
    "Freshness",
    "InUse",
    "MadeOfArchived",
    "MembershipEvent",
    "NameTaken",
    "NoDefinition",
    "Population",
    "Run",
    "Segment",
    "SegmentVersion",
    "Touched",
    "VersionConflict",
]
