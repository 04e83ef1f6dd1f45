"""What a client says of a transaction, and the entry of the journal that it asks for."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, field_validator

from console.balances import journal, positions
from console.balances.legs import Leg, Order, name_of
from console.balances.models import DEFAULT
from console.balances.splitting import DoesNotAddUp, Part, Remaining, Share, split
from console.exact import Written
from console.ledgers.models import DECIMALS
from console.midaz.faults import Refused
from console.midaz.lists import When
from console.midaz.places import Place
from console.midaz.schemas import Metadata, Said, Text, refuse
from console.portfolios.assets import external_alias
from console.portfolios.models import Account

ENTITY = "Transaction"
FIRST = 1900
CODES: dict[type[Exception], str] = {
    positions.InsufficientFunds: "0018",
    positions.Ineligible: "0019",
    positions.NotAllowed: "0024",
    journal.AlreadyReverted: "0087",
    journal.IsRevert: "0088",
    journal.HeldOutside: "0098",
    journal.WrongStatus: "0099",
}


def _number(said: Any) -> Any:
    """Texts and numbers to their last digit, not true and false."""
    if isinstance(said, bool) or not isinstance(said, str | int | float | Decimal):
        raise refuse("number_type", "a number, or a text with one")
    said = said.text if isinstance(said, Written) else said
    if isinstance(said, str) and not PLAIN.fullmatch(said):
        raise refuse("decimal_parsing", "a number such as 100.00")
    return said


# What Python takes for a number beside these, such as 1_000 or the digits of other scripts, nobody else does.
PLAIN = re.compile(r"[!-^`-~]*")
Money = Annotated[
    Decimal,
    Field(max_digits=28, decimal_places=DECIMALS, allow_inf_nan=False, examples=["100.00"]),
    BeforeValidator(_number),
]
Percent = Annotated[Decimal, Field(gt=0, le=100, decimal_places=8, examples=[50]), BeforeValidator(_number)]
PercentOf = Annotated[
    Decimal, Field(ge=0, le=100, decimal_places=8, examples=[100]), BeforeValidator(_number)
]
Code = Annotated[str, Field(min_length=1, max_length=100, examples=["EUR"])]
Route = Annotated[str, Field(max_length=250)]


class AmountIn(Said):
    asset: Code
    value: Money


class ShareIn(Said):
    """So many percent; of these, so many percent, all of them where that is not said or 0."""

    percentage: Percent
    percentage_of_percentage: PercentOf | None = None


class LegIn(Said):
    """One account's side: an amount, a share of the value, or what remains of it."""

    account_alias: Annotated[str, Field(min_length=1, max_length=256, examples=["@person1"])]
    balance_key: Annotated[str, Field(max_length=100)] | None = None
    amount: AmountIn | None = None
    share: ShareIn | None = None
    remaining: Text | None = None
    description: Text | None = None
    chart_of_accounts: Text | None = None
    route: Route | None = None
    metadata: Metadata | None = None
    is_from: StrictBool | None = None

    @property
    def part(self) -> Part:
        """How much of the whole it is. Raises Refused 0072."""
        said = [one for one in (self.amount, self.share, self.remaining or None) if one is not None]
        if len(said) != 1:
            raise Refused("0072", ENTITY)
        if self.amount:
            return self.amount.value
        if self.share:
            return Share(self.share.percentage, self.share.percentage_of_percentage or Decimal(100))
        return Remaining()


Legs = Annotated[list[LegIn], Field(min_length=1, max_length=100)]


class SourceIn(Said):
    from_: Annotated[Legs, Field(alias="from")]
    remaining: Text | None = None


class DistributeIn(Said):
    to: Legs
    remaining: Text | None = None


def _example(*sides: str) -> Any:
    """How a body is written, for the document."""
    amount: Any = {"asset": "EUR", "value": "100.00"}
    legs: Any = {
        "source": {"from": [{"accountAlias": "@person1", "amount": amount}]},
        "distribute": {"to": [{"accountAlias": "@person1", "amount": amount}]},
    }
    if len(sides) > 1:
        legs["distribute"]["to"][0]["accountAlias"] = external_alias("EUR")
    return ConfigDict(json_schema_extra={"examples": [amount | {side: legs[side] for side in sides}]})


class InflowSend(Said):
    model_config = _example("distribute")
    asset: Code
    value: Money
    distribute: DistributeIn


class OutflowSend(Said):
    model_config = _example("source")
    asset: Code
    value: Money
    source: SourceIn


class BothSend(InflowSend):
    model_config = _example("source", "distribute")
    source: SourceIn


class _Told(Said):
    description: Text | None = None
    code: Annotated[str, Field(max_length=100)] | None = None
    chart_of_accounts_group_name: Text | None = None
    route: Route | None = None
    metadata: Metadata | None = None
    transaction_date: When | None = None

    @field_validator("metadata")
    @classmethod
    def _without_nulls(cls, metadata: Any) -> Any:
        return {key: value for key, value in (metadata or {}).items() if value is not None}


