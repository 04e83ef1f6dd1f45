"""Portfolios of a ledger, and the types that its accounts may be of."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from pydantic import Field

from console.midaz.cursors import CursorQuery
from console.midaz.places import LedgerPath, Place
from console.midaz.resources import Resource
from console.midaz.schemas import Metadata, Name, Out, Said, Stated, StatedOut, Text, letters
from console.portfolios.keeping import keep_type
from console.portfolios.models import AccountType, Portfolio


class PortfolioIn(Stated):
    name: Name
    entity_id: Text | None = None


class PortfolioPatch(Stated):
    name: Text | None = None
    entity_id: Text | None = None


class PortfolioOut(StatedOut):
    name: str
    entity_id: str | None
    ledger_id: UUID
    organization_id: UUID


class Portfolios(Resource[Portfolio]):
    entity, path = "Portfolio", "/{organization_id}/ledgers/{ledger_id}/portfolios"
    ids = LedgerPath
    creation, change, out = PortfolioIn, PortfolioPatch, PortfolioOut

    def rows(self, place: Place) -> "QuerySet[Portfolio]":
        return place.ledger.portfolios.all()

    def blank(self, place: Place) -> Portfolio:
        return Portfolio(organization=place.organization, ledger=place.ledger)

    def shown(self, row: Portfolio) -> dict[str, Any]:
        return {
            "name": row.name,
            "entity_id": row.entity_id or None,
            "ledger_id": row.ledger_id,
            "organization_id": row.organization_id,
        }


KeyValue = Annotated[
    str,
    Field(min_length=1, max_length=50, examples=["current"]),
    letters(r"[a-zA-Z0-9_-]+", "0120", "Letters, digits, _ and - only"),
]


class AccountTypeIn(Said):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    key_value: KeyValue
    description: Annotated[str, Field(max_length=500)] | None = None
    metadata: Metadata | None = None


class AccountTypePatch(Said):
    name: Annotated[str, Field(max_length=100)] | None = None
    description: Annotated[str, Field(max_length=500)] | None = None
    metadata: Metadata | None = None


class AccountTypeOut(Out):
    name: str
    key_value: str
    description: str | None
    ledger_id: UUID
    organization_id: UUID


class AccountTypes(Resource[AccountType]):
    entity, path = "Account type", "/{organization_id}/ledgers/{ledger_id}/account-types"
    ids = LedgerPath
    creation, change, out = AccountTypeIn, AccountTypePatch, AccountTypeOut
    query = CursorQuery
    is_counted = False

    def rows(self, place: Place) -> "QuerySet[AccountType]":
        return place.ledger.account_types.all()

    def blank(self, place: Place) -> AccountType:
        return AccountType(organization=place.organization, ledger=place.ledger)

    def keep(self, row: AccountType) -> None:
        keep_type(row)

    def shown(self, row: AccountType) -> dict[str, Any]:
        return {
            "name": row.name,
            "key_value": row.key_value,
            "description": row.description or None,
            "ledger_id": row.ledger_id,
            "organization_id": row.organization_id,
        }
