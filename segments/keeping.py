"""The rules of segments that forms and the API follow."""

from collections.abc import Sequence

from console.keeping import Refusal, once
from segments.models import Segment


class SegmentTaken(Refusal):
    """A live segment of the ledger, or of all ledgers, has the name, whatever its case."""

    field = "name"


def _taken(segment: Segment) -> SegmentTaken:
    return SegmentTaken(f"A segment is called “{segment.name}” already. Choose another name.")


def check_name(segment: Segment) -> None:
    """Raises SegmentTaken."""
    if Segment.objects.namesakes(segment).exists():
        raise _taken(segment)


def keep_segment(segment: Segment, *, fields: Sequence[str] | None) -> None:
    """Store what is said of a segment beside its rules; of one that is there these fields. Raises SegmentTaken."""
    if fields is None or "name" in fields:
        check_name(segment)
    with once(segment_name_once=_taken(segment), segment_name_once_in_ledger=_taken(segment)):
        segment.save(update_fields=fields)
