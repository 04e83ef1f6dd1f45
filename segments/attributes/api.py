"""/api/v1/attributes: which data of its own the organization declared, and whether segments find records by it fast."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status
from pydantic import StringConstraints

from console.bearer import KeyAuth
from console.bodies import PLAIN, Said, asked, ended, held, kept, put
from console.cursors import CursorQuery, list_of, page_of
from console.customers.keeping import keep_attribute
from console.customers.models import Attribute
from console.keeping import Refusal
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from console.problems import one_of
from segments.attributes.states import states_of
from segments.attributes.using import users_by_attribute

READ, WRITE = KeyAuth(KeyScope.ATTRIBUTES_READ), KeyAuth(KeyScope.ATTRIBUTES_WRITE)
router = Router(tags=["attributes"], auth=READ)
Entity = Literal["customers", "accounts", "transactions"]
Type = Literal["text", "number", "boolean", "date"]
Key = Annotated[str, StringConstraints(min_length=1, max_length=100), PLAIN]
Label = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True), PLAIN]
Meaning = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), PLAIN]
Unit = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True), PLAIN]
OF = Field(examples=["customers"])
KEY = Field(examples=["loyalty_tier"], description="Dots lead into objects, such as address.city.")


class AttributeIndexOut(Schema):
    """What became of the index of an attribute: none, waiting, making, ready or failed, and why it failed."""

    state: str
    fault: str


class AttributeOut(Schema):
    """A declared attribute. `segments` is how many segments in use ask for it: they keep its entity, key and type."""

    id: UUID
    entity: str
    key: str
    type: str
    label: str
    help: str
    unit: str
    is_personal: bool
    is_filtered_often: bool
    index: AttributeIndexOut
    segments: int
    created_at: datetime
    updated_at: datetime


class AttributeIn(Said):
    """A new attribute; the organization has not declared the key of this entity yet."""

    entity: Entity = OF
    key: Key = KEY
    type: Type = Field(examples=["text"])
    label: Label = ""
    help: Meaning = ""
    unit: Unit = ""
    is_personal: bool = False
    is_filtered_often: bool = False


class AttributePatch(Said):
    """A change (RFC 7396). Entity, key and type stay while segments ask for it."""

    entity: Entity = "customers"
    key: Key = Field("", examples=["loyalty_tier"])
    type: Type = "text"
    label: Label = ""
    help: Meaning = ""
    unit: Unit = ""
    is_personal: bool = False
    is_filtered_often: bool = False


class AttributeQuery(CursorQuery):
    entity: Entity | Literal[""] = ""
    key: str = Field("", max_length=100, description="Exactly this key.")
    is_filtered_often: bool | None = None


@router.get("/attributes", response=list_of(AttributeOut), summary="List attributes")
def list_attributes(request: KeyRequest, query: Query[AttributeQuery]) -> dict[str, Any]:
    """By their keys."""
    organization = request.auth.organization
    rows = organization.attributes.filter(**asked(query, "entity", "key"))
    if query.is_filtered_often is not None:
        rows = rows.filter(is_filtered_often=query.is_filtered_often)
    page = page_of(rows, query, "key", lambda row: row)
    return page | {"items": _shown(organization, page["items"])}


@router.post("/attributes", response={201: AttributeOut}, auth=WRITE, summary="Declare an attribute")
def create_attribute(request: KeyRequest, said: AttributeIn) -> Status[Any]:
    """409 where the key is declared of this entity already."""
    attribute = Attribute(organization=request.auth.organization)
    put(attribute, said)
    with kept(Refusal):
        keep_attribute(attribute)
    return Status(201, _one(request, attribute.pk))


@router.get("/attributes/{attribute_id}", response=AttributeOut, summary="Get an attribute")
def get_attribute(request: KeyRequest, attribute_id: UUID) -> Any:
    """What it is, what became of its index, and how many segments ask for it."""
    return _one(request, attribute_id)


@router.patch("/attributes/{attribute_id}", response=AttributeOut, auth=WRITE, summary="Change an attribute")
def change_attribute(request: KeyRequest, attribute_id: UUID, said: AttributePatch) -> Any:
    """409 where segments ask for it and rely on what is to change, or another has the key."""
    with kept(Refusal):
        attribute = held(request.auth.organization.attributes.all(), attribute_id, "attribute")
        put(attribute, said)
        keep_attribute(attribute)
    return _one(request, attribute_id)


@router.delete("/attributes/{attribute_id}", response={204: None}, auth=WRITE, summary="Delete an attribute")
def delete_attribute(request: KeyRequest, attribute_id: UUID) -> Status[None]:
    """409 while segments ask for it. What stands under its key in records stays there."""
    return ended(request.auth.organization.attributes.all(), attribute_id, "attribute")


def _one(request: KeyRequest, pk: UUID) -> AttributeOut:
    """As it is stored. Raises Http404."""
    organization = request.auth.organization
    return _shown(organization, [one_of(organization.attributes.all(), pk, "attribute")])[0]


def _shown(organization: Any, rows: Sequence[Attribute]) -> list[AttributeOut]:
    states, used = states_of(rows), users_by_attribute(organization)
    own = [field for field in AttributeOut.model_fields if field not in ("index", "segments")]
    return [
        AttributeOut(
            **{name: getattr(row, name) for name in own},
            index=AttributeIndexOut(state=states[row.pk].code, fault=row.index_fault),
            segments=used.get((row.entity, row.key), 0),
        )
        for row in rows
    ]
