"""Balances of accounts: the default one that every account has, and further ones by their keys."""

from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from ninja import Path, Query, Router, Status
from pydantic import AfterValidator, Field, StrictBool

from console.balances.legs import name_of
from console.balances.models import DEFAULT, Pocket
from console.balances.positions import Position, default_pocket, position
from console.midaz.accounts import Accounts
from console.midaz.cursors import CursorQuery
from console.midaz.faults import Refused
from console.midaz.idempotency import once
from console.midaz.places import AliasPath, CodePath, LedgerPath, Place, find
from console.midaz.resources import READS, WRITE, WRITES
from console.midaz.schemas import Out, Said, letters, refuse
from console.organizations.access import KeyRequest
from console.portfolios.assets import external_alias
from console.portfolios.holds import outside
from console.portfolios.models import Account

router = Router(tags=["balances"])
accounts = Accounts()
KEY_LENGTH = 100
LEDGER = "/{organization_id}/ledgers/{ledger_id}"
EACH, OF_ACCOUNT = f"{LEDGER}/balances/{{balance_id}}", f"{LEDGER}/accounts/{{account_id}}/balances"


class BalancePath(LedgerPath):
    balance_id: UUID


class AccountPath(LedgerPath):
    account_id: UUID


def _small(key: str) -> str:
    """In small letters, of which there may be more than of large ones."""
    if len(key.lower()) > KEY_LENGTH:
        raise refuse("0047", f"{KEY_LENGTH} characters at most, in small letters")
    return key.lower()


class BalanceIn(Said):
    key: Annotated[
        str,
        Field(min_length=1, max_length=KEY_LENGTH, examples=["asset-freeze"]),
        letters(r"\S*", "0047", "No spaces"),
        AfterValidator(_small),
    ]
    allow_sending: StrictBool | None = None
    allow_receiving: StrictBool | None = None


class BalancePatch(Said):
    allow_sending: StrictBool | None = None
    allow_receiving: StrictBool | None = None


class BalanceOut(Out):
    """Available and on hold are decimals, as texts, in the account's asset. Together they are what is there."""

    organization_id: UUID
    ledger_id: UUID
    account_id: UUID
    alias: str
    key: str
    asset_code: str
    available: str
    on_hold: str
    version: int
    account_type: str
    allow_sending: bool
    allow_receiving: bool


BALANCES = CursorQuery.envelope(BalanceOut, "Balance")


def money(amount: Decimal) -> str:
    """An amount as clients of Midaz read it: no more zeros than there are."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def whole(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The accounts with what their default balances follow from."""
    return rows.select_related("balance").prefetch_related(
        Prefetch("pockets", Pocket.objects.filter(deleted_at=None), to_attr="live_pockets")
    )


def standing(row: Any) -> Position:
    """How a balance stands: a Pocket, or of an Account of `whole` the default one."""
    if isinstance(row, Pocket):
        return position(row.account, row.key, None, [row])
    if row.type == Account.EXTERNAL:
        return Position(row, default_pocket(row), outside(row), 1)
    return position(row, DEFAULT, getattr(row, "balance", None), row.live_pockets)


def answer(one: Position) -> BalanceOut:
    account, pocket = one.account, one.pocket
    return BalanceOut.model_construct(
        id=pocket.pk,
        organization_id=account.organization_id,
        ledger_id=account.ledger_id,
        account_id=account.pk,
        alias=name_of(account),
        key=pocket.key,
        asset_code=account.asset_code,
        available=money(one.available),
        on_hold=money(one.on_hold),
        version=one.version,
        account_type=account.type,
        allow_sending=pocket.allow_sending,
        allow_receiving=pocket.allow_receiving,
        created_at=pocket.created_at,
        updated_at=pocket.updated_at,
        deleted_at=pocket.deleted_at,
    )


def further(place: Place) -> "QuerySet[Pocket]":
    """The balances of the ledger that are not default ones."""
    pockets = place.organization.pockets.filter(account__ledger=place.ledger, deleted_at=None)
    return pockets.exclude(key=DEFAULT).filter(account__deleted_at=None).select_related("account")


def balance(place: Place, pk: UUID, *, is_held: bool = False) -> Position:
    """One balance of the ledger, its account and itself locked if `is_held`. Raises Refused 0007."""
    account_pk = pk
    if pocket := further(place).filter(pk=pk).first():
        account_pk = pocket.account_id
    rows = place.accounts().filter(pk=account_pk)
    if is_held:
        rows.select_for_update(of=("self",), no_key=True).first()
    if not (account := whole(rows).first()):
        raise Refused("0007", "Balance")
    if pocket is None:
        return standing(account)
    if not (pocket := further(place).filter(pk=pk).first()):
        raise Refused("0007", "Balance")
    return standing(pocket)


