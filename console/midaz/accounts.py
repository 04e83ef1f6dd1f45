"""Accounts of a ledger, the external ones of its assets among them."""

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from pydantic import Field, StrictBool

from console.midaz.faults import Refused
from console.midaz.lists import ListQuery
from console.midaz.places import LedgerPath, Place
from console.midaz.resources import Resource, change
from console.midaz.shapes import Name, Said, Stated, StatedOut, Text, letters
from console.portfolios.models import Account
from segments.assigning import assign
from segments.models import AccountMembership, Segment

Alias = Annotated[
    str, Field(max_length=100), letters(r"[a-zA-Z0-9@:_-]*", "0096", "Letters, digits, @ : _ and - only")
]


class AccountIn(Stated):
    asset_code: Annotated[str, Field(min_length=1, max_length=100, examples=["EUR"])]
    type: Name
    name: Text | None = None
    alias: Alias | None = None
    parent_account_id: UUID | None = None
    portfolio_id: UUID | None = None
    segment_id: UUID | None = None
    entity_id: Text | None = None
    blocked: StrictBool | None = None


class AccountPatch(Stated):
    name: Text | None = None
    portfolio_id: UUID | None = None
    segment_id: UUID | None = None
    entity_id: Text | None = None
    blocked: StrictBool | None = None


class AccountOut(StatedOut):
    name: str
    asset_code: str
    type: str
    alias: str
    parent_account_id: UUID | None
    portfolio_id: UUID | None
    segment_id: UUID | None
    entity_id: str | None
    blocked: bool
    ledger_id: UUID
    organization_id: UUID


class AccountQuery(ListQuery):
    """What accounts can be asked for beside what every list takes."""

    portfolio_id: UUID | None = None
    segment_id: UUID | None = None
    parent_account_id: UUID | None = None
    status: str | None = None
    type: str | None = None
    asset_code: str | None = None
    entity_id: str | None = None
    blocked: bool | None = None
    name: str | None = None
    alias: str | None = None


EQUAL = {
    "portfolio_id": "portfolio_id",
    "parent_account_id": "parent_id",
    "status": "status",
    "type": "type",
    "asset_code": "asset_code",
    "entity_id": "entity_id",
    "blocked": "is_blocked",
    "name": "name",
    "alias": "alias",
}


