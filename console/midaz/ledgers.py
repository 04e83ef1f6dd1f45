"""Ledgers of an organization, and the assets of a ledger."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from pydantic import AfterValidator, Field

from console.keeping import Refusal
from console.ledgers.keeping import CODE_LENGTH, check_code, keep_asset, keep_ledger
from console.ledgers.models import Asset, Ledger
from console.midaz.faults import OF_RULES
from console.midaz.places import LedgerPath, OrganizationPath, Place
from console.midaz.resources import Resource, change
from console.midaz.schemas import Name, Stated, StatedOut, Text, refuse
from console.portfolios.assets import begin_asset


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

    def keep(self, row: Ledger) -> None:
        keep_ledger(row)

    def shown(self, row: Ledger) -> dict[str, Any]:
        return {"name": row.name, "organization_id": row.organization_id}


def _code(code: str) -> str:
    try:
        check_code(code)
    except Refusal as refusal:
        raise refuse(OF_RULES[type(refusal)], str(refusal)) from refusal
    return code


def _type(name: str) -> str:
    if name not in Asset.Type.values:
        raise refuse("0040", "One of " + ", ".join(Asset.Type.values))
    return name


class AssetIn(Stated):
    """An asset without a name is called by its code."""

    name: Text | None = None
    type: Annotated[str, Field(min_length=1, examples=["currency"]), AfterValidator(_type)]
    code: Annotated[str, Field(min_length=1, max_length=CODE_LENGTH, examples=["USD"]), AfterValidator(_code)]


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
        place.stays()
        row = self.blank(place)
        row.name = said.code
        change(row, said)
        names = ("name", "type", "status", "status_description", "metadata")
        return begin_asset(place.ledger, said.code, **{name: getattr(row, name) for name in names})

    def keep(self, row: Asset) -> None:
        keep_asset(row)

    def shown(self, row: Asset) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("name", "type", "code", "ledger_id", "organization_id")}
