"""/api/v1/segments: rules, who is in a segment, who came and went, and counting anew."""

from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import Field, Query, Router, Status

from console.bearer import KeyAuth
from console.bodies import kept
from console.cursors import CursorQuery, list_of, page_of
from console.moments import Moment
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope, Organization
from console.problems import Conflict, Unusable, one_of
from segments.assigned import retiring
from segments.definition.faults import DefinitionFaults
from segments.keeping import SegmentTaken, keep_segment
from segments.models import AlreadyDone, InUse, NoDefinition, Population, Run, Segment, VersionConflict
from segments.schemas import (
    EntryOut,
    MemberOut,
    MembershipOut,
    RunOut,
    SegmentBrief,
    SegmentChange,
    SegmentCreate,
    SegmentWhole,
)

READ, WRITE = KeyAuth(KeyScope.SEGMENTS_READ), KeyAuth(KeyScope.SEGMENTS_WRITE)
router = Router(tags=["segments"], auth=READ)


class SegmentQuery(CursorQuery):
    name: str = Field("", max_length=256, description="Exactly this name.")
    kind: Literal["dynamic", "assigned", ""] = ""
    tag: str = Field("", max_length=50, description="Those that have this tag.")
    archived: bool = False


class EntryQuery(CursorQuery):
    since: Moment | None = None


@router.get("/segments", response=list_of(SegmentBrief), summary="List segments")
def list_segments(request: KeyRequest, query: Query[SegmentQuery]) -> dict[str, Any]:
    """By their names; those in use unless `archived` is asked for."""
    rows = request.auth.organization.segments.filter(archived_at__isnull=not query.archived)
    if query.tag:
        rows = rows.filter(tags__contains=[query.tag])
    asked = query.dict(include={"name", "kind"})
    return page_of(
        rows.filter(**{name: value for name, value in asked.items() if value}),
        query,
        "name",
        SegmentBrief.from_orm,
    )


@router.post("/segments", response={201: SegmentWhole}, auth=WRITE, summary="Create a segment")
def create_segment(request: KeyRequest, said: SegmentCreate) -> Status[Any]:
    """It is counted in the background; `run` says how far that is. 422 says where the rules are wrong."""
    segment = Segment(organization=request.auth.organization, population=said.population)
    return Status(201, _write(segment, said))


@router.get("/segments/{segment_id}", response=SegmentWhole, summary="Get a segment")
def get_segment(request: KeyRequest, segment_id: UUID) -> Any:
    """With its rules and its last count."""
    return SegmentWhole.of(_segment(request.auth.organization, segment_id))


@router.patch("/segments/{segment_id}", response=SegmentWhole, auth=WRITE, summary="Change a segment")
def change_segment(request: KeyRequest, segment_id: UUID, said: SegmentChange) -> Any:
    """New rules are a new version and are counted anew."""
    segment = _segment(request.auth.organization, segment_id)
    if segment.archived_at:
        raise Conflict(f"“{segment}” is archived. Take it back into use first.")
    if "definition" in said.model_fields_set and segment.kind != Segment.Kind.DYNAMIC:
        raise Conflict(f"“{segment}” is carried by accounts and has no rules.")
    return _write(segment, said)


@router.post(
    "/segments/{segment_id}/refresh", response={202: RunOut}, auth=WRITE, summary="Count a segment anew"
)
def refresh_segment(request: KeyRequest, segment_id: UUID) -> Status[Any]:
    """In the background; a count that waits already is the answer."""
    segment = _segment(request.auth.organization, segment_id)
    try:
        with transaction.atomic():
            run: Run = segment.request_refresh(by=None, at=timezone.now())
    except NoDefinition as refusal:
        raise Conflict(str(refusal)) from refusal
    return Status(202, RunOut.from_orm(run))


