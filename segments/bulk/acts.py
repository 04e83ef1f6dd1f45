"""What can be done to many accounts: whom it does not concern, for whom nothing changes, and how it is done."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from console import keeping
from console.keeping import held, stays
from console.portfolios.models import Account
from segments.assigned import retiring
from segments.assigned.assigning import assign, carriers
from segments.models import AccountMembership, BulkRun


class TargetGone(Exception):
    """What the accounts should be moved to was deleted meanwhile."""

    is_for_staff = True


def refusals(run: BulkRun) -> dict[str, Q]:
    """Which of the run's items are refused, by the reason. What the target's ledger does not have it does not take."""
    account = Account.objects.filter(pk=OuterRef("account_id"))
    found = {"deleted": ~Q(Exists(account))}
    if run.ledger:
        found["ledger"] = Q(Exists(account.exclude(ledger=run.ledger)))
    return found


def as_they_are(run: BulkRun) -> Q:
    """The condition on accounts for which nothing changes."""
    tags = AccountMembership.objects.filter(account=OuterRef("pk"), is_assigned=True)
    return {
        "carry": Q(Exists(tags.filter(segment=run.segment))),
        "drop": ~Q(Exists(tags)),
        "move": Q(portfolio=run.portfolio),
        "take_out": Q(portfolio__isnull=True),
        "block": Q(is_blocked=True),
        "unblock": Q(is_blocked=False),
        "empty": ~Q(portfolio=run.portfolio),
        "archive": ~Q(Exists(tags.filter(segment=run.segment))),
        "delete": ~Q(Exists(tags.filter(segment=run.segment))),
    }[run.action]


def leaving(run: BulkRun, accounts: "QuerySet[Any]") -> list[tuple[str, int]]:
    """What these accounts leave, the most first: (name, how many)."""
    if run.action in ("carry", "drop"):
        tags = AccountMembership.objects.filter(is_assigned=True, account__in=accounts.values("pk"))
        return _counted(tags, "segment__name")
    if run.action in ("move", "take_out"):
        return _counted(accounts.filter(portfolio__isnull=False), "portfolio__name")
    return []


def _counted(rows: "QuerySet[Any]", name: str) -> list[tuple[str, int]]:
    numbers = rows.order_by().values(name).annotate(number=Count("pk"))
    return list(numbers.order_by("-number", name).values_list(name, "number"))


def hold_target(run: BulkRun) -> None:
    """Nobody deletes the portfolio until the transaction ends. Raises TargetGone. For segments `assign` sees to it."""
    if run.portfolio_id and not stays(run.organization.portfolios.filter(pk=run.portfolio_id)):
        raise TargetGone(
            f"The portfolio “{run.portfolio}” was deleted meanwhile. What was done up to here stays."
        )


def act(run: BulkRun, accounts: Any, *, at: datetime) -> int:
    """Do it to these accounts; how many are otherwise than before. Raises CantCarry."""
    if run.action == "empty":
        return int(accounts.filter(portfolio=run.portfolio).put_into(None, at=at))
    if run.action in ("archive", "delete"):
        return assign(run.organization, carriers(accounts, run.segment), None, at=at, bulk=run)
    if run.action in ("carry", "drop"):
        return assign(run.organization, accounts, run.segment, at=at, bulk=run)
    if run.action in ("move", "take_out"):
        return int(accounts.put_into(run.portfolio, at=at))
    return int(accounts.set_blocked(run.action == "block", at=at))


def complete(run: BulkRun, *, at: datetime) -> None:
    """What is left to do when all its accounts are done with: what they left goes, with who came in meanwhile.

    Raises InUse or StillUsed where something uses the segment by now.
    """
    if run.action == "empty" and (portfolio := held(run.portfolio)):
        keeping.finish(portfolio, at=at)
    elif run.action in ("archive", "delete"):
        retiring.complete(run, at=at)