def _new_key() -> UUID:
    """A key as the database makes them: an account without an id in the core system is known by its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuidv7()")
        (key,) = cursor.fetchone()
    return key


class Accounts(Resource[Account]):
    entity, path = "Account", "/{organization_id}/ledgers/{ledger_id}/accounts"
    ids = LedgerPath
    creation, change, out = AccountIn, AccountPatch, AccountOut
    query = AccountQuery

    def rows(self, place: Place) -> "QuerySet[Account]":
        tag = AccountMembership.objects.filter(account=OuterRef("pk"), is_assigned=True).values("segment")
        rows = place.ledger.accounts(manager="everything").filter(deleted_at=None)
        return rows.annotate(segment_id=Subquery(tag[:1]))

    def narrow(self, rows: "QuerySet[Account]", query: AccountQuery) -> "QuerySet[Account]":
        asked = {column: getattr(query, name) for name, column in EQUAL.items()}
        rows = rows.filter(**{column: value for column, value in asked.items() if value is not None})
        if query.segment_id is None:
            return rows
        return rows.filter(memberships__segment=query.segment_id, memberships__is_assigned=True)

    def blank(self, place: Place) -> Account:
        return Account(organization=place.organization, ledger=place.ledger)

    def make(self, place: Place, said: AccountIn) -> Account:
        if Account.EXTERNAL in said.type.casefold():
            raise Refused("0066", self.entity)
        if not place.ledger.assets.filter(code=said.asset_code).exists():
            raise Refused("0034", self.entity, code=said.asset_code)
        row = self.blank(place)
        row.name = f"{said.asset_code} {said.type} account"
        row.parent = self._parent(place, said)
        segment = self._segment(place, said.segment_id)
        change(row, said, "asset_code", "type", "alias")
        self._put(place, row, said)
        row.pk = _new_key()
        row.external_id = str(row.pk)
        row.save(force_insert=True)
        if segment is not None:
            assign(place.organization, Account.objects.filter(pk=row.pk), segment, at=place.at)
        return row

    def alter(self, place: Place, row: Account, said: AccountPatch) -> None:
        """Explicit nulls take out of portfolio, segment and entity. Raises Refused 0074 for an external account."""
        if row.type == Account.EXTERNAL:
            raise Refused("0074", self.entity)
        if "segment_id" in said.model_fields_set:
            segment = self._segment(place, said.segment_id)
            assign(place.organization, Account.objects.filter(pk=row.pk), segment, at=place.at)
        for name in ("portfolio_id", "entity_id"):
            if name in said.model_fields_set and getattr(said, name) is None:
                setattr(row, name, None if name == "portfolio_id" else "")
        self._put(place, row, said)
        row.save()

    def _put(self, place: Place, row: Account, said: AccountIn | AccountPatch) -> None:
        change(row, said, "name", "status", "metadata", "entity_id")
        if said.blocked is not None:
            row.is_blocked = said.blocked
        if said.portfolio_id is not None:
            row.portfolio = place.ledger.portfolios.filter(pk=said.portfolio_id).first()
            if row.portfolio is None:
                raise Refused("0035", self.entity)
            row.entity_id = row.entity_id or row.portfolio.entity_id

    def _parent(self, place: Place, said: AccountIn) -> Account | None:
        if said.parent_account_id is None:
            return None
        parent: Account | None = self.rows(place).filter(pk=said.parent_account_id).first()
        is_elsewhere = (
            said.portfolio_id and not said.entity_id and parent and parent.portfolio_id != said.portfolio_id
        )
        if parent is None or is_elsewhere:
            raise Refused("0029", self.entity)
        if parent.asset_code != said.asset_code:
            raise Refused("0030", self.entity)
        return parent

    def _segment(self, place: Place, pk: UUID | None) -> Segment | None:
        """The assigned segment of that id for accounts of this ledger. Raises Refused 0036."""
        if pk is None:
            return None
        segments = place.organization.segments.filter(kind=Segment.Kind.ASSIGNED, archived_at=None)
        segment: Segment | None = (
            segments.filter(pk=pk, ledger=place.ledger).first() or segments.filter(pk=pk, ledger=None).first()
        )
        if segment is None:
            raise Refused("0036", self.entity)
        return segment

    def end(self, place: Place, row: Account) -> None:
        """Nobody holds it and no segment has it afterwards. Raises Refused 0074, 0012 while money is on it."""
        if row.type == Account.EXTERNAL:
            raise Refused("0074", self.entity)
        if row.ledger_balance:
            raise Refused("0012", self.entity)
        row.holders.all().delete()
        assign(place.organization, Account.objects.filter(pk=row.pk), None, at=place.at)
        super().end(place, row)

    def taken(self, said: Said) -> Refused:
        return Refused("0020", self.entity, alias=getattr(said, "alias", ""))

    def shown(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.name,
            "asset_code": row.asset_code,
            "type": row.type,
            "alias": row.alias or str(row.pk),
            "parent_account_id": row.parent_id,
            "portfolio_id": row.portfolio_id,
            "segment_id": row.segment_id,
            "entity_id": row.entity_id or None,
            "blocked": row.is_blocked,
            "ledger_id": row.ledger_id,
            "organization_id": row.organization_id,
        }

    def named(self, place: Place, alias: str) -> Account:
        """The account of that alias, which is its id where nobody gave it another. Raises Refused 0085."""
        is_it = Q(alias=alias)
        with suppress(ValueError):
            is_it |= Q(alias="", pk=UUID(alias))
        row: Account | None = self.rows(place).filter(is_it).first()
        if row is None:
            raise Refused("0085", self.entity, alias=alias)
        return row
