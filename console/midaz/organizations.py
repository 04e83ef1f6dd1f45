"""Organizations: those that a key opens."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from pydantic import AfterValidator, Field

from console.midaz.faults import Refused
from console.midaz.places import Place, TopPath, opened
from console.midaz.resources import Resource, change
from console.midaz.schemas import Name, Said, Stated, StatedOut, Text, refuse
from console.organizations.countries import COUNTRIES
from console.organizations.keeping import ADDRESS, OwnParent, put_address, put_under, slug_for
from console.organizations.models import Organization


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise refuse("0032", "Write two letters of ISO 3166")
    return code


Country = Annotated[str, AfterValidator(_country), Field(examples=["CZ"])]


class AddressPatch(Said):
    """What changes of where it has its seat; the country by ISO 3166 alpha-2."""

    country: Country | None = None
    line1: Annotated[str, Field(max_length=ADDRESS["line1"])] | None = None
    line2: Annotated[str, Field(max_length=ADDRESS["line2"])] | None = None
    zip_code: Annotated[str, Field(max_length=ADDRESS["zipCode"])] | None = None
    city: Annotated[str, Field(max_length=ADDRESS["city"])] | None = None
    state: Annotated[str, Field(max_length=ADDRESS["state"])] | None = None
    description: Annotated[str, Field(max_length=ADDRESS["description"])] | None = None


class Address(AddressPatch):
    """Where it has its seat."""

    country: Country


class OrganizationIn(Stated):
    legal_name: Name
    legal_document: Name
    doing_business_as: Text | None = None
    parent_organization_id: UUID | None = None
    address: Address


class OrganizationPatch(Stated):
    legal_name: Text | None = None
    doing_business_as: Text | None = None
    parent_organization_id: UUID | None = None
    address: AddressPatch | None = None


class OrganizationOut(StatedOut):
    parent_organization_id: UUID | None
    legal_name: str
    doing_business_as: str | None
    legal_document: str
    address: dict[str, str | None]


class Organizations(Resource[Organization]):
    """An organization that a key makes is opened by the keys of that key's organization."""

    entity, path = "Organization", ""
    ids = TopPath
    creation, change, out = OrganizationIn, OrganizationPatch, OrganizationOut

    def rows(self, place: Place) -> "QuerySet[Organization]":
        rows: QuerySet[Organization] = opened(place.key)
        return rows

    def blank(self, place: Place) -> Organization:
        """Its currency and time zone are its founder's."""
        home = place.key.organization
        return Organization(founded_by=home, base_currency=home.base_currency, time_zone=home.time_zone)

    def make(self, place: Place, said: OrganizationIn) -> Organization:
        row = self.blank(place)
        row.slug, row.legal_document = slug_for(said.legal_name), said.legal_document
        self._put(place, row, said)
        row.save()
        return row

    def alter(self, place: Place, row: Organization, said: OrganizationPatch) -> None:
        self._put(place, row, said)
        row.save()

    def _put(self, place: Place, row: Organization, said: OrganizationIn | OrganizationPatch) -> None:
        if said.parent_organization_id is not None:
            self._put_under(place, row, said.parent_organization_id)
        row.name = said.legal_name or row.name
        row.doing_business_as = said.doing_business_as or row.doing_business_as
        if said.address is not None:
            address = said.address.model_dump(by_alias=True, exclude_unset=True)
            put_address(row, {name: value for name, value in address.items() if name != "country" or value})
        change(row, said, "status", "metadata")

    def _put_under(self, place: Place, row: Organization, pk: UUID) -> None:
        parent = row if pk == row.pk else self.rows(place).filter(pk=pk).first()
        if parent is None:
            raise Refused("0039", self.entity)
        try:
            put_under(row, parent)
        except OwnParent as refusal:
            raise Refused("0091", self.entity) from refusal

    def end(self, place: Place, row: Organization) -> None:
        if row.pk == place.key.organization_id:
            raise Refused("0043", self.entity, why="A key can't delete the organization that it belongs to.")
        if row.ledgers.exists():
            raise Refused("1001", self.entity, why="The organization has ledgers. Delete them first.")
        super().end(place, row)

    def shown(self, row: Organization) -> dict[str, Any]:
        return {
            "parent_organization_id": row.parent_id,
            "legal_name": row.name,
            "doing_business_as": row.doing_business_as or None,
            "legal_document": row.legal_document,
            "address": {to: row.address.get(to) for to in ADDRESS},
        }
