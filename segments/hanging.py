"""What hangs on ledgers and accounts of segments: a ledger's own tags, and the tag that an account carries."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from console.keeping import Part, StillUsed, Tie
from console.ledgers.models import Ledger
from console.portfolios.models import Account
from segments.assigned.assigning import assign
from segments.models import Segment
from segments.using import named, users_of


def used(segment: Segment) -> StillUsed | None:
    """Why the segment can't go: a campaign, communication or another segment uses it."""
    users = users_of(segment)
    if not users:
        return None
    return StillUsed(f"{named(users)} the segment “{segment}”.")


def _of_ledger(ledger: Ledger) -> Iterator[Tie]:
    segments = ledger.segments.all()
    keeps = next(filter(None, map(used, segments)), None)
    yield Tie("Segments", "keep it from being deleted" if keeps else "go with it", segments, keeps=keeps)


def _end_ledger(ledger: Ledger, at: datetime) -> None:
    ledger.segments.update(deleted_at=at, updated_at=at)


def _of_account(account: Account) -> Iterator[Tie]:
    carried: Any = account.memberships.filter(is_assigned=True)
    yield Tie("Assigned segments", "lose it", carried)


def _end_account(account: Account, at: datetime) -> None:
    assign(account.organization, Account.everything.filter(pk=account.pk), None, at=at)


HANGING = {
    "ledgers.Ledger": Part(_of_ledger, _end_ledger),
    "portfolios.Account": Part(_of_account, _end_account),
}
