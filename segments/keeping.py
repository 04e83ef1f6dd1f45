"""The rules of assigned segments that forms follow."""

from console.keeping import Refusal, once
from segments.models import Segment


class SegmentTaken(Refusal):
    """A live segment of the ledger, or of all ledgers, has the name, whatever its case."""

    field = "name"


def keep_assigned(segment: Segment, *, fields: list[str] | None) -> None:
    """Store an assigned segment, of one that is there already these fields. Raises SegmentTaken."""
    taken = SegmentTaken(f"A segment is called “{segment.name}” already. Choose another name.")
    others = segment.organization.segments.filter(archived_at=None, ledger=segment.ledger)
    if others.exclude(pk=segment.pk).filter(name__iexact=segment.name).exists():
        raise taken
    with once(segment_name_once=taken, segment_name_once_in_ledger=taken):
        segment.save(update_fields=fields)
