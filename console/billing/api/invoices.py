"""/api/v1/invoices: what customers are billed, from draft to paid."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import StrictBool

from console.billing import keeping
from console.billing.api.bodies import (
    READ,
    WRITE,
    Amount,
    Code,
    Day,
    Long,
    Metadata,
    OwnId,
    Short,
    kept,
    today_at,
)
from console.billing.models import Invoice
from console.bodies import Said, asked, held, put, said_of
from console.cursors import CursorQuery, list_of, page_of
from console.exact import Money
from console.organizations.access import KeyRequest
from console.problems import Conflict, one_of

router = Router(tags=["invoices"], auth=READ)
State = Literal["upcoming", "draft", "approved", "edited", "partially_paid", "paid", "void", "discarded"]


class InvoiceOut(Schema):
    """An invoice. `days_overdue` is from the day it is due to today at the bank, null where nothing is owed."""

    id: UUID
    customer_id: UUID
    external_id: str
    number: str
    status: str
    currency: str
    total: Money
    amount_due: Money
    days_overdue: int | None
    period_start: date | None
    period_end: date | None
    issued_on: date | None
    due_on: date | None
    promise_due_on: date | None
    payment_link: str
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def of(invoice: Invoice, on: date) -> "InvoiceOut":
        same = {name: getattr(invoice, name) for name in InvoiceOut.model_fields if name != "days_overdue"}
        return InvoiceOut(**same, days_overdue=invoice.days_overdue(on))


class InvoiceSaid(Said):
    """What may be said of an invoice."""

    number: Short = Field("", description="The number on the paper.")
    period_start: Day | None = None
    period_end: Day | None = None
    issued_on: Day | None = None
    due_on: Day | None = None
    promise_due_on: Day | None = Field(None, description="The day by which the customer promised to pay.")
    payment_link: Long = ""
    metadata: Metadata = {}


class InvoiceIn(InvoiceSaid):
    """A new invoice; `external_id` is its id in the bank's own system, once in the organization."""

    external_id: OwnId
    customer_id: UUID
    currency: Code = Field(description="ISO 4217, three capital letters.", examples=["EUR"])
    total: Amount
    status: Literal["upcoming", "draft", "approved"] = "draft"


class InvoicePatch(InvoiceSaid):
    """A change (RFC 7396). What was approved is edited by it, until it is approved again."""

    total: Amount | None = None


class StepIn(Said):
    """What becomes of it. That it is paid is said by its payments."""

    status: Literal["draft", "approved", "void", "discarded"] = Field(examples=["void"])


class PaymentIn(Said):
    """An amount that was paid, or came back. With `due_before`, what was due until then, it counts once at most."""

    amount: Amount
    came_back: StrictBool = False
    due_before: Amount | None = None


class InvoiceEventOut(Schema):
    """A step: from which status to which, what was paid with it (less than 0: came back)."""

    before: str
    after: str
    amount: Money
    at: datetime


class InvoiceQuery(CursorQuery):
    external_id: str = Field("", max_length=100)
    number: str = Field("", max_length=100)
    customer_id: UUID | None = None
    status: State | Literal[""] = ""
    currency: str = Field("", max_length=3)
    due_until: Day | None = None
    overdue: bool = Field(
        False, description="Only those that are owed and were due before today at the bank."
    )


@router.get("/invoices", response=list_of(InvoiceOut), summary="List invoices")
def list_invoices(request: KeyRequest, query: Query[InvoiceQuery]) -> dict[str, Any]:
    """In the order in which they were entered."""
    organization = request.auth.organization
    today = today_at(organization)
    rows = organization.invoices.overdue(today) if query.overdue else organization.invoices.all()
    same = ("external_id", "number", "customer_id", "status", "currency")
    rows = rows.filter(**asked(query, *same, due_until="due_on__lte"))
    return page_of(rows, query, "id", lambda one: InvoiceOut.of(one, today))


@router.post("/invoices", response={201: InvoiceOut}, auth=WRITE, summary="Create an invoice")
def create_invoice(request: KeyRequest, said: InvoiceIn) -> Status[Any]:
    """All of it is due. 409 where an invoice has this external id already: sending it twice makes one."""
    organization = request.auth.organization
    invoice = Invoice(organization=organization)
    invoice.customer = said_of(organization.customers.all(), said.customer_id, "customer_id")
    put(invoice, said, leaving=("customer_id",))
    with kept():
        keeping.keep_invoice(invoice, by=None, at=timezone.now())
    return Status(201, InvoiceOut.of(invoice, today_at(organization)))


@router.get("/invoices/{invoice_id}", response=InvoiceOut, summary="Get an invoice")
def get_invoice(request: KeyRequest, invoice_id: UUID) -> Any:
    """As it stands today."""
    organization = request.auth.organization
    return InvoiceOut.of(one_of(organization.invoices.all(), invoice_id, "invoice"), today_at(organization))


@router.patch("/invoices/{invoice_id}", response=InvoiceOut, auth=WRITE, summary="Change an invoice")
def change_invoice(request: KeyRequest, invoice_id: UUID, said: InvoicePatch) -> Any:
    """409 once it is paid, void or discarded. What was paid of it stays paid."""
    organization = request.auth.organization
    with kept():
        invoice = held(organization.invoices.all(), invoice_id, "invoice")
        put(invoice, said)
        keeping.keep_invoice(invoice, by=None, at=timezone.now())
    return InvoiceOut.of(invoice, today_at(organization))


@router.post("/invoices/{invoice_id}/status", response=InvoiceOut, auth=WRITE, summary="Step an invoice on")
def step_invoice(request: KeyRequest, invoice_id: UUID, said: StepIn) -> Any:
    """409 where that can't follow the status it has."""
    organization = request.auth.organization
    with kept():
        invoice = held(organization.invoices.all(), invoice_id, "invoice")
        invoice.become(said.status, by=None, at=timezone.now())
    return InvoiceOut.of(invoice, today_at(organization))


@router.post("/invoices/{invoice_id}/payments", response=InvoiceOut, auth=WRITE, summary="Note a payment")
def pay_invoice(request: KeyRequest, invoice_id: UUID, said: PaymentIn) -> Any:
    """409 where another amount than `due_before` is due, nothing can be paid, or more than is due is said."""
    organization = request.auth.organization
    with kept():
        invoice = held(organization.invoices.all(), invoice_id, "invoice")
        if said.due_before not in (None, invoice.amount_due):
            raise Conflict(f"{invoice.amount_due.normalize():f} {invoice.currency} is due by now.")
        note = invoice.take_back if said.came_back else invoice.pay
        note(said.amount, by=None, at=timezone.now())
    return InvoiceOut.of(invoice, today_at(organization))


@router.get(
    "/invoices/{invoice_id}/events", response=list_of(InvoiceEventOut), summary="List an invoice's steps"
)
def list_events(request: KeyRequest, invoice_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """The oldest first."""
    invoice = one_of(request.auth.organization.invoices.all(), invoice_id, "invoice")
    rows = invoice.events.all()
    return page_of(rows, query, "id", InvoiceEventOut.from_orm)
