"""Operations: one account's side of a transaction each. What a file brought is one as well."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from ninja import Path, Query, Router

from console.balances.legs import name_of
from console.balances.models import DEFAULT, JournalEntry, JournalLine, Transaction
from console.midaz.accounts import Accounts
from console.midaz.balances import LEDGER, AccountPath, money
from console.midaz.cursors import CursorQuery
from console.midaz.faults import Refused
from console.midaz.lists import METADATA, with_metadata
from console.midaz.places import LedgerPath, Place, find
from console.midaz.resources import READS, WRITES
from console.midaz.schemas import Metadata, Out, Said, Shape, StatusOut, Text, merged
from console.organizations.access import KeyRequest
from console.portfolios.models import Account

router = Router(tags=["operations"])
accounts = Accounts()
OF_ACCOUNT = f"{LEDGER}/accounts/{{account_id}}/operations"
NOTED = JournalEntry.Status.NOTED
ZERO = "0"
OPPOSITE = {"DEBIT": "credit", "CREDIT": "debit"}


class WordsPatch(Said):
    """What can be said anew: words, never money."""

    description: Text | None = None
    metadata: Metadata | None = None


class AmountOut(Shape):
    value: str


class StandingOut(Shape):
    """How a balance stood; null where that is not kept: of external accounts and of what a file brought."""

    available: str | None
    on_hold: str | None
    version: int | None


class OperationOut(Out):
    transaction_id: UUID
    description: str
    type: str
    asset_code: str
    chart_of_accounts: str
    amount: AmountOut
    balance: StandingOut
    balance_after: StandingOut
    status: StatusOut
    account_id: UUID
    account_alias: str
    balance_key: str
    balance_id: UUID | None
    organization_id: UUID
    ledger_id: UUID
    route: str
    balance_affected: bool


class OperationQuery(CursorQuery):
    """What operations can be asked for."""

    type: str | None = None


class OperationPath(AccountPath):
    operation_id: UUID


class SidePath(LedgerPath):
    transaction_id: UUID
    operation_id: UUID


def status(code: str) -> StatusOut:
    return StatusOut.model_construct(code=code, description=code)


def _standing(available: Any, on_hold: Any, version: int | None) -> StandingOut:
    texts = [None if amount is None else money(amount) for amount in (available, on_hold)]
    return StandingOut.model_construct(available=texts[0], on_hold=texts[1], version=version)


def of_line(line: JournalLine, pockets: dict[tuple[UUID, str], UUID]) -> OperationOut:
    """A line of the journal. `pockets` has the ids of balances that are not default ones, by account and key."""
    entry, account = line.entry, line.account
    is_noted = entry.status == NOTED
    nothing = StandingOut.model_construct(available=ZERO, on_hold=ZERO, version=0)
    version = line.version_before
    before = _standing(line.available_before, line.on_hold_before, version)
    after = _standing(line.available_after, line.on_hold_after, None if version is None else version + 1)
    return _operation(
        account,
        id=line.pk,
        transaction_id=entry.pk,
        description=line.description,
        type=line.kind,
        chart_of_accounts=line.chart_of_accounts,
        amount=AmountOut.model_construct(value=money(line.amount)),
        balance=nothing if is_noted else before,
        balance_after=nothing if is_noted else after,
        status=status(entry.status),
        balance_key=line.key,
        balance_id=account.pk if line.key == DEFAULT else pockets.get((account.pk, line.key)),
        route=line.route,
        balance_affected=not is_noted,
        created_at=line.created_at,
        updated_at=line.updated_at,
        **({"metadata": line.metadata} if line.metadata else {}),
    )


def of_item(item: Transaction, account: Account, *, is_outside: bool = False) -> OperationOut:
    """What a file brought, or with `is_outside` its other side, which `account` says and nothing stores."""
    is_debit = (item.direction == "debit") != is_outside
    unknown = _standing(None, None, None)
    return _operation(
        account,
        id=other_side(item.pk) if is_outside else item.pk,
        transaction_id=item.pk,
        description=item.description,
        type="DEBIT" if is_debit else "CREDIT",
        chart_of_accounts="",
        amount=AmountOut.model_construct(value=money(item.amount)),
        balance=unknown,
        balance_after=unknown,
        status=status(JournalEntry.Status.APPROVED),
        balance_key=DEFAULT,
        balance_id=account.pk,
        route="",
        balance_affected=True,
        created_at=item.recorded_at,
        updated_at=item.recorded_at,
        **({"metadata": item.metadata} if item.metadata and not is_outside else {}),
    )


def _operation(account: Account, **said: Any) -> OperationOut:
    return OperationOut.model_construct(
        account_id=account.pk,
        account_alias=name_of(account),
        asset_code=account.asset_code,
        organization_id=account.organization_id,
        ledger_id=account.ledger_id,
        deleted_at=None,
        **said,
    )


def pockets_of(lines: Any) -> dict[tuple[UUID, str], UUID]:
    """The ids of the balances by key that the lines are of."""
    named = [line for line in lines if line.key != DEFAULT]
    if not named:
        return {}
    pockets = named[0].entry.organization.pockets.filter(account__in={line.account_id for line in named})
    return {(one.account_id, one.key): one.pk for one in pockets.order_by("pk")}


def from_files(rows: "QuerySet[Transaction]") -> "QuerySet[Transaction]":
    """Those of the items that no entry posted, with their moment by the name that lists ask for."""
    return rows.filter(line=None).annotate(created_at=F("recorded_at")).select_related("account")


def other_side(key: UUID) -> UUID:
    """What the side of an item that nothing stores is called, by the item's id; and the item, by that.

    Ids are of version 7 (RFC 9562); of version 8, with the same bits otherwise, nothing else is.
    """
    return UUID(int=key.int ^ 0xF << 76)


def of_account(account: Account) -> Q:
    """The condition that an item is the account's; of an external one, that it is the outside of the item."""
    if account.type != Account.EXTERNAL:
        return Q(account=account)
    return Q(account__ledger=account.ledger_id, account__asset_code=account.asset_code)


