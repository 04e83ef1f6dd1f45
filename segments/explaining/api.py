"""/api/v1/segments: why somebody is in a segment or not."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from console.bearer import KeyAuth
from console.customers.masking import CLEAR, MASKED
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from segments.definition.faults import DefinitionFaults
from segments.explaining.clauses import Clause
from segments.explaining.explanation import Explanation, TooSlow, explain, member_of
from segments.explaining.foretelling import DAYS, foretell
from segments.models import Segment

SLOW = "There are too many rows to look at within five seconds."

router = Router(tags=["segments"], auth=KeyAuth(KeyScope.SEGMENTS_READ))


class ClauseOut(Schema):
    """A part of the definition. `holds` is null inside related rows: there `met` of `total` rows meet it."""

    path: str = Field(description="Its place in the definition, as a JSON pointer (RFC 6901).")
    kind: str = Field(
        description="group, rule, related (rows that match) or figure (a sum or the like of them)"
    )
    words: str
    holds: bool | None
    value: str = Field(description="The actual value, as it is said: “61.77 EUR”, “not set”.")
    note: str
    met: int | None
    total: int | None

    @staticmethod
    def of(clause: Clause) -> "ClauseOut":
        names = ("path", "kind", "words", "holds", "value", "note", "met", "total")
        return ClauseOut(**{name: getattr(clause, name) for name in names})


class FaultOut(Schema):
    """Why the definition can't be read any more, and where."""

    pointer: str
    detail: str


class ExplanationOut(Schema):
    """Why a customer or an account is in a segment or not, at the moment `at`.

    `is_member` is as last counted, `belongs` by the values of now: where they differ, the next count lets them in or
    out. It is null where there are no rules, or they can't be read any more; `faults` say why. `clauses` is the
    definition from the outermost group on, each part before what stands in it.
    """

    segment_id: UUID
    member_id: UUID
    version: int | None
    at: datetime
    is_member: bool
    entered_at: datetime | None
    refreshed_at: datetime | None
    belongs: bool | None
    left_out: str
    in_words: str
    clauses: list[ClauseOut]
    faults: list[FaultOut]

    @staticmethod
    def of(one: Explanation) -> "ExplanationOut":
        segment = one.segment
        return ExplanationOut(
            segment_id=segment.pk,
            member_id=one.member.pk,
            version=segment.version.number if segment.version else None,
            at=one.at,
            is_member=one.is_member,
            entered_at=one.entered_at,
            refreshed_at=segment.refreshed_at,
            belongs=one.belongs,
            left_out=one.left_out,
            in_words=one.words,
            clauses=[ClauseOut.of(each) for each in one.root.walk()] if one.root else [],
            faults=[FaultOut(pointer=fault.path, detail=fault.message) for fault in one.faults],
        )


class AheadOut(Schema):
    """What time alone will change, if nothing else happens, within `until`; all days are the organization's.

    On `day` the member enters (`enters`) or leaves, because these rules hold from then on (`held`) or no longer
    (`failed`). `day` and `enters` are null where it all stays as it is.
    """

    until: date
    day: date | None
    enters: bool | None
    held: list[str]
    failed: list[str]


@router.get(
    "/segments/{segment_id}/explanations/{member_id}",
    response=ExplanationOut,
    summary="Explain who is in a segment",
)
def explain_member(request: KeyRequest, segment_id: UUID, member_id: UUID) -> Any:
    """Why a customer or an account (as the segment's population says) is in it or not, rule by rule.

    Personal values are masked for a key that may not read customers. 503 where there are too many rows to look at.
    """
    segment, member = _asked(request, segment_id, member_id)
    sight = CLEAR if KeyScope.CUSTOMERS_READ in request.auth.scopes else MASKED
    try:
        return ExplanationOut.of(explain(segment, member, at=timezone.now(), sight=sight))
    except TooSlow as error:
        raise HttpError(503, SLOW) from error


@router.get(
    "/segments/{segment_id}/explanations/{member_id}/ahead",
    response=AheadOut,
    summary="Foretell what time changes",
)
def foretell_member(request: KeyRequest, segment_id: UUID, member_id: UUID) -> Any:
    """The next day on which somebody enters a segment or leaves it though nothing happens but the passing of time.

    409 where the rules can't be read any more, 503 where there are too many rows to look at.
    """
    segment, member = _asked(request, segment_id, member_id)
    at = timezone.now()
    try:
        turn = foretell(segment, member, at=at)
    except DefinitionFaults as error:
        raise HttpError(
            409, "The rules of the segment can't be read any more: see its explanation."
        ) from error
    except TooSlow as error:
        raise HttpError(503, SLOW) from error
    until = segment.organization.local_date(at) + timedelta(days=DAYS)
    if turn is None:
        return AheadOut(until=until, day=None, enters=None, held=[], failed=[])
    return AheadOut(until=until, day=turn.day, enters=turn.enters, held=turn.held, failed=turn.failed)


def _asked(request: KeyRequest, segment_id: UUID, member_id: UUID) -> tuple[Segment, Any]:
    """The segment and who could be in it. Raises Http404."""
    segments = request.auth.organization.segments.select_related(
        "organization", "version", "refreshed_version"
    )
    segment: Segment | None = segments.filter(pk=segment_id).first()
    member = member_of(segment, member_id) if segment else None
    if segment is None or member is None:
        raise Http404("There is no such segment, or nobody with this id who could be in it.")
    return segment, member
