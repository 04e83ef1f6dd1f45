"""Transactions: entries of the journal, and each item that a file brought as one with the outside implied."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router

from console.balances import journal
from console.balances.legs import name_of
from console.balances.models import JournalEntry, JournalLine, Transaction
from console.midaz.balances import LEDGER, money
from console.midaz.cursors import CursorQuery
from console.midaz.faults import Refused
from console.midaz.idempotency import once
from console.midaz.lists import with_metadata
from console.midaz.operations import (
    OperationOut,
    WordsPatch,
    from_files,
    of_account,
    of_item,
    of_line,
    pockets_of,
    say,
    status,
)
from console.midaz.orders import (
    ENTITY,
    AnnotationIn,
    InflowIn,
    OutflowIn,
    TransactionIn,
    order_of,
    refusing,
)
from console.midaz.places import LedgerPath, Place, find
from console.midaz.resources import READS, WRITES
from console.midaz.schemas import Out, StatusOut
from console.organizations.access import KeyRequest
from console.portfolios.models import Account

router = Router(tags=["transactions"])
ALL, EACH = f"{LEDGER}/transactions", f"{LEDGER}/transactions/{{transaction_id}}"
Status, Kind = JournalEntry.Status, JournalLine.Kind


class TransactionPath(LedgerPath):
    transaction_id: UUID


class TransactionQuery(CursorQuery):
    """What transactions can be asked for: those that an account takes part in, of a status, of an asset."""

    account_id: UUID | None = None
    status: str | None = None
    asset_code: str | None = None

    def sources(self, place: Place) -> "list[QuerySet[Any]]":
        """Those of the journal, and what files brought."""
        journal_, files = entries(place), items(place)
        if self.account_id is not None:
            account = place.ledger.accounts(manager="everything").filter(pk=self.account_id).first()
            lines = JournalLine.objects.filter(entry=OuterRef("pk"), account=account)
            journal_ = journal_.filter(Exists(lines))
            files = files.filter(of_account(account)) if account else files.none()
        if self.status is not None:
            journal_ = journal_.filter(status=self.status)
            files = files if self.status == Status.APPROVED else files.none()
        if self.asset_code is not None:
            journal_ = journal_.filter(asset_code=self.asset_code)
            files = files.filter(account__asset_code=self.asset_code)
        return [journal_, files]


class TransactionOut(Out):
    parent_transaction_id: UUID | None = None
    description: str
    status: StatusOut
    amount: str
    asset_code: str
    chart_of_accounts_group_name: str
    source: list[str]
    destination: list[str]
    ledger_id: UUID
    organization_id: UUID
    route: str
    operations: list[OperationOut]


def entries(place: Place) -> "QuerySet[JournalEntry]":
    """The journal of the ledger, with the lines of each entry."""
    lines = JournalLine.objects.select_related("account", "entry__organization")
    return place.organization.journal_entries.filter(ledger=place.ledger).prefetch_related(
        Prefetch("lines", lines)
    )


def items(place: Place) -> "QuerySet[Transaction]":
    """What files brought to accounts of the ledger."""
    return from_files(place.organization.transactions.filter(account__ledger=place.ledger))


def of_entry(
    entry: JournalEntry, pockets: dict[tuple[UUID, str], UUID], names: dict[str, str]
) -> TransactionOut:
    """An entry of the journal. `names` has those of the accounts that are to get what it holds, by their ids."""
    lines = list(entry.lines.all())
    operations = [of_line(line, pockets) for line in lines]
    sources = [one.account_alias for one, line in zip(operations, lines, strict=True) if line.is_source]
    gets = [one.account_alias for one in operations if one.type == Kind.CREDIT]
    more: dict[str, Any] = {"metadata": entry.metadata} if entry.metadata else {}
    if entry.parent_id:
        more["parent_transaction_id"] = entry.parent_id
    return TransactionOut.model_construct(
        id=entry.pk,
        description=entry.description,
        status=status(entry.status),
        amount=money(entry.amount),
        asset_code=entry.asset_code,
        chart_of_accounts_group_name=entry.chart_of_accounts,
        source=list(dict.fromkeys(sources)),
        destination=list(dict.fromkeys(gets or [names[said["account"]] for said in entry.recipients])),
        ledger_id=entry.ledger_id,
        organization_id=entry.organization_id,
        route=entry.route,
        operations=operations,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        deleted_at=None,
        **more,
    )


def of_file(item: Transaction, outside: Account | None) -> TransactionOut:
    """An item of a file as a transaction between its account and the asset's external one."""
    operations = [of_item(item, item.account)]
    if outside:
        operations.append(of_item(item, outside, is_outside=True))
    operations.sort(key=lambda one: one.type == Kind.CREDIT)
    return TransactionOut.model_construct(
        id=item.pk,
        description=item.description,
        status=status(Status.APPROVED),
        amount=money(item.amount),
        asset_code=item.account.asset_code,
        chart_of_accounts_group_name="",
        source=[one.account_alias for one in operations if one.type == Kind.DEBIT],
        destination=[one.account_alias for one in operations if one.type == Kind.CREDIT],
        ledger_id=item.account.ledger_id,
        organization_id=item.organization_id,
        route="",
        operations=operations,
        created_at=item.recorded_at,
        updated_at=item.recorded_at,
        deleted_at=None,
        **({"metadata": item.metadata} if item.metadata else {}),
    )


