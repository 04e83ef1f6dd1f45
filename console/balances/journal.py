"""Entries of the journal: money moves between accounts by double entry, all of it or nothing.

An entry is posted at once, held until it is committed or cancelled, or only noted. What leaves customers' accounts and
what reaches them are items, booked through `console.balances.posting`; the external account's side is implied.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from console.balances.legs import LINE_WORDS, Leg, Order, due_of, leg_of, remembered
from console.balances.models import JournalEntry, JournalLine
from console.balances.positions import Position, Positions
from console.balances.posting import Item, post_items
from console.organizations.fields import new_keys
from console.portfolios.models import Account

Kind, Status = JournalLine.Kind, JournalEntry.Status
SOURCE = "journal"
WORDS = ("description", "code", "chart_of_accounts", "route", "metadata")


class HeldOutside(Exception):
    """A pending entry takes money from an external account, where none can be held."""


class WrongStatus(Exception):
    """The entry is not in the status in which that can be done."""


class IsRevert(Exception):
    """The entry is a revert itself."""


class AlreadyReverted(Exception):
    """The entry was reverted before."""


@transaction.atomic
def enter(order: Order, status: str, *, at: datetime) -> JournalEntry:
    """A new entry: APPROVED is posted, PENDING holds the money at its sources, NOTED moves nothing.

    Raises Ineligible, NotAllowed, InsufficientFunds; HeldOutside for a pending one.
    """
    entry = JournalEntry.objects.create(
        organization_id=order.ledger.organization_id,
        ledger=order.ledger,
        status=status,
        asset_code=order.asset_code,
        amount=order.amount,
        recipients=[remembered(leg) for leg in order.destinations] if status == Status.PENDING else [],
        parent=order.parent,
        created_at=order.happened_at,
        updated_at=at,
        **order.words,
    )
    if status == Status.PENDING:
        if any(leg.account.type == Account.EXTERNAL for leg in order.sources):
            raise HeldOutside
        sides = [(Kind.ON_HOLD, leg) for leg in order.sources]
    else:
        sides = [(Kind.DEBIT, leg) for leg in order.sources]
        sides += [(Kind.CREDIT, leg) for leg in order.destinations]
    legs = [*order.sources, *order.destinations]
    writing = _Writing(entry, legs, at)
    if status == Status.PENDING:
        writing.check(Kind.CREDIT, order.destinations)
    writing.write(sides, happened_at=order.happened_at)
    return entry


@transaction.atomic
def commit(entry: JournalEntry, *, at: datetime) -> JournalEntry:
    """Post a pending entry: what it held goes to its destinations. Raises WrongStatus, Ineligible, NotAllowed."""
    entry = _settled(entry, Status.APPROVED, at=at)
    held, due = _held(entry), due_of(entry)
    writing = _Writing(entry, [*held, *due], at)
    sides = [(Kind.DEBIT, leg) for leg in held] + [(Kind.CREDIT, leg) for leg in due]
    writing.write(sides, happened_at=at, is_held=True)
    return entry


@transaction.atomic
def cancel(entry: JournalEntry, *, at: datetime) -> JournalEntry:
    """End a pending entry: what it held is available again. Raises WrongStatus."""
    entry = _settled(entry, Status.CANCELED, at=at)
    held = _held(entry)
    _Writing(entry, held, at).write([(Kind.RELEASE, leg) for leg in held], happened_at=at, is_held=True)
    return entry


@transaction.atomic
def revert(entry: JournalEntry, *, at: datetime) -> JournalEntry:
    """A new entry, posted now, that takes a posted one back.

    Raises WrongStatus, IsRevert, AlreadyReverted, and as `enter` does.
    """
    entry = _locked(entry)
    if entry.parent_id:
        raise IsRevert
    if entry.status != Status.APPROVED:
        raise WrongStatus
    if entry.reverts.exists():
        raise AlreadyReverted
    lines = entry.lines.filter(kind__in=[Kind.DEBIT, Kind.CREDIT]).select_related("account")
    items = dict(entry.organization.transactions.filter(line__in=lines).values_list("line", "pk"))
    legs = [(line.kind, replace(leg_of(line), reverses=items.get(line.pk))) for line in lines]
    order = Order(
        entry.ledger,
        entry.asset_code,
        entry.amount,
        [leg for kind, leg in legs if kind == Kind.CREDIT],
        [leg for kind, leg in legs if kind == Kind.DEBIT],
        at,
        {name: getattr(entry, name) for name in WORDS},
        parent=entry,
    )
    return enter(order, Status.APPROVED, at=at)


class _Writing:
    """Lines being written for an entry, with its accounts locked."""

    def __init__(self, entry: JournalEntry, legs: Iterable[Leg], at: datetime) -> None:
        self.entry, self.at = entry, at
        self.is_noted = entry.status == Status.NOTED
        self.positions = Positions(entry.organization, [leg.account.pk for leg in legs])

    def check(self, kind: str, legs: Iterable[Leg]) -> None:
        """Raise what keeps money from moving so, before it does."""
        for leg in legs:
            if leg.account.type != Account.EXTERNAL:
                self.positions.of(leg.account.pk, leg.key).check(kind)

    def write(
        self, sides: Sequence[tuple[str, Leg]], *, happened_at: datetime, is_held: bool = False
    ) -> None:
        """The lines, and the items of those that are booked. What was held before is not asked for again."""
        lines, items = [], []
        for key, (kind, leg) in zip(new_keys(len(sides)), sides, strict=True):
            line = self._line(key, kind, leg, happened_at)
            if leg.account.type != Account.EXTERNAL:
                position = self.positions.of(leg.account.pk, leg.key)
                was_held = is_held and kind != Kind.CREDIT
                if not (was_held or self.is_noted):
                    position.check(kind)
                self._move(line, position, was_held)
                if kind in (Kind.DEBIT, Kind.CREDIT) and not self.is_noted:
                    items.append(self._item(line, leg, happened_at))
            lines.append(line)
        JournalLine.objects.bulk_create(lines)
        self.positions.keep()
        if items:
            post_items(self.entry.organization, items, source=SOURCE, at=self.at)

    def _line(self, key: UUID, kind: str, leg: Leg, happened_at: datetime) -> JournalLine:
        words = {name: getattr(leg, name) for name in LINE_WORDS}
        words["description"] = words["description"] or self.entry.description
        return JournalLine(
            pk=key,
            organization_id=self.entry.organization_id,
            entry=self.entry,
            account=leg.account,
            key=leg.key,
            kind=kind,
            amount=leg.amount,
            created_at=happened_at,
            updated_at=self.at,
            **words,
        )

    def _move(self, line: JournalLine, position: Position, was_held: bool) -> None:
        line.available_before, line.on_hold_before = position.available, position.on_hold
        line.version_before = position.version
        if not self.is_noted:
            position.move(line.kind, line.amount, is_held=was_held)
        line.available_after, line.on_hold_after = position.available, position.on_hold

    def _item(self, line: JournalLine, leg: Leg, happened_at: datetime) -> Item:
        return Item(
            *(line.account_id, str(line.pk), self.entry.organization.local_date(happened_at)),
            "debit" if line.kind == Kind.DEBIT else "credit",
            line.amount,
            description=line.description,
            metadata=line.metadata,
            reverses_id=leg.reverses,
            line_id=line.pk,
        )


def _locked(entry: JournalEntry) -> JournalEntry:
    locked: JournalEntry = (
        entry.organization.journal_entries.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "ledger")
        .get(pk=entry.pk)
    )
    return locked


def _settled(entry: JournalEntry, status: str, *, at: datetime) -> JournalEntry:
    """The pending entry in its new status, locked. Raises WrongStatus."""
    entry = _locked(entry)
    if entry.status != Status.PENDING:
        raise WrongStatus
    entry.status, entry.updated_at = status, at
    entry.save(update_fields=["status", "updated_at"])
    return entry


def _held(entry: JournalEntry) -> list[Leg]:
    """What the entry holds."""
    return [leg_of(line) for line in entry.lines.filter(kind=Kind.ON_HOLD).select_related("account")]
