"""What an account's balance is made of: what is available, what pending transactions hold, what is set apart by key."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from console.portfolios.models import Account
from console.templatetags.console import money

SHOWN = 20
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """Amounts in the account's asset. `holds` are the live ones, the newest first, of `number` in all."""

    account: Account
    available: Decimal
    on_hold: Decimal
    apart: list[Any]
    holds: list[Any]
    number: int

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Its parts in words."""
        parts = [("Available", self.available)]
        parts += [("On hold", self.on_hold)] if self.on_hold else []
        parts += [(f"Set apart as “{pocket.key}”", pocket.ledger) for pocket in self.apart]
        return [(name, money(amount, self.account.asset_code)) for name, amount in parts]

    @property
    def more(self) -> int:
        """How many holds are not shown."""
        return self.number - len(self.holds)


def standing_of(account: Account) -> Standing | None:
    """How the account's balance divides; None where nothing is held and nothing set apart: all of it is available."""
    pockets = list(account.pockets.filter(deleted_at=None).order_by("key"))
    on_hold = sum((pocket.on_hold for pocket in pockets), NOTHING)
    apart = [pocket for pocket in pockets if pocket.key != "default"]
    if not (on_hold or apart):
        return None
    lines = account.journal_lines.filter(kind="ON_HOLD", entry__status="PENDING").order_by("-pk")
    holds = list(lines[:SHOWN])
    number = len(holds) if len(holds) < SHOWN else lines.count()
    return Standing(account, account.ledger_balance - on_hold, on_hold, apart, holds, number)


def outside(account: Account) -> Decimal:
    """What an asset's external account has: what the ledger's customers have in it together, with the other sign."""
    kept = account.organization.balances.filter(
        asset_code=account.asset_code, account__ledger=account.ledger_id
    )
    return Decimal(kept.aggregate(all=Sum(-F("ledger")))["all"] or 0)
