"""/api/v1/connectors: the other systems, and which customer is known there under which reference."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status
from pydantic import StringConstraints

from console.billing import keeping
from console.billing.api.bodies import READ, WRITE, Metadata, Name, kept
from console.billing.models import Connector, ConnectorLink
from console.bodies import PLAIN, Said, asked, ended, held, put
from console.cursors import CursorQuery, list_of, page_of
from console.customers.api import find
from console.moments import Moment
from console.organizations.access import KeyRequest
from console.problems import one_of

router = Router(tags=["connectors"], auth=READ)
Kind = Literal["payments", "accounting", "crm", "other"]
Connection = Literal["linked", "not linked"]
Reference = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), PLAIN]


class ConnectorOut(Schema):
    """Another system that the bank is integrated with."""

    id: UUID
    name: str
    kind: str
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class ConnectorIn(Said):
    """A new connector; no other one of the organization has its name."""

    name: Name = Field(examples=["Stripe"])
    kind: Kind = "payments"
    metadata: Metadata = {}


class ConnectorPatch(Said):
    """A change (RFC 7396)."""

    name: Name = ""
    kind: Kind = "payments"
    metadata: Metadata = {}


class LinkOut(Schema):
    """A customer on a connector: under which reference, whether linked now, and when last in step."""

    connector_id: UUID
    customer_id: UUID
    reference: str
    connection: str
    synced_at: datetime | None
    created_at: datetime


class LinkIn(Said):
    reference: Reference = Field("", description="The customer's id over there, no other customer's.")
    connection: Connection = "linked"
    synced_at: Moment | None = None


class ConnectorQuery(CursorQuery):
    name: str = Field("", max_length=100, description="Exactly this name.")
    kind: Kind | Literal[""] = ""


class LinkQuery(CursorQuery):
    reference: str = Field("", max_length=200)
    connection: Connection | Literal[""] = ""


@router.get("/connectors", response=list_of(ConnectorOut), summary="List connectors")
def list_connectors(request: KeyRequest, query: Query[ConnectorQuery]) -> dict[str, Any]:
    """By their names."""
    rows = request.auth.organization.connectors.filter(**asked(query, "name", "kind"))
    return page_of(rows, query, "name", ConnectorOut.from_orm)


@router.post("/connectors", response={201: ConnectorOut}, auth=WRITE, summary="Create a connector")
def create_connector(request: KeyRequest, said: ConnectorIn) -> Status[Any]:
    """409 where there is one of this name."""
    connector = Connector(organization=request.auth.organization)
    put(connector, said)
    with kept():
        keeping.keep_connector(connector)
    connector.refresh_from_db()
    return Status(201, ConnectorOut.from_orm(connector))


@router.get("/connectors/{connector_id}", response=ConnectorOut, summary="Get a connector")
def get_connector(request: KeyRequest, connector_id: UUID) -> Any:
    """Its name and kind."""
    return ConnectorOut.from_orm(
        one_of(request.auth.organization.connectors.all(), connector_id, "connector")
    )


@router.patch("/connectors/{connector_id}", response=ConnectorOut, auth=WRITE, summary="Change a connector")
def change_connector(request: KeyRequest, connector_id: UUID, said: ConnectorPatch) -> Any:
    """409 where another has this name."""
    with kept():
        connector = held(request.auth.organization.connectors.all(), connector_id, "connector")
        put(connector, said)
        keeping.keep_connector(connector)
    return ConnectorOut.from_orm(connector)


@router.delete("/connectors/{connector_id}", response={204: None}, auth=WRITE, summary="Delete a connector")
def delete_connector(request: KeyRequest, connector_id: UUID) -> Status[None]:
    """Nobody is linked on it any more; payment methods stay, without it."""
    return ended(request.auth.organization.connectors.all(), connector_id, "connector")


@router.get(
    "/connectors/{connector_id}/links", response=list_of(LinkOut), summary="List who is on a connector"
)
def list_links(request: KeyRequest, connector_id: UUID, query: Query[LinkQuery]) -> dict[str, Any]:
    """In the order in which they were linked, those unlinked since too."""
    connector: Any = one_of(request.auth.organization.connectors.all(), connector_id, "connector")
    rows = connector.links.filter(**asked(query, "reference", "connection"))
    return page_of(rows, query, "id", LinkOut.from_orm)


@router.put(
    "/connectors/{connector_id}/links/{customer_id}",
    response={200: LinkOut},
    auth=WRITE,
    summary="Link a customer on a connector, or unlink one",
)
def put_link(request: KeyRequest, connector_id: UUID, customer_id: UUID, said: LinkIn) -> LinkOut:
    """How the customer stands on it from now on, whatever was known before. 409 where another has the reference."""
    organization = request.auth.organization
    connector = one_of(organization.connectors.all(), connector_id, "connector")
    link = ConnectorLink(organization=organization, connector=connector)
    link.customer = find(organization, customer_id)
    for name, value in said.dict().items():
        setattr(link, name, value)
    with kept():
        keeping.keep_link(link)
    return LinkOut.from_orm(link)


@router.get(
    "/customers/{customer_id}/links", response=list_of(LinkOut), summary="List where a customer is linked"
)
def list_links_of_customer(
    request: KeyRequest, customer_id: UUID, query: Query[CursorQuery]
) -> dict[str, Any]:
    """On which connectors the customer is known, those unlinked since too."""
    customer = find(request.auth.organization, customer_id)
    rows = customer.connector_links.filter(connector__deleted_at=None)
    return page_of(rows, query, "id", LinkOut.from_orm)
