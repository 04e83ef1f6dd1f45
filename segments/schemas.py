"""Segments as systems see them: what is answered, and what may be said."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StrictBool, StringConstraints

from console.bodies import Said
from segments.models import MembershipEvent, Segment

EVERYONE = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}


Tag = Annotated[str, Field(min_length=1, max_length=Segment.TAG)]


Name = Annotated[str, StringConstraints(min_length=1, max_length=256, strip_whitespace=True)]


class RunOut(Schema):
    """A count of who belongs: queued, running, done, failed or superseded. Times say how long it waited and took."""

    id: UUID
    state: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    members: int | None
    entered: int | None
    left: int | None
    error: str


class SegmentBrief(Schema):
    """A segment, `member_count` as of `refreshed_at`."""

    id: UUID
    name: str
    kind: str
    population: str
    description: str
    benefits: list[str]
    tags: list[str]
    is_marketing: bool
    ledger_id: UUID | None
    member_count: int | None
    refreshed_at: datetime | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class SegmentWhole(SegmentBrief):
    """A segment with its rules, their version, the rules in words, and its last count."""

    version: int | None
    definition: dict[str, Any] | None
    in_words: str
    run: RunOut | None

    @staticmethod
    def of(segment: Segment) -> "SegmentWhole":
        version, run = segment.version, segment.runs.first()
        return SegmentWhole(
            **SegmentBrief.from_orm(segment).dict(),
            version=version.number if version else None,
            definition=version.definition if version else None,
            in_words=segment.in_words(),
            run=RunOut.from_orm(run) if run else None,
        )


class MemberOut(Schema):
    """Who is in a segment: a customer or an account, since when."""

    id: UUID
    external_id: str
    entered_at: datetime


class MembershipOut(Schema):
    """A segment that somebody is in, since when."""

    segment_id: UUID
    name: str
    entered_at: datetime


class EntryOut(Schema):
    """An entry or an exit: whose, when, and by which version of the rules and which count (none: by hand)."""

    segment_id: UUID
    change: str
    customer_id: UUID | None
    account_id: UUID | None
    at: datetime
    version: int | None
    run_id: UUID | None

    @staticmethod
    def of(event: MembershipEvent) -> "EntryOut":
        return EntryOut(
            segment_id=event.segment_id,
            run_id=event.run_id,
            change=event.change,
            customer_id=event.customer_id,
            account_id=event.account_id,
            at=event.at,
            version=event.version.number if event.version else None,
        )


class SegmentSaid(Said):
    name: Name
    description: str = Field("", max_length=5000)
    tags: list[Tag] = Field([], max_length=50, description="Words by which staff find it among many.")
    is_marketing: StrictBool = Field(True, description="Customers who objected to profiling are left out.")
    definition: dict[str, Any] = Field(
        ..., description="The rules, in the format of segments.", examples=[EVERYONE]
    )


class SegmentCreate(SegmentSaid):
    """A new segment that is kept by its rules."""

    population: Literal["customers", "accounts"] = "customers"


class SegmentChange(SegmentSaid):
    """A change: what is not named stays. With a definition goes the `version` that it began from."""

    name: Name = ""
    definition: dict[str, Any] = {}
    version: int | None = Field(
        None, ge=0, description="The version that was read; another one by now is a 409."
    )