@dataclass(frozen=True)
class Sides:
    """The operations of an account: lines of the journal, and items of files; of the outside those of all accounts."""

    place: Place
    account: Account

    @property
    def is_outside(self) -> bool:
        return self.account.type == Account.EXTERNAL

    @property
    def lines(self) -> "QuerySet[JournalLine]":
        lines = self.place.organization.journal_lines.filter(account=self.account)
        return lines.select_related("entry", "account")

    @property
    def items(self) -> "QuerySet[Transaction]":
        return from_files(self.place.organization.transactions.filter(of_account(self.account)))

    def asked(self, query: OperationQuery, metadata: Any) -> "list[QuerySet[Any]]":
        """Those that the query asks for. What files brought says nothing of its outside."""
        lines, items = with_metadata(self.lines, metadata), with_metadata(self.items, metadata)
        if self.is_outside and any(name.startswith(METADATA) for name in metadata):
            items = items.none()
        if query.type is not None:
            kind = query.type.upper()
            lines = lines.filter(kind=kind)
            items = items.filter(direction=OPPOSITE.get(kind, "") if self.is_outside else kind.lower())
        return [query.narrow(rows) for rows in (lines, items)]

    def one(self, pk: UUID) -> Any:
        """The line or item of that id, or None."""
        key = other_side(pk) if self.is_outside else pk
        return self.lines.filter(pk=pk).first() or self.items.filter(pk=key).first()

    def answers(self, rows: Any) -> list[OperationOut]:
        """The operations of lines and items."""
        pockets = pockets_of([row for row in rows if isinstance(row, JournalLine)])
        return [
            of_line(row, pockets)
            if isinstance(row, JournalLine)
            else of_item(row, self.account, is_outside=self.is_outside)
            for row in rows
        ]


@router.get(OF_ACCOUNT, response=CursorQuery.envelope(OperationOut, "Operation"), **READS)
def list_operations(request: KeyRequest, ids: Path[AccountPath], query: Query[OperationQuery]) -> Any:
    """Operations of an account."""
    place = find(request, ids)
    sides = Sides(place, accounts.find(place, ids.account_id))
    page = query.page(*sides.asked(query, request.GET))
    return page.answer(sides.answers(page.rows))


@router.get(f"{OF_ACCOUNT}/{{operation_id}}", response=OperationOut, **READS)
def get_operation(request: KeyRequest, ids: Path[OperationPath]) -> Any:
    place = find(request, ids)
    sides = Sides(place, accounts.find(place, ids.account_id))
    if (row := sides.one(ids.operation_id)) is None:
        raise Refused("0007", "Operation")
    return sides.answers([row])[0]


@router.patch(
    f"{LEDGER}/transactions/{{transaction_id}}/operations/{{operation_id}}",
    response=OperationOut,
    **WRITES,
)
def change_operation(request: KeyRequest, ids: Path[SidePath], said: WordsPatch) -> Any:
    """Its words. What a file brought stays as it was brought."""
    place = find(request, ids)
    lines = place.organization.journal_lines.filter(entry=ids.transaction_id, entry__ledger=place.ledger)
    with transaction.atomic():
        line = lines.select_for_update(of=("self",)).filter(pk=ids.operation_id).first()
        if line is None:
            raise Refused("0007", "Operation")
        say(line, said, at=place.at)
    line = lines.select_related("entry__organization", "account").get(pk=line.pk)
    return of_line(line, pockets_of([line]))


def say(row: Any, said: WordsPatch, *, at: Any) -> None:
    """Put words and metadata on an entry or a line."""
    row.description = said.description or row.description
    if "metadata" in said.model_fields_set:
        row.metadata = merged(row.metadata, said.metadata)
    row.updated_at = at
    row.save(update_fields=["description", "metadata", "updated_at"])
