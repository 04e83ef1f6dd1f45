"""/api/v1/customers/…/contacts and /consents: whom to write to beside a customer, and what they agreed to."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import StrictBool

from console.bearer import KeyAuth
from console.billing import keeping
from console.billing.api.bodies import Metadata, held_of_customer, kept
from console.billing.models import Consent, Contact
from console.bodies import Said, ended, put
from console.cursors import CursorQuery, list_of, page_of
from console.customers.api import Email, find
from console.customers.api import Name as FullName
from console.moments import Moment
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from console.problems import Unusable, one_of

READ, WRITE = KeyAuth(KeyScope.CUSTOMERS_READ), KeyAuth(KeyScope.CUSTOMERS_WRITE)
router = Router(tags=["customers"], auth=READ)


class ContactOut(Schema):
    """A person at or beside a customer; `send_invoice` says whether bills go there."""

    id: UUID
    customer_id: UUID
    name: str
    email: str
    send_invoice: bool
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class ContactSaid(Said):
    name: FullName = ""
    send_invoice: StrictBool = True
    metadata: Metadata = {}


class ContactIn(ContactSaid):
    """A new contact; a customer has an address once."""

    email: Email = Field(examples=["bills@mail.example"])


class ContactPatch(ContactSaid):
    """A change (RFC 7396)."""

    email: Email = ""


class ConsentOut(Schema):
    """A customer's last word on one channel and purpose; `source`: staff, api, file, or letter (its link)."""

    channel: str
    purpose: str
    is_given: bool
    said_at: datetime
    source: str


class ConsentIn(Said):
    channel: Literal["email", "sms", "phone", "post"] = Field(examples=["email"])
    purpose: Literal["marketing", "surveys", "billing"] = Field(examples=["marketing"])
    is_given: StrictBool
    said_at: Moment | None = Field(None, description="When the customer said so; left out: now.")


@router.get(
    "/customers/{customer_id}/contacts", response=list_of(ContactOut), summary="List a customer's contacts"
)
def list_contacts(request: KeyRequest, customer_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """In the order in which they were added."""
    customer = find(request.auth.organization, customer_id)
    return page_of(customer.contacts.all(), query, "id", ContactOut.from_orm)


@router.post(
    "/customers/{customer_id}/contacts", response={201: ContactOut}, auth=WRITE, summary="Add a contact"
)
def create_contact(request: KeyRequest, customer_id: UUID, said: ContactIn) -> Status[Any]:
    """409 where the customer has a contact with this address."""
    customer = find(request.auth.organization, customer_id)
    contact = Contact(organization=request.auth.organization, customer=customer)
    put(contact, said)
    with kept():
        keeping.keep_contact(contact)
    contact.refresh_from_db()
    return Status(201, ContactOut.from_orm(contact))


@router.get("/contacts/{contact_id}", response=ContactOut, summary="Get a contact")
def get_contact(request: KeyRequest, contact_id: UUID) -> Any:
    """As it is now."""
    return ContactOut.from_orm(one_of(request.auth.organization.contacts.all(), contact_id, "contact"))


@router.patch("/contacts/{contact_id}", response=ContactOut, auth=WRITE, summary="Change a contact")
def change_contact(request: KeyRequest, contact_id: UUID, said: ContactPatch) -> Any:
    """409 where the customer has another with this address."""
    with kept():
        contact = held_of_customer(request.auth.organization.contacts.all(), contact_id, "contact")
        put(contact, said)
        keeping.keep_contact(contact)
    return ContactOut.from_orm(contact)


@router.delete("/contacts/{contact_id}", response={204: None}, auth=WRITE, summary="Delete a contact")
def delete_contact(request: KeyRequest, contact_id: UUID) -> Status[None]:
    """Nobody writes there any more."""
    return ended(request.auth.organization.contacts.all(), contact_id, "contact")


@router.get(
    "/customers/{customer_id}/consents", response=list_of(ConsentOut), summary="List a customer's consents"
)
def list_consents(request: KeyRequest, customer_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """Their last word on each channel and purpose; where there is none, they were never asked."""
    customer = find(request.auth.organization, customer_id)
    return page_of(customer.consents.all(), query, "id", ConsentOut.from_orm)


@router.post(
    "/customers/{customer_id}/consents", response=ConsentOut, auth=WRITE, summary="Note what a customer said"
)
def note_consent(request: KeyRequest, customer_id: UUID, said: ConsentIn) -> Any:
    """In place of what they said before of the same channel and purpose; 409 where they said something later."""
    customer, now = find(request.auth.organization, customer_id), timezone.now()
    if said.said_at and said.said_at > now:
        raise Unusable(("/body/said_at", "That is still to come. Write when the customer said so."))
    with kept():
        consent = keeping.keep_consent(
            *(customer, said.channel, said.purpose),
            is_given=said.is_given,
            by=None,
            at=said.said_at or now,
            source=Consent.Source.API,
        )
    return ConsentOut.from_orm(consent)
