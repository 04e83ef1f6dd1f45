"""/api/v1: the past of segments, of customers and of accounts in them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from console.bearer import KeyAuth
from console.cursors import CursorQuery, list_of, page_of
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope, Organization
from console.problems import Unusable
from segments.history.growth import days_of
from segments.history.members import column_of, count_on, members_on
from segments.models import Segment, SegmentVersion
from segments.schemas import EntryOut, MemberOut

router = Router(tags=["segments"], auth=KeyAuth(KeyScope.SEGMENTS_READ))


class DayQuery(Schema):
    on: date | None = Field(None, description="A local date of the organization; today, where none is named.")


class PastQuery(CursorQuery):
    on: date | None = Field(None, description="A local date of the organization; today, where none is named.")


class CountOut(Schema):
    """How many were in a segment when a local day of the organization ended."""

    on: date
    members: int


class GrowthOut(Schema):
    """A local day of the organization: members when it ended, and how many entered and left on it."""

    on: date
    members: int
    entered: int
    left: int


class VersionOut(Schema):
    """What the rules of a segment said from a moment on. `is_in_force`: they are what members are counted by."""

    number: int
    definition: dict[str, Any]
    created_at: datetime
    is_in_force: bool


@router.get(
    "/segments/{segment_id}/members-on", response=list_of(MemberOut), summary="List who was in a segment"
)
def list_past_members(request: KeyRequest, segment_id: UUID, query: Query[PastQuery]) -> dict[str, Any]:
    """Customers or accounts that were in it when a day ended, those who entered last first."""
    segment = _segment(request.auth.organization, segment_id)
    who = column_of(segment)

    def shown(row: Any) -> MemberOut:
        member = getattr(row, who)
        return MemberOut(id=member.pk, external_id=member.external_id, entered_at=row.at)

    return page_of(members_on(segment, _day(segment, query.on)), query, "-at", shown)


@router.get("/segments/{segment_id}/count-on", response=CountOut, summary="Count who was in a segment")
def count_past_members(request: KeyRequest, segment_id: UUID, query: Query[DayQuery]) -> Any:
    """How many were in it when a day ended."""
    segment = _segment(request.auth.organization, segment_id)
    on = _day(segment, query.on)
    return CountOut(on=on, members=count_on(segment, on))


@router.get("/segments/{segment_id}/growth", response=list[GrowthOut], summary="See how a segment grew")
def list_growth(request: KeyRequest, segment_id: UUID) -> Any:
    """The last twelve weeks day by day, the oldest first; nothing before the first entry or exit in them."""
    segment = _segment(request.auth.organization, segment_id)
    return [GrowthOut.from_orm(day) for day in days_of(segment, timezone.now())]


@router.get(
    "/segments/{segment_id}/versions", response=list_of(VersionOut), summary="List a segment's versions"
)
def list_versions(request: KeyRequest, segment_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """What its rules said, the last version first."""
    segment = _segment(request.auth.organization, segment_id)

    def shown(row: SegmentVersion) -> VersionOut:
        return VersionOut(
            number=row.number,
            definition=row.definition,
            created_at=row.created_at,
            is_in_force=row.pk == segment.version_id,
        )

    return page_of(segment.versions.all(), query, "-number", shown)


@router.get(
    "/customers/{customer_id}/segment-events",
    response=list_of(EntryOut),
    summary="List a customer's entries and exits",
)
def list_entries_of_customer(
    request: KeyRequest, customer_id: UUID, query: Query[CursorQuery]
) -> dict[str, Any]:
    """Across segments, the newest first."""
    return _events(request.auth.organization.customers.filter(pk=customer_id).first(), query)


@router.get(
    "/accounts/{account_id}/segment-events",
    response=list_of(EntryOut),
    summary="List an account's entries and exits",
)
def list_entries_of_account(
    request: KeyRequest, account_id: UUID, query: Query[CursorQuery]
) -> dict[str, Any]:
    """Across segments, the newest first."""
    return _events(request.auth.organization.accounts.filter(pk=account_id).first(), query)


def _events(who: Any, query: CursorQuery) -> dict[str, Any]:
    if who is None:
        raise Http404("There is nobody with this id.")
    return page_of(who.membership_events.select_related("version"), query, "-at", EntryOut.of)


def _segment(organization: Organization, pk: UUID) -> Segment:
    segment: Segment | None = organization.segments.select_related("organization").filter(pk=pk).first()
    if segment is None:
        raise Http404("There is no segment with this id.")
    return segment


def _day(segment: Segment, on: date | None) -> date:
    """The day that is asked for. Raises Unusable for one that has not come, or that no calendar here has."""
    today = segment.organization.local_date(timezone.now())
    if on is not None and not 1900 <= on.year <= today.year:
        raise Unusable(("/query/on", "Write a date from 1900 to today."))
    if on is not None and on > today:
        raise Unusable(("/query/on", "This day has not come yet. Write today’s date or one before."))
    return on or today
