"""Ledgers of an organization, and the assets of a ledger."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from pydantic import AfterValidator, Field

from console.ledgers.currencies import CURRENCIES, decimals
from console.ledgers.models import Asset, Ledger
from console.midaz.faults import Refused
from console.midaz.places import LedgerPath, OrganizationPath, Place
from console.midaz.resources import Resource, change
from console.midaz.segments import refuse_used
from console.midaz.shapes import Name, Said, Stated, StatedOut, Text, refuse
from console.portfolios.assets import open_asset
from console.portfolios.models import Account


class LedgerIn(Stated):
    name: Name


class LedgerPatch(Stated):
    name: Text | None = None


class LedgerOut(StatedOut):
    name: str
    organization_id: UUID


class Ledgers(Resource[Ledger]):
    entity, path = "Ledger", "/{organization_id}/ledgers"
    ids = OrganizationPath
    creation, change, out = LedgerIn, LedgerPatch, LedgerOut

    def rows(self, place: Place) -> "QuerySet[Ledger]":
        return place.organization.ledgers.all()

    def blank(self, place: Place) -> Ledger:
        return Ledger(organization=place.organization)

    def end(self, place: Place, row: Ledger) -> None:
        """With its assets, portfolios, account types and segments.

        Raises Refused 1001 while it has accounts, or something uses a segment of it.
        """
        if row.accounts.exists():
            raise Refused("1001", self.entity, why="The ledger has accounts. Delete them first.")
        for segment in row.segments.all():
            refuse_used(segment, self.entity)
        for kept in (row.assets, row.portfolios, row.account_types, row.segments):
            kept.update(deleted_at=place.at, updated_at=place.at)
        Account.everything.filter(ledger=row, deleted_at=None).update(
            deleted_at=place.at, updated_at=place.at
        )
        super().end(place, row)

    def taken(self, said: Said) -> Refused:
        return Refused("0002", self.entity, name=getattr(said, "name", ""))

    def shown(self, row: Ledger) -> dict[str, Any]:
        return {"name": row.name, "organization_id": row.organization_id}


def _code(code: str) -> str:
    if not code.isalpha():
        raise refuse("0033", "Letters only")
    if not (code.isascii() and code.isupper()):
        raise refuse("0004", "Capital letters")
    return code


def _type(name: str) -> str:
    if name not in Asset.Type.values:
        raise refuse("0040", "One of " + ", ".join(Asset.Type.values))
    return name


class AssetIn(Stated):
    name: Name
    type: Annotated[str, AfterValidator(_type), Field(examples=["currency"])]
    code: Annotated[str, Field(min_length=1, max_length=100, examples=["USD"]), AfterValidator(_code)]


class AssetPatch(Stated):
    name: Text | None = None


class AssetOut(StatedOut):
    name: str
    type: Literal["currency", "crypto", "commodity", "others"]
    code: str
    ledger_id: UUID
    organization_id: UUID


class Assets(Resource[Asset]):
    """Each comes with its external account, and goes with it."""

    entity, path = "Asset", "/{organization_id}/ledgers/{ledger_id}/assets"
    ids = LedgerPath
    creation, change, out = AssetIn, AssetPatch, AssetOut

    def rows(self, place: Place) -> "QuerySet[Asset]":
        return place.ledger.assets.all()

    def blank(self, place: Place) -> Asset:
        return Asset(organization=place.organization, ledger=place.ledger)

    def make(self, place: Place, said: AssetIn) -> Asset:
        if said.type == Asset.Type.CURRENCY and said.code not in CURRENCIES:
            raise Refused("0005", self.entity, code=said.code)
        row = self.blank(place)
        row.scale = decimals(said.code)
        change(row, said)
        names = ("name", "type", "scale", "status", "status_description", "metadata")
        return open_asset(place.ledger, said.code, **{name: getattr(row, name) for name in names})

    def end(self, place: Place, row: Asset) -> None:
        """Raises Refused 1001 while accounts are kept in it."""
        kept = Account.everything.filter(ledger=row.ledger, asset_code=row.code, deleted_at=None)
        if kept.exclude(type=Account.EXTERNAL).exists():
            raise Refused("1001", self.entity, why="Accounts are kept in this asset. Delete them first.")
        kept.update(deleted_at=place.at, updated_at=place.at)
        super().end(place, row)

    def taken(self, said: Said) -> Refused:
        return Refused("0003", self.entity)

    def shown(self, row: Asset) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("name", "type", "code", "ledger_id", "organization_id")}