def _listed(query: CursorQuery, *sources: "QuerySet[Any]") -> Any:
    page = query.page(*(query.narrow(rows) for rows in sources))
    return page.answer([answer(standing(row)) for row in page.rows])


def _of(place: Place, account: Account, query: CursorQuery) -> Any:
    rows = place.ledger.accounts(manager="everything").filter(pk=account.pk)
    return _listed(query, whole(rows), further(place).filter(account=account))


@router.get(f"{LEDGER}/balances", response=BALANCES, **READS)
def list_balances(request: KeyRequest, ids: Path[LedgerPath], query: Query[CursorQuery]) -> Any:
    """Balances of all accounts of the ledger."""
    place = find(request, ids)
    rows = place.accounts()
    return _listed(query, whole(rows), further(place))


@router.get(EACH, response=BalanceOut, **READS)
def get_balance(request: KeyRequest, ids: Path[BalancePath]) -> Any:
    return answer(balance(find(request, ids), ids.balance_id))


@router.patch(EACH, response=BalanceOut, **WRITES)
def change_balance(request: KeyRequest, ids: Path[BalancePath], said: BalancePatch) -> Any:
    """Whether it may send and receive."""
    place = find(request, ids)
    with transaction.atomic():
        one = balance(place, ids.balance_id, is_held=True)
        if one.account.type == Account.EXTERNAL:
            raise Refused("0074", "Balance", why="The balance of an external account can't be changed.")
        if _put(one.pocket, said):
            one.pocket.changes, one.pocket.updated_at = one.pocket.changes + 1, place.at
            one.pocket.save()
        return answer(balance(place, ids.balance_id))


@router.delete(EACH, response={204: None}, auth=WRITE)
def delete_balance(request: KeyRequest, ids: Path[BalancePath]) -> Any:
    """One that is empty. The default one goes with its account."""
    place = find(request, ids)
    with transaction.atomic():
        one = balance(place, ids.balance_id, is_held=True)
        if one.pocket.key == DEFAULT:
            raise Refused("0093", "Balance", why="The default balance goes with its account.")
        if one.available or one.on_hold:
            raise Refused("0093", "Balance", why="The balance holds money. Move it first.")
        one.pocket.deleted_at = one.pocket.updated_at = place.at
        one.pocket.save()
    return Status(HTTPStatus.NO_CONTENT, None)


@router.get(OF_ACCOUNT, response=BALANCES, **READS)
def list_balances_of_account(request: KeyRequest, ids: Path[AccountPath], query: Query[CursorQuery]) -> Any:
    """Balances of one account."""
    place = find(request, ids)
    return _of(place, accounts.find(place, ids.account_id), query)


@router.post(OF_ACCOUNT, response={201: BalanceOut}, **WRITES)
def create_balance(request: KeyRequest, ids: Path[AccountPath], said: BalanceIn) -> Any:
    """A further balance of an account, by a key."""
    place = find(request, ids)
    key = said.key

    def make() -> BalanceOut:
        with transaction.atomic():
            account = accounts.find(place, ids.account_id, is_held=True)
            if account.type == Account.EXTERNAL:
                raise Refused("0124", "Balance")
            if key == DEFAULT or account.pockets.filter(key=key, deleted_at=None).exists():
                raise Refused("0123", "Balance", key=key)
            pocket = Pocket(organization=place.organization, account=account, key=key)
            _put(pocket, said)
            pocket.save()
        return answer(balance(place, pocket.pk))

    return once(request, place, make)


@router.get(
    f"{LEDGER}/accounts/alias/{{path:alias}}/balances",
    response=BALANCES,
    **READS,
)
def list_balances_by_alias(request: KeyRequest, ids: Path[AliasPath], query: Query[CursorQuery]) -> Any:
    """Balances of the account with the alias."""
    place = find(request, ids)
    return _of(place, accounts.named(place, ids.alias), query)


@router.get(
    f"{LEDGER}/accounts/external/{{asset_code}}/balances",
    response=BALANCES,
    **READS,
)
def list_balances_of_external(request: KeyRequest, ids: Path[CodePath], query: Query[CursorQuery]) -> Any:
    """What went to the world outside in an asset, less what came from it."""
    place = find(request, ids)
    return _of(place, accounts.named(place, external_alias(ids.asset_code)), query)


def _put(pocket: Pocket, said: BalanceIn | BalancePatch) -> bool:
    """Put what is said on the pocket. Returns whether that is anything new."""
    before = (pocket.allow_sending, pocket.allow_receiving)
    for name in ("allow_sending", "allow_receiving"):
        if (value := getattr(said, name)) is not None:
            setattr(pocket, name, value)
    return before != (pocket.allow_sending, pocket.allow_receiving)
