"""The columns of billing's lists."""

from datetime import date
from typing import Any

from console.billing.models import Invoice, Monitor, MonitorReading, PaymentMethod
from console.billing.models.monitors import TESTS
from console.columns import Column, Figure
from console.customers.masking import Sight
from console.templatetags.console import money, number

INVOICE_ORDERS = {
    "number": ("number", "id"),
    "due": ("due_on", "id"),
    "issued": ("issued_on", "id"),
}
METHOD_ORDERS = {
    "type": ("type", "id"),
    "status": ("status", "id"),
    "expires": ("expires_on", "id"),
    "created": ("id",),
}
LINK_ORDERS = {"synced": ("synced_at", "id"), "created": ("id",)}
READING_ORDERS = {"value": ("value", "id")}
NAME_ORDERS = {"name": ("name", "id")}


def customer_link(row: Any, sight: Sight) -> list[tuple[str, str]]:
    """Whose the row is, with the address of their page. Needs the customer and the organization at hand."""
    return [(sight.name(row.customer), row.organization.url("customers:customer_detail", row.customer_id))]


def currency_of(invoice: Invoice) -> str:
    return invoice.currency


def invoice_columns(sight: Sight, today: date) -> list[Column]:
    """The columns of invoices on the local date `today`."""
    return [
        Column("number", "Invoice", str, "name", sort="number", is_fixed=True),
        Column("customer", "Customer", lambda row: customer_link(row, sight), "links"),
        Column("state", "State", lambda row: row.state(today), "badge"),
        Column("status", "Status", lambda row: row.get_status_display(), is_usual=False),
        Column("total", "Total", lambda row: row.total, "money", currency=currency_of),
        Column("amount_due", "Amount due", lambda row: row.amount_due, "money", currency=currency_of),
        Column("currency", "Currency", lambda row: row.currency, is_fixed=True),
        Column("issued", "Issued", lambda row: row.issued_on, "day", sort="issued"),
        Column("due", "Due", lambda row: row.due_on, "day", sort="due"),
        Column("promised", "Promised by", lambda row: row.promise_due_on, "day", is_usual=False),
        Column("external_id", "External id", lambda row: row.external_id, "code", is_usual=False),
    ]


def method_columns(sight: Sight) -> list[Column]:
    """What tells a method apart as `sight` shows it; the day it expires is the bank's."""
    return [
        Column("method", "Payment method", method_words(sight), "name", is_fixed=True),
        Column("customer", "Customer", lambda row: customer_link(row, sight), "links"),
        Column("type", "Type", lambda row: row.get_type_display(), sort="type", is_usual=False),
        Column("status", "Status", lambda row: row.state, "badge", sort="status"),
        Column("is_default", "Default", lambda row: "Default" if row.is_default else ""),
        Column("connector", "Connector", lambda row: row.connector),
        Column("country", "Country", lambda row: row.country or None),
        Column("expires", "Expires", lambda row: row.expires_on, "day", sort="expires"),
        Column("external_id", "External id", lambda row: row.external_id, "code", is_usual=False),
    ]


def method_words(sight: Sight) -> Any:
    """What a payment method is called: what tells it apart, as `sight` shows it, or its type."""

    def words(method: PaymentMethod) -> str:
        return sight.text(method.details) or str(method.get_type_display())

    return words


def link_columns(sight: Sight, *, may_edit: bool = False) -> list[Column]:
    """The id over there opens the link, for who `may_edit`."""

    def opens(row: Any) -> list[tuple[str, str]]:
        url = row.organization.url("billing:link_edit", row.pk)
        return [(row.reference or "no id", f"{url}?on=connector")]

    reference: Column = Column("reference", "External id", lambda row: row.reference, "code")
    if may_edit:
        reference = Column("reference", "External id", opens, "links")
    return [
        Column("customer", "Customer", lambda row: customer_link(row, sight), "links", is_fixed=True),
        reference,
        Column("connection", "Connection", lambda row: row.state, "badge"),
        Column("synced", "Last in step", lambda row: row.synced_at, "moment", sort="synced"),
    ]


def connector_columns() -> list[Column]:
    """Needs `linked`, how many customers are linked."""
    return [
        Column("name", "Connector", str, "name", sort="name", is_fixed=True),
        Column("kind", "Kind", lambda row: row.get_kind_display()),
        Column("linked", "Customers linked", lambda row: row.linked, "number"),
        Column("created", "Since", lambda row: row.created_at, "since"),
    ]


def condition(monitor: Monitor) -> str:
    """Total balance of own accounts: under 100.00 EUR."""
    is_money = monitor.figure in Monitor.OF_MONEY
    threshold = (
        money(monitor.threshold, monitor.currency)
        if is_money
        else f"{number(monitor.threshold.normalize())} {monitor.unit}".strip()
    )
    figure = str(monitor.get_figure_display()).replace("the last days", f"the last {monitor.days} days")
    return f"{figure}: {TESTS[monitor.test].removeprefix('is ')} {threshold}"


def monitor_columns() -> list[Column]:
    """What is watched, and for how many it held when it was evaluated last."""
    return [
        Column("name", "Monitor", str, "name", sort="name", is_fixed=True),
        Column("condition", "Holds where", condition),
        Column("holding", "Holds for", held_by, "figure"),
        Column("evaluated", "Evaluated", lambda row: row.evaluated_at, "moment"),
        Column("state", "State", lambda row: row.state, "badge"),
    ]


def held_by(monitor: Monitor) -> Figure:
    """For how many customers it held when it was evaluated last."""
    if monitor.holding is None:
        return Figure(None, "none")
    return Figure(monitor.holding, "old" if monitor.fault else "exact")


def reading_columns(monitor: Monitor, sight: Sight) -> list[Column]:
    """Each customer's figure: money in the monitor's currency, else a whole number of its unit."""
    is_money = monitor.figure in Monitor.OF_MONEY
    kind: Any = "money" if is_money else "number"
    return [
        Column("customer", "Customer", lambda row: customer_link(row, sight), "links", is_fixed=True),
        Column(
            "value",
            f"Figure, {monitor.unit}" if monitor.unit else "Figure",
            lambda row: row.value if is_money else int(row.value),
            kind,
            sort="value",
            currency=lambda row: monitor.currency,
        ),
        Column("state", "State", reading_state, "badge"),
        Column("since", "Since", lambda row: row.since, "moment"),
    ]


def reading_state(reading: MonitorReading) -> tuple[str, str]:
    """Whether it holds, in a word, and the word's tone."""
    is_holding = reading.state == MonitorReading.State.HOLDS
    return reading.get_state_display(), "warn" if is_holding else "plain"
