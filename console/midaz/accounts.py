"""Accounts of a ledger, the external ones of its assets among them."""

from contextlib import suppress
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from pydantic import Field, StrictBool

from console.midaz.faults import Refused
from console.midaz.lists import Keys, ListQuery
from console.midaz.places import LedgerPath, Place
from console.midaz.resources import Resource, change
from console.midaz.schemas import Name, Stated, StatedOut, Text, letters
from console.portfolios import milestones
from console.portfolios.keeping import (
    NoPortfolio,
    WrongParent,
    check_own,
    keep_account,
    open_account,
    put_into,
)
from console.portfolios.models import Account, Portfolio
from segments.assigned.assigning import CantCarry, assign, tags
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
}


def _is_called(alias: str) -> Q:
    """The condition that an account has this alias, which is its id where nobody gave it another."""
    is_it = Q(alias=alias) & ~Q(alias="")
    with suppress(ValueError):
        is_it |= Q(alias="", pk=UUID(alias))
    return is_it


class Accounts(Resource[Account]):
    entity, path = "Account", "/{organization_id}/ledgers/{ledger_id}/accounts"
    ids = LedgerPath
    creation, change, out = AccountIn, AccountPatch, AccountOut
    query = AccountQuery

    def rows(self, place: Place) -> "QuerySet[Account]":
        tag = AccountMembership.objects.filter(account=OuterRef("pk"), is_assigned=True).values("segment")
        rows = place.accounts()
        return rows.annotate(segment_id=Subquery(tag[:1]))

    def keys(self, place: Place) -> Keys:
        return partial(milestones.at, place.ledger)

    def count(self, place: Place) -> int:
        return milestones.count(place.ledger)

    def narrow(self, rows: "QuerySet[Account]", query: AccountQuery) -> "QuerySet[Account]":
        asked = {column: getattr(query, name) for name, column in EQUAL.items()}
        rows = rows.filter(**{column: value for column, value in asked.items() if value is not None})
        rows = rows if query.alias is None else rows.filter(_is_called(query.alias))
        if query.segment_id is None:
            return rows
        return rows.filter(memberships__segment=query.segment_id, memberships__is_assigned=True)

    def blank(self, place: Place) -> Account:
        return Account(organization=place.organization, ledger=place.ledger)

    def make(self, place: Place, said: AccountIn) -> Account:
        row = self.blank(place)
        change(row, said, "name", "asset_code", "type", "alias", "entity_id", "status", "metadata")
        row.is_blocked = bool(said.blocked)
        row.parent = self._parent(place, said.parent_account_id)
        row.portfolio = self._portfolio(place, said.portfolio_id)
        segment = self._segment(place, said.segment_id)
        open_account(row)
        if segment is not None:
            self._tag(place, row, segment)
        return row

    def alter(self, place: Place, row: Account, said: AccountPatch) -> None:
        """Explicit nulls take out of portfolio, segment and entity."""
        check_own(row)
        if "segment_id" in said.model_fields_set:
            segment = self._segment(place, said.segment_id)
            self._tag(place, row, segment)
        if "entity_id" in said.model_fields_set and said.entity_id is None:
            row.entity_id = ""
        change(row, said, "name", "status", "metadata", "entity_id")
        if "portfolio_id" in said.model_fields_set:
            put_into(row, self._portfolio(place, said.portfolio_id))
        if said.blocked is not None:
            row.is_blocked = said.blocked
        keep_account(row)

    def _portfolio(self, place: Place, pk: UUID | None) -> Portfolio | None:
        """The portfolio of that id. Raises NoPortfolio."""
        if pk is None:
            return None
        portfolio: Portfolio | None = place.ledger.portfolios.filter(pk=pk).first()
        if portfolio is None:
            raise NoPortfolio("The ledger has no portfolio with this id.")
        return portfolio

    def _parent(self, place: Place, pk: UUID | None) -> Account | None:
        """The account of that id. Raises WrongParent."""
        if pk is None:
            return None
        parent: Account | None = self.rows(place).filter(pk=pk).first()
        if parent is None:
            raise WrongParent("The ledger has no account with this id to be the parent.")
        return parent

    def _segment(self, place: Place, pk: UUID | None) -> Segment | None:
        """The assigned segment of that id for accounts of this ledger. Raises Refused 0036."""
        if pk is None:
            return None
        segment = tags(place.organization, place.ledger).filter(pk=pk).first()
        if segment is None:
            raise Refused("0036", self.entity)
        return segment

    def _tag(self, place: Place, row: Account, segment: Segment | None) -> None:
        """Let the account carry the segment, or none. Raises Refused 0036 when it is taken out of use just now."""
        try:
            assign(place.organization, Account.objects.filter(pk=row.pk), segment, at=place.at)
        except CantCarry as fault:
            raise Refused("0036", self.entity) from fault

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
        """The account of that alias. Raises Refused 0085."""
        row: Account | None = self.rows(place).filter(_is_called(alias)).order_by("alias").first()
        if row is None:
            raise Refused("0085", self.entity, alias=alias)
        return row
