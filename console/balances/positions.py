"""How accounts stand while money moves between them: locked, so that nobody else moves it meanwhile.

Locks are taken in one order everywhere: an entry of the journal first, then accounts by their keys, then what they
hold. Who deletes an account locks its row too, so that nothing is booked on one that is being deleted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models.functions import Now

from console.balances.models import DEFAULT, Balance, JournalLine, Pocket
from console.organizations.models import Organization
from console.portfolios.models import Account

Kind = JournalLine.Kind
NOTHING = Decimal(0)


class Ineligible(Exception):
    """An account that takes part is not there, was deleted, or has no balance of the key that is named."""


class NotAllowed(Exception):
    """A balance may not send, or may not receive, as it is asked to; or its account is blocked."""


class InsufficientFunds(Exception):
    """More is asked of a balance than is available there."""


@dataclass
class Position:
    """How one balance of an account stands. Available is what is there less what pending entries hold."""

    account: Account
    pocket: Pocket
    available: Decimal
    version: int
    is_changed: bool = False

    @property
    def on_hold(self) -> Decimal:
        return self.pocket.on_hold

    def check(self, kind: str) -> None:
        """Raise NotAllowed where money may not move so."""
        may = self.pocket.allow_receiving
        if kind != Kind.CREDIT:
            may = self.pocket.allow_sending and not self.account.is_blocked
        if not may:
            raise NotAllowed

    def move(self, kind: str, amount: Decimal, *, is_held: bool = False) -> None:
        """Change it by a line of the journal; a debit of money that `is_held` takes it from there.

        Raises InsufficientFunds.
        """
        pocket = self.pocket
        if kind in (Kind.DEBIT, Kind.ON_HOLD) and not is_held:
            if amount > self.available:
                raise InsufficientFunds
            self.available -= amount
        elif kind in (Kind.CREDIT, Kind.RELEASE):
            self.available += amount
        if kind == Kind.ON_HOLD:
            pocket.on_hold += amount
        elif is_held:
            pocket.on_hold -= amount
        self.version += 1
        self.is_changed |= is_held or kind == Kind.ON_HOLD
        if kind in (Kind.ON_HOLD, Kind.RELEASE):
            pocket.changes += 1
        elif pocket.key != DEFAULT:
            pocket.ledger += amount if kind == Kind.CREDIT else -amount
            pocket.items += 1
            self.is_changed = True


class Positions:
    """The positions of some accounts, locked until the transaction ends. External accounts have none."""

    def __init__(self, organization: Organization, keys: Iterable[UUID]) -> None:
        wanted = sorted(set(keys))
        accounts = Account.everything.filter(organization=organization, pk__in=wanted, deleted_at=None)
        held = accounts.exclude(type=Account.EXTERNAL).order_by("pk")
        self.accounts = {row.pk: row for row in held.select_for_update(of=("self",), no_key=True)}
        balances = organization.balances.filter(account__in=self.accounts).order_by("pk")
        self._balances = {row.pk: row for row in balances.select_for_update(of=("self",))}
        pockets = organization.pockets.filter(account__in=self.accounts, deleted_at=None).order_by("pk")
        self._pockets = list(pockets.select_for_update(of=("self",)))
        self._known: dict[tuple[UUID, str], Position] = {}

    def of(self, account: UUID, key: str) -> Position:
        """One of them. Raises Ineligible."""
        if (account, key) not in self._known:
            if account not in self.accounts:
                raise Ineligible
            pockets = [row for row in self._pockets if row.account_id == account]
            self._known[account, key] = position(
                self.accounts[account], key, self._balances.get(account), pockets
            )
        return self._known[account, key]

    def keep(self) -> None:
        """Write what moving changed beside what follows from items."""
        for one in self._known.values():
            if one.is_changed:
                one.pocket.updated_at = Now()
                one.pocket.save()


def position(account: Account, key: str, balance: Balance | None, pockets: Iterable[Pocket]) -> Position:
    """How a balance of the account stands by its kept sum and its pockets. Raises Ineligible."""
    by_key = {pocket.key: pocket for pocket in pockets}
    if key != DEFAULT:
        if (pocket := by_key.get(key)) is None:
            raise Ineligible
        return Position(account, pocket, pocket.ledger - pocket.on_hold, 1 + pocket.items + pocket.changes)
    pocket = by_key.pop(DEFAULT, None) or default_pocket(account)
    ledger = (balance.ledger if balance else NOTHING) - sum((one.ledger for one in by_key.values()), NOTHING)
    items = (balance.items if balance else 0) - sum(one.items for one in by_key.values())
    return Position(account, pocket, ledger - pocket.on_hold, 1 + items + pocket.changes)


def default_pocket(account: Account) -> Pocket:
    """The default pocket of an account of which nothing was said yet, not stored. Its id is the account's."""
    return Pocket(
        pk=account.pk,
        organization_id=account.organization_id,
        account=account,
        key=DEFAULT,
        created_at=account.created_at,
        updated_at=account.created_at,
    )