class InflowIn(_Told):
    """Money from outside."""

    send: InflowSend


class AnnotationIn(_Told):
    """What is only noted."""

    send: BothSend


class OutflowIn(_Told):
    """Money that goes outside."""

    send: OutflowSend
    pending: StrictBool | None = None


class TransactionIn(_Told):
    send: BothSend
    pending: StrictBool | None = None


@contextmanager
def refusing() -> Iterator[None]:
    """What the journal refuses, in the codes of Midaz."""
    try:
        yield
    except tuple(CODES) as error:
        raise Refused(CODES[type(error)], ENTITY) from error


def order_of(place: Place, said: Any, *, is_pending: bool = False) -> Order:
    """The order that a body asks for; a side of it that is not said is the external account.

    Raises Refused 0121, 0122, 0125, 0034, 0072, 0073, 0019, 0047 and 0090.
    """
    send = said.send
    happened_at = _happened(place, said.transaction_date, is_pending=is_pending)
    if send.value <= 0:
        raise Refused("0125", ENTITY)
    asset = place.ledger.assets.filter(code=send.asset).first()
    if asset is None:
        raise Refused("0034", ENTITY, why=f"The ledger has no asset “{send.asset}”. Create it first.")
    outside = [LegIn.model_validate({"accountAlias": external_alias(asset.code), "remaining": "remaining"})]
    sides = [send.source.from_ if hasattr(send, "source") else outside]
    sides.append(send.distribute.to if hasattr(send, "distribute") else outside)
    known = _accounts(place, [leg.account_alias for side in sides for leg in side])
    sources, destinations = (_legs(side, known, send, asset.scale) for side in sides)
    both = {(leg.account.pk, leg.key) for leg in sources} & {
        (leg.account.pk, leg.key) for leg in destinations
    }
    if both:
        raise Refused("0090", ENTITY)
    words = {
        "description": said.description or "",
        "code": said.code or "",
        "chart_of_accounts": said.chart_of_accounts_group_name or "",
        "route": said.route or "",
        "metadata": said.metadata or {},
    }
    return Order(place.ledger, asset.code, send.value, sources, destinations, happened_at, words)


def _happened(place: Place, said: date | datetime | None, *, is_pending: bool) -> datetime:
    """When it happened. A day without a time is one of the organization."""
    if said is None:
        return place.at
    if is_pending:
        raise Refused("0122", ENTITY)
    moment = said if isinstance(said, datetime) else datetime.combine(said, time(), place.organization.zone)
    if moment > place.at:
        raise Refused("0121", ENTITY)
    if moment.year < FIRST:
        raise Refused(
            "0047", ENTITY, fields={"transactionDate": f"Nothing is booked before the year {FIRST}"}
        )
    return moment.astimezone(UTC)


def _accounts(place: Place, names: Sequence[str]) -> dict[str, Account]:
    """The ledger's accounts by the names that were said of them: aliases, or ids where there is none."""
    ids = []
    for name in names:
        try:
            ids.append(UUID(name))
        except ValueError:
            continue
    named = Q(alias__in=[name for name in names if name]) | Q(alias="", pk__in=ids)
    rows = place.accounts().filter(named)
    return {name_of(row): row for row in rows.order_by("-alias")}  # an id is stronger than an alias like it


def _legs(side: Sequence[LegIn], known: dict[str, Account], send: Any, scale: int) -> list[Leg]:
    parts = [leg.part for leg in side]
    if sum(isinstance(part, Remaining) for part in parts) > 1:
        raise Refused("0072", ENTITY)
    try:
        amounts = split(send.value, parts, scale=scale)
    except DoesNotAddUp as error:
        raise Refused("0073", ENTITY) from error
    return [_leg(leg, amount, known, send) for leg, amount in zip(side, amounts, strict=True)]


def _leg(said: LegIn, amount: Decimal, known: dict[str, Account], send: Any) -> Leg:
    account = known.get(said.account_alias)
    if account is None:
        raise Refused("0019", ENTITY)
    if account.asset_code != send.asset:
        raise Refused("0034", ENTITY, why=f"“{said.account_alias}” is not kept in {send.asset}.")
    if said.amount and said.amount.asset != send.asset:
        raise Refused("0047", ENTITY, fields={"amount.asset": f"{send.asset}, as all of the transaction"})
    key = (said.balance_key or DEFAULT).lower()
    if account.type == Account.EXTERNAL and key != DEFAULT:
        raise Refused("0019", ENTITY)
    metadata = {name: value for name, value in (said.metadata or {}).items() if value is not None}
    return Leg(
        account,
        amount,
        key,
        said.description or "",
        said.chart_of_accounts or "",
        said.route or "",
        metadata,
    )
