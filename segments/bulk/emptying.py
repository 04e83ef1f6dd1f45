"""Deleting a portfolio that very many accounts are in: a change of many takes them out, then the portfolio goes."""

from datetime import datetime

from console.organizations import scope
from console.portfolios.models import Portfolio
from console.portfolios.querysets import is_many
from console.wakeup import wake
from segments.bulk.asking import ask
from segments.models import BulkRun


def empty(portfolio: Portfolio, at: datetime) -> str:
    """The address of the change by which the portfolio goes; "" where its accounts are few enough to leave it at once.

    Whoever is at work asks for it; one that is under way is the answer. The caller holds the portfolio's row.
    """
    accounts, organization = portfolio.accounts.all(), portfolio.organization
    if not is_many(accounts):
        return ""
    runs = organization.bulk_runs.filter(action=BulkRun.Action.EMPTY, portfolio=portfolio)
    run = runs.filter(state__in=("queued", "running")).first()
    if run is None:
        staff = scope.present().actor.staff
        by = organization.staff.filter(pk=staff).first() if staff else None
        run = ask(organization, BulkRun.Action.EMPTY, accounts, by=by, at=at, chosen="All in the portfolio")
        run.start(portfolio, by=by, at=at)
        wake("segments.tasks.change_many", str(run.pk), organization=organization.pk)
    return run.get_absolute_url()


WORKS = {"portfolios.Portfolio": empty}