@router.get("/segments/{segment_id}/runs", response=list_of(RunOut), summary="List a segment's counts")
def list_runs(request: KeyRequest, segment_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """Every count of who belongs, the newest first: what waits, what was found, and why one failed."""
    segment = _segment(request.auth.organization, segment_id)
    return page_of(segment.runs.order_by(), query, "-requested_at", RunOut.from_orm)


@router.post(
    "/segments/{segment_id}/archive", response=SegmentBrief, auth=WRITE, summary="Take a segment out of use"
)
def archive_segment(request: KeyRequest, segment_id: UUID) -> Any:
    """409 while something uses it. Its history stays; what accounts carry is taken off them.

    Where very many carry it they leave it in the background: `archived_at` is null until the last has left.
    """
    segment = _segment(request.auth.organization, segment_id)
    try:
        retiring.archive(segment, at=timezone.now())
    except (InUse, AlreadyDone) as refusal:
        raise Conflict(str(refusal)) from refusal
    segment.refresh_from_db()
    return SegmentBrief.from_orm(segment)


@router.get("/segments/{segment_id}/members", response=list_of(MemberOut), summary="List who is in a segment")
def list_members(request: KeyRequest, segment_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """Customers or accounts, as the segment's population says; the newest first, as last counted."""
    segment = _segment(request.auth.organization, segment_id)
    who = "customer" if segment.population == Population.CUSTOMERS else "account"
    rows: QuerySet[Any] = getattr(segment, f"{who}_memberships").select_related(who)

    def shown(row: Any) -> MemberOut:
        member = getattr(row, who)
        return MemberOut(id=member.pk, external_id=member.external_id, entered_at=row.entered_at)

    return page_of(rows, query, "-entered_at", shown, then=f"{who}_id")


@router.get("/segments/{segment_id}/events", response=list_of(EntryOut), summary="List entries and exits")
def list_entries(request: KeyRequest, segment_id: UUID, query: Query[EntryQuery]) -> dict[str, Any]:
    """The oldest first, so that a reader goes on where it stopped."""
    events = _segment(request.auth.organization, segment_id).events.select_related("version")
    if query.since:
        events = events.filter(at__gte=query.since)
    return page_of(events, query, "at", EntryOut.of)


@router.get(
    "/customers/{customer_id}/segments", response=list_of(MembershipOut), summary="List a customer's segments"
)
def list_of_customer(request: KeyRequest, customer_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """The segments that the customer is in, as last counted."""
    return _memberships(one_of(request.auth.organization.customers.all(), customer_id, "customer"), query)


@router.get(
    "/accounts/{account_id}/segments", response=list_of(MembershipOut), summary="List an account's segments"
)
def list_of_account(request: KeyRequest, account_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """The segments that the account is in or carries."""
    return _memberships(one_of(request.auth.organization.accounts.all(), account_id, "account"), query)


def _segment(organization: Organization, pk: UUID) -> Segment:
    segment: Segment = one_of(organization.segments.select_related("version", "organization"), pk, "segment")
    return segment


def _write(segment: Segment, said: SegmentCreate | SegmentChange) -> SegmentWhole:
    """All of what is said, or nothing. Raises Unusable, Conflict."""
    named = sorted({"name", "description", "tags", "is_marketing"} & said.model_fields_set)
    for name in named:
        setattr(segment, name, getattr(said, name))
    if any("\0" in text for text in (segment.name, segment.description, *segment.tags)):
        raise Unusable(("/body", "A text has the character NUL. Take it out."))
    at = timezone.now()
    is_new = segment._state.adding
    try:
        with kept(SegmentTaken):
            keep_segment(segment, fields=None if is_new else named)
            if "definition" in said.model_fields_set:
                expected = getattr(said, "version", None)
                segment.save_definition(said.definition, by=None, at=at, expected=expected)
            if segment.version_id and {"definition", "is_marketing"} & said.model_fields_set:
                segment.request_refresh(by=None, at=at)
    except DefinitionFaults as faults:
        raise Unusable(*((f"/body/definition{one.path}", one.message) for one in faults.faults)) from faults
    except VersionConflict as conflict:
        raise Conflict(
            f"Version {conflict.latest.number} is in force by now. Read it, then change that."
        ) from conflict
    segment.refresh_from_db()
    return SegmentWhole.of(segment)


def _memberships(who: Any, query: CursorQuery) -> dict[str, Any]:
    def shown(row: Any) -> MembershipOut:
        return MembershipOut(segment_id=row.segment_id, name=row.segment.name, entered_at=row.entered_at)

    return page_of(who.memberships.select_related("segment"), query, "-entered_at", shown)
