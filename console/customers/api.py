"""/api/v1/customers: whom the bank serves, kept in step with its own systems."""

import json
import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from ninja import Field, Query, Router, Schema, Status
from pydantic import StrictBool, StringConstraints

from console.bearer import KeyAuth
from console.bodies import PLAIN, Said
from console.cursors import CursorQuery, list_of, page_of
from console.customers.columns import at_path
from console.customers.models import Attribute, Customer
from console.customers.models.attribute import INDEXED
from console.moments import Moment
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope, Organization
from console.problems import Conflict, Unusable, one_of

READ, WRITE = KeyAuth(KeyScope.CUSTOMERS_READ), KeyAuth(KeyScope.CUSTOMERS_WRITE)
router = Router(tags=["customers"], auth=READ)
CUSTOM_LIMIT = 10_000
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TYPES: dict[str, tuple[Any, str]] = {
    Attribute.Type.TEXT: (str, "a text"),
    Attribute.Type.NUMBER: ((int, float), "a number"),
    Attribute.Type.BOOLEAN: (bool, "true or false"),
    Attribute.Type.DATE: (str, "a day such as 2026-11-22"),
}
Name = Annotated[str, StringConstraints(max_length=256, strip_whitespace=True), PLAIN]
Email = Annotated[str, StringConstraints(max_length=254, strip_whitespace=True), PLAIN]
Phone = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True), PLAIN]
Country = Annotated[str, StringConstraints(max_length=2, strip_whitespace=True), PLAIN]
Product = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), PLAIN]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), PLAIN]


class CustomerOut(Schema):
    """A customer. `opaque_id` is the only id that an app which shows banners may know."""

    id: UUID
    external_id: str
    opaque_id: UUID
    kind: str
    name: str
    email: str
    phone: str
    country: str
    products: list[str]
    custom_data: dict[str, Any]
    communications_enabled: bool
    profiling_objected_at: datetime | None
    erased_at: datetime | None
    created_at: datetime


class CustomerSaid(Said):
    """What may be said of a customer. Custom data that the organization declared must be of its type."""

    kind: Literal["person", "business"] = "person"
    name: Name = ""
    email: Email = ""
    phone: Phone = ""
    country: Country = Field("", description="ISO 3166, two capital letters.")
    products: list[Product] = Field([], max_length=100)
    custom_data: dict[str, Any] = {}
    communications_enabled: StrictBool = True
    profiling_objected_at: Moment | None = None


class CustomerIn(CustomerSaid):
    """A new customer; `external_id` is the id in the bank's own system, once in the organization."""

    external_id: ExternalId


class CustomerPatch(CustomerSaid):
    """A change (RFC 7396): what is not named stays; in custom data, null takes a key out."""


class CustomerQuery(CursorQuery):
    external_id: str = Field("", max_length=100)
    kind: Literal["person", "business", ""] = ""
    country: str = Field("", max_length=2)
    created_since: Moment | None = None


@router.get("/customers", response=list_of(CustomerOut), summary="List customers")
def list_customers(request: KeyRequest, query: Query[CustomerQuery]) -> dict[str, Any]:
    """In the order in which they were made. Erased ones stay in the list, without what named them."""
    rows = request.auth.organization.customers.all()
    asked = query.dict(include={"external_id", "kind", "country"})
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if query.created_since:
        rows = rows.filter(created_at__gte=query.created_since)
    return page_of(rows, query, "created_at", CustomerOut.from_orm)


@router.post("/customers", response={201: CustomerOut}, auth=WRITE, summary="Create a customer")
def create_customer(request: KeyRequest, said: CustomerIn) -> Status[Any]:
    """409 where a customer has this external id already: sending it twice makes one."""
    customer = Customer(organization=request.auth.organization)
    try:
        with transaction.atomic():
            _change(customer, said)
    except IntegrityError as error:
        raise Conflict(
            f"A customer with the external id “{said.external_id}” exists already. Change that one."
        ) from error
    return Status(201, CustomerOut.from_orm(customer))


