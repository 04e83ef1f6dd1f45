"""What hangs on an account of what this app keeps: money that is held, or set apart under another key."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Sum

from console.balances.models import Pocket
from console.keeping import Part, Tie
from console.portfolios.keeping import HoldsMoney
from console.portfolios.models import Account
from console.templatetags.console import money


def _of_account(account: Account) -> Iterator[Tie]:
    pockets = Pocket.objects.filter(account=account, deleted_at=None)
    held = pockets.aggregate(all=Sum("on_hold"))["all"]
    if held:
        figure = money(held, account.asset_code)
        yield Tie(
            "Held by pending transactions", "keeps it from being deleted", figure=figure, keeps=HoldsMoney()
        )
    for pocket in pockets.exclude(ledger=0).order_by("key"):
        figure = money(pocket.ledger, account.asset_code)
        yield Tie(f"Balance “{pocket}”", "keeps it from being deleted", figure=figure, keeps=HoldsMoney())


def _nothing(_: Account, __: datetime) -> None:
    """Items, days and movements stay with their account."""


HANGING = {"portfolios.Account": Part(_of_account, _nothing)}
