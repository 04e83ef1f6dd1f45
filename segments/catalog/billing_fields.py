"""What staff filter on of billing: a customer's invoices, payment methods, connectors and monitors."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

from django.db.models import DateField, F, IntegerField, Value

from console.billing import life
from console.billing.models import ConnectorLink, Invoice, MonitorReading, PaymentMethod
from segments.catalog.field import ALL, Field, Row, Scope, Via, by_key, column, in_small
from segments.expressions import Sql, every, some

OWED = ", ".join(f"'{status}'" for status in life.UNPAID)
FURTHEST = 300_000


def days_overdue(row: Row) -> Sql:
    """Today, at the bank, less the day an invoice is due; no value where nothing is owed or no day is said."""
    return Sql(
        f"(CASE WHEN {{0}} IN ({OWED}) AND {{3}} > 0 THEN {{1}} - {{2}} END)",
        *(F(f"{row.prefix}status"), _day(row), F(f"{row.prefix}due_on"), F(f"{row.prefix}amount_due")),
        output_field=IntegerField(),
    )


def overdue_by(row: Row, operator: str, value: Any) -> Any:
    """A test of `days_overdue` as unpaid and due on certain days, which the index on unpaid invoices knows.

    None where no dates say the same: for a test of whether there is a value, and beyond all time.
    """
    if operator == "in":
        each_of = [overdue_by(row, "=", each) for each in value]
        return None if None in each_of else some(each_of)
    if operator not in DAYS:
        return None
    values: tuple[Decimal, ...] = value if isinstance(value, tuple) else (value,)
    low, high = DAYS[operator](*(Decimal(each) for each in values))
    if any(each is not None and abs(each) >= FURTHEST for each in (low, high)):
        return None
    due, day = F(f"{row.prefix}due_on"), row.today
    parts = [
        Sql(f"{{}} IN ({OWED})", F(f"{row.prefix}status")),
        Sql("{} > 0", F(f"{row.prefix}amount_due")),
    ]
    if low is not None:
        parts.append(Sql("{} <= {}", due, Value(day - timedelta(days=low), output_field=DateField())))
    if high is not None:
        parts.append(Sql("{} >= {}", due, Value(day - timedelta(days=high), output_field=DateField())))
    return every(parts)


# By test the fewest and the most whole days that pass it; None where it has no such end.
DAYS: dict[str, Callable[..., tuple[int | None, int | None]]] = {
    "=": lambda value: (ceil(value), floor(value)),
    ">": lambda value: (floor(value) + 1, None),
    ">=": lambda value: (ceil(value), None),
    "<": lambda value: (None, ceil(value) - 1),
    "<=": lambda value: (None, floor(value)),
    "between": lambda low, high: (ceil(low), floor(high)),
}


def _day(row: Row) -> Value:
    return Value(row.today, output_field=DateField())


INVOICES = [
    ALL,
    Field("status", "Status", "choice", column("status"), choices=in_small(Invoice.Status)),
    Field(
        "number",
        "Number",
        "text",
        column("number"),
        help="The number on the paper, such as 2026-000123.",
        example="2026-000123",
    ),
    Field(
        "currency", "Currency", "text", column("currency"), help="Such as EUR.", is_code=True, example="EUR"
    ),
    Field("total", "Total", "money", column("total")),
    Field("amount_due", "Amount due", "money", column("amount_due"), help="What is left to pay."),
    Field("issued_on", "Issued on", "date", column("issued_on")),
    Field("due_on", "Due on", "date", column("due_on")),
    Field(
        "promise_due_on",
        "Promised by",
        "date",
        column("promise_due_on"),
        help="The day by which the customer promised to pay.",
    ),
    Field(
        "days_overdue",
        "Days overdue",
        "number",
        days_overdue,
        unit="days",
        help="Today less the day it is due, at the bank; below 0 before it. Only of invoices that are still owed: no "
        "value for paid, void, draft and discarded ones.",
        test=overdue_by,
    ),
    Field("created_at", "Entered", "datetime", column("created_at")),
]
METHODS = [
    ALL,
    Field("type", "Type", "choice", column("type"), choices=in_small(PaymentMethod.Type)),
    Field("status", "Status", "choice", column("status"), choices=in_small(PaymentMethod.Status)),
    Field(
        "connector",
        "Connector",
        "text",
        column("connector__name"),
        help="The system that it is kept in, by name.",
        example="Stripe",
    ),
    Field("is_default", "Default", "boolean", column("is_default")),
    Field(
        "country",
        "Country",
        "text",
        column("country"),
        help="Two letters (ISO 3166), such as CZ.",
        is_code=True,
        example="CZ",
    ),
    Field("expires_on", "Expires on", "date", column("expires_on"), help="The last day on which it works."),
]
CONNECTORS = [
    ALL,
    Field("name", "Name", "text", column("connector__name"), help="Such as Stripe.", example="Stripe"),
    Field(
        "connection",
        "Connection",
        "choice",
        column("connection"),
        choices=in_small(ConnectorLink.Connection),
        help="Whether the customer is linked there now.",
    ),
    Field("synced_at", "Last in step", "datetime", column("synced_at")),
]
MONITORS = [
    ALL,
    Field(
        "name",
        "Name",
        "text",
        column("monitor__name"),
        help="What the monitor is called.",
        example="Over 30 days late",
    ),
    Field(
        "state",
        "State",
        "choice",
        column("state"),
        choices=in_small(MonitorReading.State),
        help="Whether it holds for the customer, as last evaluated.",
    ),
]
SCOPES = [
    Scope("invoices", "Invoices", by_key(INVOICES), "currency", {}, lambda bank: bank.invoices.all()),
    Scope(
        "payment_methods", "Payment methods", by_key(METHODS), "", {}, lambda bank: bank.payment_methods.all()
    ),
    Scope("connectors", "Connectors", by_key(CONNECTORS), "", {}, lambda bank: bank.connector_links.all()),
    Scope("monitors", "Monitors", by_key(MONITORS), "", {}, lambda bank: bank.monitor_readings.all()),
]
OF_CUSTOMER = [
    Field(
        "default_payment_method_type",
        "Default payment method",
        "choice",
        choices=in_small(PaymentMethod.Type),
        help="Its type. No value where the customer has no default one.",
        via=Via("payment_methods", {"is_default": True}, "type"),
    ),
    Field(
        "default_payment_method_status",
        "Status of the default payment method",
        "choice",
        choices=in_small(PaymentMethod.Status),
        help="No value where the customer has no default one.",
        via=Via("payment_methods", {"is_default": True}, "status"),
    ),
    Field(
        "connector_name",
        "Linked on connector",
        "text",
        help="The name of a system that the customer is linked on, such as Stripe. Of several, any one.",
        example="Stripe",
        via=Via("connectors", {"connection": ConnectorLink.Connection.LINKED}, "name"),
    ),
    Field("invoices", "Invoices", "related", scope="invoices"),
    Field("payment_methods", "Payment methods", "related", scope="payment_methods"),
    Field("connectors", "Connectors", "related", scope="connectors"),
    Field(
        "monitors",
        "Monitors",
        "related",
        scope="monitors",
        help="Those that have a figure of the customer, as last evaluated.",
    ),
]
