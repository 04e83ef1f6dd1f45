"""Taking a segment out of use: accounts carry it no more, each with its exit.

Few leave it by the same transaction. Where very many carry it they leave by a change of many accounts, with whose end
the segment goes: until then it is there, and cancelling keeps it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from segments.assigned.assigning import carriers, clear
from segments.bulk.emptying import leaving
from segments.hanging import used
from segments.models import AlreadyDone, BulkRun, Segment
from segments.using import users_of


@dataclass(frozen=True)
class Retired:
    """How many accounts carried it; or the change of many accounts after which it is out of use."""

    number: int = 0
    run: BulkRun | None = None


@transaction.atomic
def archive(segment: Segment, *, at: datetime) -> Retired:
    """Archive it. What is kept by a definition keeps its members. Raises InUse, AlreadyDone."""
    held = _held(segment)
    is_possible = not (held.archived_at or users_of(held))
    if is_possible and (run := _work(held, BulkRun.Action.ARCHIVE, at)):
        return Retired(run=run)
    return Retired(_archive(held, at))


@transaction.atomic
def delete(segment: Segment, *, at: datetime) -> Retired:
    """Delete an assigned segment. Raises StillUsed, AlreadyDone."""
    held = _held(segment)
    if refusal := used(held):
        raise refusal
    if run := _work(held, BulkRun.Action.DELETE, at):
        return Retired(run=run)
    return Retired(_delete(held, at))


@transaction.atomic
def complete(run: BulkRun, *, at: datetime) -> None:
    """Put the segment out of use whose carriers the run took it off; those who came to carry it since leave it too.

    Nothing where somebody else did it meanwhile. Raises InUse or StillUsed where something uses it by now.
    """
    with suppress(AlreadyDone):
        held = _held(run.segment)
        if run.action == BulkRun.Action.ARCHIVE:
            _archive(held, at, run)
        elif refusal := used(held):
            raise refusal
        else:
            _delete(held, at, run)


def under_way(segment: Segment) -> BulkRun | None:
    """The change of many accounts with whose end the segment goes."""
    actions = (BulkRun.Action.ARCHIVE, BulkRun.Action.DELETE)
    runs = segment.organization.bulk_runs.filter(segment=segment, action__in=actions)
    run: BulkRun | None = runs.filter(state__in=("queued", "running")).first()
    return run


def _work(held: Segment, action: str, at: datetime) -> BulkRun | None:
    """The change by which it goes, where very many carry it."""
    if held.kind != Segment.Kind.ASSIGNED:
        return None
    accounts = carriers(held.organization.accounts, held)
    return leaving(held, action, accounts, at=at, chosen="All that carry the segment")


def _archive(held: Segment, at: datetime, run: BulkRun | None = None) -> int:
    held.archive(at=at)
    return clear(held, at=at, bulk=run) if held.kind == Segment.Kind.ASSIGNED else 0


def _delete(held: Segment, at: datetime, run: BulkRun | None = None) -> int:
    number = clear(held, at=at, bulk=run)
    held.deleted_at = at
    held.save(update_fields=["deleted_at"])
    return number


def _held(segment: Segment | None) -> Segment:
    """The segment as it is now, locked until the transaction ends: nobody enters it meanwhile. Raises AlreadyDone."""
    locked = Segment.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    held: Segment | None = locked.filter(pk=segment.pk).first() if segment else None
    if held is None:
        raise AlreadyDone(f"{segment} is deleted already.")
    return held