def answers(place: Place, rows: list[Any]) -> list[TransactionOut]:
    """The transactions of entries and items."""
    journaled = [row for row in rows if isinstance(row, JournalEntry)]
    pockets = pockets_of([line for row in journaled for line in row.lines.all()])
    due = {said["account"] for row in journaled for said in row.recipients}
    known = place.ledger.accounts(manager="everything").in_bulk(due) if due else {}
    names = {str(pk): name_of(account) for pk, account in known.items()}
    external = place.ledger.accounts(manager="everything").filter(type=Account.EXTERNAL, deleted_at=None)
    outside = {row.asset_code: row for row in external}
    return [
        of_entry(row, pockets, names)
        if isinstance(row, JournalEntry)
        else of_file(row, outside.get(row.account.asset_code))
        for row in rows
    ]


def entry_of(place: Place, pk: UUID, why: str) -> JournalEntry:
    """An entry of the ledger. Raises Refused 0007, and `why` where it is what a file brought."""
    entry = place.organization.journal_entries.filter(ledger=place.ledger, pk=pk).first()
    if entry is None:
        raise Refused(why if items(place).filter(pk=pk).exists() else "0007", ENTITY)
    return entry


def shown(place: Place, pk: UUID) -> TransactionOut:
    """One transaction. Raises Refused 0007."""
    for source in (entries(place), items(place)):
        if row := source.filter(pk=pk).first():
            return answers(place, [row])[0]
    raise Refused("0007", ENTITY)


def _create(request: HttpRequest, place: Place, said: Any, new: str) -> Any:
    """A new entry, posted unless it is noted or pending."""

    def make() -> TransactionOut:
        is_pending = bool(getattr(said, "pending", False))
        with refusing():
            order = order_of(place, said, is_pending=is_pending)
            entry = journal.enter(order, Status.PENDING if is_pending else new, at=place.at)
        return shown(place, entry.pk)

    return once(request, place, make)


def _change(request: HttpRequest, place: Place, pk: UUID, act: Callable[..., Any], why: str) -> Any:
    """A transition of an entry. Raises Refused with `why` for what a file brought."""

    def make() -> TransactionOut:
        entry = entry_of(place, pk, why)
        try:
            with refusing():
                return shown(place, act(entry, at=place.at).pk)
        except IntegrityError as error:  # an item of it was reversed by itself
            raise Refused("0087", ENTITY) from error

    return once(request, place, make)


CREATED = WRITES | {"response": {201: TransactionOut}}


@router.post(f"{ALL}/json", **CREATED)
def create_transaction(request: KeyRequest, ids: Path[LedgerPath], said: TransactionIn) -> Any:
    """From any accounts to any accounts, at once or pending."""
    return _create(request, find(request, ids), said, Status.APPROVED)


@router.post(f"{ALL}/inflow", **CREATED)
def create_inflow(request: KeyRequest, ids: Path[LedgerPath], said: InflowIn) -> Any:
    """From the asset's external account."""
    return _create(request, find(request, ids), said, Status.APPROVED)


@router.post(f"{ALL}/outflow", **CREATED)
def create_outflow(request: KeyRequest, ids: Path[LedgerPath], said: OutflowIn) -> Any:
    """To the asset's external account."""
    return _create(request, find(request, ids), said, Status.APPROVED)


@router.post(f"{ALL}/annotation", **CREATED)
def create_annotation(request: KeyRequest, ids: Path[LedgerPath], said: AnnotationIn) -> Any:
    """Noted: it moves nothing."""
    return _create(request, find(request, ids), said, Status.NOTED)


@router.get(ALL, response=CursorQuery.envelope(TransactionOut, "Transaction"), **READS)
def list_transactions(request: KeyRequest, ids: Path[LedgerPath], query: Query[TransactionQuery]) -> Any:
    """The journal and what files brought, in the order in which they came."""
    place = find(request, ids)
    sources = [with_metadata(query.narrow(rows), request.GET) for rows in query.sources(place)]
    page = query.page(*sources)
    return page.answer(answers(place, page.rows))


@router.get(EACH, response=TransactionOut, **READS)
def get_transaction(request: KeyRequest, ids: Path[TransactionPath]) -> Any:
    return shown(find(request, ids), ids.transaction_id)


@router.patch(EACH, response=TransactionOut, **WRITES)
def change_transaction(request: KeyRequest, ids: Path[TransactionPath], said: WordsPatch) -> Any:
    """Its words. What a file brought stays as it was brought."""
    place = find(request, ids)
    with transaction.atomic():
        entry = entry_of(place, ids.transaction_id, "0099")
        locked = place.organization.journal_entries.select_for_update(of=("self",), no_key=True)
        say(locked.get(pk=entry.pk), said, at=place.at)
    return shown(place, entry.pk)


@router.post(f"{EACH}/commit", **CREATED)
def commit_transaction(request: KeyRequest, ids: Path[TransactionPath]) -> Any:
    """Post a pending one."""
    return _change(request, find(request, ids), ids.transaction_id, journal.commit, "0099")


@router.post(f"{EACH}/cancel", **CREATED)
def cancel_transaction(request: KeyRequest, ids: Path[TransactionPath]) -> Any:
    """End a pending one."""
    return _change(request, find(request, ids), ids.transaction_id, journal.cancel, "0099")


@router.post(f"{EACH}/revert", **CREATED)
def revert_transaction(request: KeyRequest, ids: Path[TransactionPath]) -> Any:
    """Take back a posted one by another, once."""
    return _change(request, find(request, ids), ids.transaction_id, journal.revert, "0089")
