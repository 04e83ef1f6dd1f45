"""/api/v1/payment-methods: how customers pay. Never with a whole card or account number."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import StrictBool

from console.billing import keeping
from console.billing.api.bodies import READ, WRITE, Day, Metadata, OwnId, Short, held_of_customer, kept
from console.billing.models import PaymentMethod
from console.bodies import Said, asked, ended, put, said_of
from console.cursors import CursorQuery, list_of, page_of
from console.customers.api import Country
from console.organizations.access import KeyRequest
from console.organizations.models import Organization
from console.problems import one_of

router = Router(tags=["payment-methods"], auth=READ)
Type = Literal["card", "bank_transfer", "direct_debit", "ach", "paypal", "upi", "other"]
State = Literal["pending", "active", "failed", "expired", "revoked"]


class MethodOut(Schema):
    """A way in which a customer pays; `expires_on` is the last day on which it works."""

    id: UUID
    customer_id: UUID
    external_id: str
    type: str
    status: str
    connector_id: UUID | None
    is_default: bool
    country: str
    expires_on: date | None
    details: str
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class MethodSaid(Said):
    """What may be said of a payment method."""

    status: State = "active"
    connector_id: UUID | None = None
    is_default: StrictBool = Field(False, description="It takes the place of the customer's default one.")
    country: Country = Field("", description="ISO 3166, two capital letters.")
    expires_on: Day | None = None
    details: Short = Field("", description="What tells it apart, such as “Visa, ends in 4242”.")
    metadata: Metadata = {}


class MethodIn(MethodSaid):
    """A new payment method; `external_id` is its id in the bank's own system, once in the organization."""

    external_id: OwnId
    customer_id: UUID
    type: Type = Field(examples=["card"])


class MethodPatch(MethodSaid):
    """A change (RFC 7396). Whose it is and what it is stays."""


class MethodQuery(CursorQuery):
    external_id: str = Field("", max_length=100)
    customer_id: UUID | None = None
    connector_id: UUID | None = None
    type: Type | Literal[""] = ""
    status: State | Literal[""] = ""
    is_default: bool | None = None


@router.get("/payment-methods", response=list_of(MethodOut), summary="List payment methods")
def list_methods(request: KeyRequest, query: Query[MethodQuery]) -> dict[str, Any]:
    """In the order in which they were entered."""
    same = ("external_id", "customer_id", "connector_id", "type", "status", "is_default")
    rows = request.auth.organization.payment_methods.filter(**asked(query, *same))
    return page_of(rows, query, "id", MethodOut.from_orm)


@router.post("/payment-methods", response={201: MethodOut}, auth=WRITE, summary="Create a payment method")
def create_method(request: KeyRequest, said: MethodIn) -> Status[Any]:
    """409 where one has this external id already: sending it twice makes one."""
    organization = request.auth.organization
    method = PaymentMethod(organization=organization)
    method.customer = said_of(organization.customers.all(), said.customer_id, "customer_id")
    with kept():
        _change(organization, method, said)
    method.refresh_from_db()
    return Status(201, MethodOut.from_orm(method))


@router.get("/payment-methods/{method_id}", response=MethodOut, summary="Get a payment method")
def get_method(request: KeyRequest, method_id: UUID) -> Any:
    """As it is now."""
    return MethodOut.from_orm(
        one_of(request.auth.organization.payment_methods.all(), method_id, "payment method")
    )


@router.patch(
    "/payment-methods/{method_id}", response=MethodOut, auth=WRITE, summary="Change a payment method"
)
def change_method(request: KeyRequest, method_id: UUID, said: MethodPatch) -> Any:
    """Of a customer's methods one is the default; the later word takes the place of the one before."""
    organization = request.auth.organization
    with kept():
        method = held_of_customer(organization.payment_methods.all(), method_id, "payment method")
        _change(organization, method, said)
    return MethodOut.from_orm(method)


@router.delete(
    "/payment-methods/{method_id}", response={204: None}, auth=WRITE, summary="Delete a payment method"
)
def delete_method(request: KeyRequest, method_id: UUID) -> Status[None]:
    """The customer pays by it no more."""
    return ended(request.auth.organization.payment_methods.all(), method_id, "payment method")


def _change(organization: Organization, method: PaymentMethod, said: MethodIn | MethodPatch) -> None:
    """Put what is said on the method and store it. Raises Unusable, Refusal."""
    if "connector_id" in said.model_fields_set:
        method.connector = said_of(organization.connectors.all(), said.connector_id, "connector_id")
    put(method, said, leaving=("customer_id", "connector_id"))
    keeping.keep_method(method, at=timezone.now())
