"""Taking a segment out of use: accounts carry it no more, by the same transaction, each with its exit."""

from datetime import datetime

from django.db import transaction

from segments.assigning import clear
from segments.hanging import used
from segments.models import AlreadyDone, Segment


@transaction.atomic
def archive(segment: Segment, *, at: datetime) -> int:
    """Archive it; how many accounts carried it. What is kept by a definition keeps its members.

    Raises InUse, AlreadyDone.
    """
    held = _held(segment)
    held.archive(at=at)
    return clear(held, at=at) if held.kind == Segment.Kind.ASSIGNED else 0


@transaction.atomic
def delete(segment: Segment, *, at: datetime) -> int:
    """Delete an assigned segment; how many accounts carried it. Raises StillUsed, AlreadyDone."""
    held = _held(segment)
    if refusal := used(held):
        raise refusal
    number = clear(held, at=at)
    held.deleted_at = at
    held.save(update_fields=["deleted_at"])
    return number


def _held(segment: Segment) -> Segment:
    """The segment as it is now, locked until the transaction ends: nobody enters it meanwhile. Raises AlreadyDone."""
    locked = Segment.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    held: Segment | None = locked.filter(pk=segment.pk).first()
    if held is None:
        raise AlreadyDone(f"{segment} is deleted already.")
    return held
