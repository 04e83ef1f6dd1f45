"""/api/v1: what changed between two versions of a segment's rules, and one of them put in force again."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from console.bearer import KeyAuth
from console.bodies import Said
from console.customers.masking import CLEAR, MASKED
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from console.problems import Conflict, Unusable, one_of
from segments.history import versions as history
from segments.history.difference import Line
from segments.models import Segment, SegmentVersion, VersionConflict
from segments.schemas import SegmentWhole

router = Router(tags=["segments"], auth=KeyAuth(KeyScope.SEGMENTS_READ))
LARGEST = 2**31 - 1
NOT_THERE = "There is no version {number}. List the versions to see which there are."


class VersionPath(Schema):
    segment_id: UUID
    number: int = Field(ge=1, le=LARGEST, examples=[1])


class CompareQuery(Schema):
    before: int | None = Field(
        None, ge=1, le=LARGEST, description="A version; the one before `after`, where none is named."
    )
    after: int | None = Field(
        None, ge=1, le=LARGEST, description="A version; the last one, where none is named."
    )


class LineOut(Schema):
    """A part of the later rules, or one that was removed: each stands after what it is in, `depth` levels below."""

    depth: int
    mark: str = Field(description="kept, added, removed or changed; empty for what only holds others")
    words: str
    before: str = Field(description="What a changed part said before.")


class ComparisonOut(Schema):
    """What changed between two versions. `lines` is empty where one of them can't be read any more."""

    before: int
    after: int
    summary: str
    before_in_words: str
    after_in_words: str
    lines: list[LineOut]


class RestoreIn(Said):
    """With the version that was read as being in force, another one by now is a 409."""

    version: int | None = Field(None, ge=1, le=LARGEST)


@router.get(
    "/segments/{segment_id}/comparison", response=ComparisonOut, summary="Compare two versions of a segment"
)
def compare_versions(request: KeyRequest, segment_id: UUID, query: Query[CompareQuery]) -> Any:
    """Rule by rule and in words; the last two versions, where none are named."""
    segment = _segment(request, segment_id)
    after = _version(segment, query.after, "after")
    earlier = segment.versions.filter(number__lt=after.number).first()
    before = _version(segment, query.before, "before") if query.before else earlier or after
    names = history.names_of(segment, before, after)
    found = history.compare(history.read(before, segment, names), history.read(after, segment, names), names)
    return ComparisonOut(
        before=before.number,
        after=after.number,
        summary=found.summary,
        before_in_words=found.before.words,
        after_in_words=found.after.words,
        lines=_lines(found.tree, 0) if found.tree else [],
    )


@router.post(
    "/segments/{segment_id}/versions/{number}/restore",
    response=SegmentWhole,
    auth=KeyAuth(KeyScope.SEGMENTS_WRITE),
    summary="Put a version in force again",
)
def restore_version(request: KeyRequest, ids: Path[VersionPath], said: RestoreIn) -> Any:
    """What it said becomes the next version, and members are counted anew. 409 where it is in force already."""
    segment = _segment(request, ids.segment_id)
    version: SegmentVersion | None = segment.versions.filter(number=ids.number).first()
    if version is None:
        raise Http404(NOT_THERE.format(number=ids.number))
    in_force = segment.version.number if segment.version else 0
    sight = CLEAR if KeyScope.CUSTOMERS_READ in request.auth.scopes else MASKED
    given: dict[str, Any] = {"expected": said.version or in_force, "sight": sight}
    try:
        with transaction.atomic():
            history.restore(segment, version, by=None, at=timezone.now(), **given)
    except VersionConflict as conflict:
        words = f"Version {conflict.latest.number} is in force by now. Compare with that one first."
        raise Conflict(words) from conflict
    except history.CantRestore as refusal:
        raise Conflict(str(refusal)) from refusal
    segment.refresh_from_db()
    return SegmentWhole.of(segment)


def _segment(request: KeyRequest, pk: UUID) -> Segment:
    segments = request.auth.organization.segments.select_related("organization", "version")
    segment: Segment = one_of(segments, pk, "segment")
    return segment


def _version(segment: Segment, number: int | None, name: str) -> SegmentVersion:
    """The version of this number, the last one for None. Raises Unusable, or Http404 where there are none."""
    rows = segment.versions.filter(number=number) if number else segment.versions.all()
    version: SegmentVersion | None = rows.first()
    if version is None and number is None:
        raise Http404(f"“{segment}” has no rules yet: there is nothing to compare.")
    if version is None:
        raise Unusable((f"/query/{name}", NOT_THERE.format(number=number)))
    return version


def _lines(line: Line, depth: int) -> list[LineOut]:
    """The line and those under it."""
    own = LineOut(depth=depth, mark=line.mark, words=line.words, before=line.before)
    return [own, *(each for inner in line.lines for each in _lines(inner, depth + 1))]
