"""What very many accounts are in goes last: a change of many takes them out of it first.

The change is asked for and started at once, by whoever is at work.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from console.organizations import scope
from console.portfolios.models import Portfolio
from console.portfolios.querysets import is_many
from console.wakeup import wake
from segments.bulk.asking import ask
from segments.models import BulkRun, Segment


def leaving(
    target: Portfolio | Segment, action: str, accounts: "QuerySet[Any]", *, at: datetime, chosen: str
) -> BulkRun | None:
    """The change by which these accounts leave the target and it goes; None where they are few enough to leave at once.

    One that is under way is the answer. The caller holds the target's row. `chosen` says in words who they are.
    """
    if not is_many(accounts):
        return None
    organization = target.organization
    runs = organization.bulk_runs.filter(action=action, state__in=("queued", "running"))
    run: BulkRun | None = runs.filter(**{target._meta.model_name or "": target}).first()
    if run is None:
        staff = scope.present().actor.staff
        by = organization.staff.filter(pk=staff).first() if staff else None
        run = ask(organization, action, accounts, by=by, at=at, chosen=chosen)
        run.start(target, by=by, at=at)
        wake("segments.tasks.change_many", str(run.pk), organization=organization.pk)
    return run


def empty(portfolio: Portfolio, at: datetime) -> str:
    """The address of the change by which the portfolio goes; "" where its accounts are few."""
    action, chosen = BulkRun.Action.EMPTY, "All in the portfolio"
    run = leaving(portfolio, action, portfolio.accounts.all(), at=at, chosen=chosen)
    return run.get_absolute_url() if run else ""


WORKS = {"portfolios.Portfolio": empty}
