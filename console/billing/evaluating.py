"""Monitors at work: each customer's figure, whether the monitor holds for it, written where it changed.

One statement writes the figures that are new or changed, one takes away those of customers who have none any more;
ids do not travel. One worker evaluates a monitor at a time; what it finds is whole or not there.
"""

import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    IntegerField,
    Max,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from console.billing import life
from console.billing.models import Monitor, MonitorReading
from console.holding import held

log = structlog.get_logger(__name__)
NOTHING: Any = Value(Decimal(0), output_field=DecimalField(max_digits=38, decimal_places=8))
SQL = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
# What it finds depends on these.
SAID = ("figure", "test", "threshold", "currency", "days")
READINGS = MonitorReading._meta.db_table
WRITE = """
    WITH figures (customer_id, value) AS MATERIALIZED ({figures}),
    gone AS (
        DELETE FROM {readings} r WHERE r.monitor_id = %s
            AND NOT EXISTS (SELECT FROM figures f WHERE f.customer_id = r.customer_id)
    ),
    judged AS (
        SELECT customer_id, value, CASE WHEN value {test} %s THEN 'holds' ELSE 'does not hold' END AS state FROM figures
    ),
    written AS (
        INSERT INTO {readings} AS r (organization_id, monitor_id, customer_id, value, state, since)
        SELECT %s, %s, customer_id, value, state, %s FROM judged
        ON CONFLICT (monitor_id, customer_id) DO UPDATE SET value = EXCLUDED.value, state = EXCLUDED.state,
            since = CASE WHEN r.state = EXCLUDED.state THEN r.since ELSE EXCLUDED.since END
        WHERE (r.value, r.state) IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.state)
    )
    SELECT count(*), count(*) FILTER (WHERE state = 'holds') FROM judged
"""


class Overtaken(Exception):
    """Somebody changed or deleted the monitor since it was read, or is just doing so."""


def evaluate(monitor: Monitor, *, at: datetime) -> bool:
    """Bring the monitor's readings up to the moment `at`; False where it failed, which `fault` says then.

    What was changed meanwhile stays as it is, and due: what was found is of something else by now.
    Raises console.holding.Busy while another worker is at it, OperationalError where the database is away.
    """
    began = time.monotonic()
    with held(f"monitor {monitor.pk}"):
        try:
            with transaction.atomic():
                monitor.known, monitor.holding = _write(monitor, at)
                monitor.fault = ""
                # Who deletes it holds it and waits for its readings: not to be waited for here.
                if _as_read(monitor).select_for_update(no_key=True, skip_locked=True).first() is None:
                    raise Overtaken
                _note(monitor, at, time.monotonic() - began)
        except Overtaken:
            log.info("monitor_overtaken", monitor=str(monitor.pk))
        except OperationalError:
            raise
        except DatabaseError as fault:
            log.exception("monitor_failed", monitor=str(monitor.pk))
            monitor.fault = f"The figure could not be added up ({type(fault).__name__}). The last one stays."
            _note(monitor, at, time.monotonic() - began)
    return not monitor.fault


def _as_read(monitor: Monitor) -> "QuerySet[Any]":
    """The monitor, as long as nobody says otherwise what it watches."""
    return Monitor.objects.filter(pk=monitor.pk, **{name: getattr(monitor, name) for name in SAID})


def _note(monitor: Monitor, at: datetime, seconds: float) -> None:
    """Store how an evaluation went. Who asked for it after it began is not answered: it stays due."""
    monitor.evaluated_at, monitor.seconds = at, seconds
    seen = {name: getattr(monitor, name) for name in ("known", "holding", "fault", "seconds")}
    answered = Case(When(asked=monitor.asked, then=Value(at)), default=None, output_field=DateTimeField())
    _as_read(monitor).update(**seen, evaluated_at=answered)


def _write(monitor: Monitor, at: datetime) -> tuple[int, int]:
    sql, params = figures(monitor, monitor.organization.local_date(at)).query.sql_with_params()
    statement = WRITE.format(figures=sql, readings=READINGS, test=SQL[monitor.test])
    own = [monitor.pk, monitor.threshold, monitor.organization_id, monitor.pk, at]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *own])
        known, holding = cursor.fetchone()
    return known, holding


def figures(monitor: Monitor, on: date) -> "QuerySet[Any, Any]":
    """A row (customer_id, value) for each customer who has the monitor's figure on the local date `on`."""
    organization = monitor.organization
    if monitor.figure == Monitor.Figure.BALANCE:
        held_ones = organization.account_holders.filter(
            role="owner", account__is_live=True, account__asset_code=monitor.currency
        )
        return _by_customer(held_ones, Sum(Coalesce("account__balance__ledger", NOTHING)))
    if monitor.figure in Monitor.OF_DAYS:
        return _of_items(monitor, on)
    if monitor.figure == Monitor.Figure.UNPAID:
        invoices = organization.invoices.filter(status__in=life.OWED, currency=monitor.currency)
        return _by_customer(invoices, Sum("amount_due"))
    overdue = organization.invoices.overdue(on)
    if monitor.figure == Monitor.Figure.OVERDUE:
        return _by_customer(overdue.filter(currency=monitor.currency), Sum("amount_due"))
    days = Func(
        Value(on, output_field=DateField()),
        F("due_on"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    return _by_customer(overdue, Max(days))


def _of_items(monitor: Monitor, on: date) -> "QuerySet[Any, Any]":
    """What was booked in the window on accounts that a customer holds, in whichever role."""
    first = on - timedelta(days=(monitor.days or 1) - 1)
    said: dict[str, Any] = {"account__is_live": True, "account__transactions__booked_on__range": (first, on)}
    if monitor.figure == Monitor.Figure.TRANSACTIONS:
        held_ones = monitor.organization.account_holders.filter(**said)
        return _by_customer(held_ones, Count("account__transactions"))
    way = "credit" if monitor.figure == Monitor.Figure.MONEY_IN else "debit"
    said |= {"account__asset_code": monitor.currency, "account__transactions__direction": way}
    return _by_customer(
        monitor.organization.account_holders.filter(**said), Sum("account__transactions__amount")
    )


def _by_customer(rows: "QuerySet[Any]", value: Any) -> "QuerySet[Any, Any]":
    return rows.order_by().values("customer_id").annotate(value=value)