@router.get("/customers/{customer_id}", response=CustomerOut, summary="Get a customer")
def get_customer(request: KeyRequest, customer_id: UUID) -> Any:
    """All that is known of one."""
    return CustomerOut.from_orm(find(request.auth.organization, customer_id))


@router.patch("/customers/{customer_id}", response=CustomerOut, auth=WRITE, summary="Change a customer")
def change_customer(request: KeyRequest, customer_id: UUID, said: CustomerPatch) -> Any:
    """409 once the customer was erased: that is for good."""
    with transaction.atomic():
        customer = find(request.auth.organization, customer_id, is_held=True)
        if customer.erased_at:
            raise Conflict("This customer was erased, which is for good.")
        _change(customer, said)
    return CustomerOut.from_orm(customer)


def find(organization: Organization, pk: UUID, *, is_held: bool = False) -> Customer:
    """The organization's customer, locked until the transaction ends if `is_held`. Raises Http404."""
    rows = organization.customers.select_for_update(no_key=True) if is_held else organization.customers.all()
    customer: Customer = one_of(rows, pk, "customer")
    return customer


def _change(customer: Customer, said: CustomerSaid) -> None:
    """Put what is said on the customer and store it. Raises Unusable, IntegrityError."""
    before = customer.custom_data
    for name, value in said.dict(exclude_unset=True).items():
        setattr(customer, name, _merged(before, value) if name == "custom_data" else value)
    if "custom_data" in said.model_fields_set:
        _check(customer, before)
    names = [*type(said).model_fields]
    try:
        customer.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Unusable.of(error, names) from error
    adding = customer._state.adding
    customer.save(update_fields=None if adding else sorted(said.model_fields_set))
    if adding:
        customer.refresh_from_db()


def _merged(before: Any, change: Any) -> Any:
    """A JSON value after a merge patch (RFC 7396)."""
    if not isinstance(change, dict):
        return change
    kept = dict(before) if isinstance(before, dict) else {}
    kept |= {key: _merged(kept.get(key), value) for key, value in change.items()}
    return {key: value for key, value in kept.items() if value is not None}


def _check(customer: Customer, before: dict[str, Any]) -> None:
    """Declared data are of their type, and all of it together is no more than a row can carry. Raises Unusable.

    What stood there `before` as it does now was not said: it may be older than what was declared of it.
    """
    data = customer.custom_data
    if not _is_storable(data):
        raise Unusable(
            (
                "/body/custom_data",
                f"Up to {CUSTOM_LIMIT:,} characters of JSON, without NUL, NaN and Infinity.",
            )
        )
    declared = customer.organization.attributes.filter(entity=Attribute.Entity.CUSTOMERS)
    changed = [one for one in declared if repr(at_path(data, one.key)) != repr(at_path(before, one.key))]
    faults = [
        (f"/body/custom_data/{one.key.replace('.', '/')}", f"Write {TYPES[one.type][1]}.")
        for one in changed
        if not _fits(at_path(data, one.key), one.type)
    ] + [
        (f"/body/custom_data/{one.key.replace('.', '/')}", f"Write at most {INDEXED} characters.")
        for one in changed
        if one.is_short and len(str(at_path(data, one.key))) > INDEXED
    ]
    if faults:
        raise Unusable(*faults)


def _is_storable(data: Any) -> bool:
    """Whether it is short enough, and has no number that is none, no NUL, and no half of a character in it."""
    try:
        written = json.dumps(data, allow_nan=False, ensure_ascii=False)
        written.encode()
    except (ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        return False
    # An escaped backslash may stand before the letters of an escape.
    return len(json.dumps(data)) <= CUSTOM_LIMIT and "\\u0000" not in written.replace("\\\\", "")


def _fits(value: Any, type: str) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, TYPES[type][0]):
        return type == Attribute.Type.BOOLEAN and isinstance(value, bool)
    if type != Attribute.Type.DATE:
        return True
    try:
        return bool(ISO_DATE.fullmatch(value)) and date.fromisoformat(value) is not None
    except ValueError:
        return False
