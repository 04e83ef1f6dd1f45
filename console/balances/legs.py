"""What an entry of the journal is to do: which accounts give how much, and which get it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from console.balances.models import DEFAULT, JournalEntry, JournalLine
from console.balances.positions import Ineligible
from console.ledgers.models import Ledger
from console.portfolios.models import Account

LINE_WORDS = ("description", "chart_of_accounts", "route", "metadata")


@dataclass(frozen=True)
class Leg:
    """One account's side of an entry. `amount` is not negative; `reverses` is the item that it takes back."""

    account: Account
    amount: Decimal
    key: str = DEFAULT
    description: str = ""
    chart_of_accounts: str = ""
    route: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    reverses: UUID | None = None


@dataclass(frozen=True)
class Order:
    """What an entry is to do. What all sources give, and all destinations get, is `amount`; of `asset_code`.

    `happened_at` is when it happened, in the organization's zone the day on which it is booked.
    """

    ledger: Ledger
    asset_code: str
    amount: Decimal
    sources: Sequence[Leg]
    destinations: Sequence[Leg]
    happened_at: datetime
    words: dict[str, Any] = field(default_factory=dict)
    parent: JournalEntry | None = None


def name_of(account: Account) -> str:
    """How an account is named in entries: by its alias, else by its id."""
    return account.alias or str(account.pk)


def leg_of(line: JournalLine) -> Leg:
    """The leg that a line was written for."""
    return Leg(line.account, line.amount, line.key, **{name: getattr(line, name) for name in LINE_WORDS})


def remembered(leg: Leg) -> dict[str, Any]:
    """The leg as a pending entry keeps it, see `due_of`."""
    words = {name: getattr(leg, name) for name in ("key", *LINE_WORDS)}
    whose = {"account": str(leg.account.pk), "amount": str(leg.amount)}
    return whose | {name: value for name, value in words.items() if value}


def due_of(entry: JournalEntry) -> list[Leg]:
    """Who gets what the entry holds. Raises Ineligible where an account is gone."""
    keys = [said["account"] for said in entry.recipients]
    accounts = Account.everything.filter(organization_id=entry.organization_id, deleted_at=None).in_bulk(keys)
    legs = []
    for said in entry.recipients:
        account = accounts.get(UUID(said["account"]))
        if account is None:
            raise Ineligible
        words = {name: said[name] for name in ("key", *LINE_WORDS) if name in said}
        legs.append(Leg(account, Decimal(said["amount"]), **words))
    return legs
