"""Why an alert fired, as a person checks it: the balance over time, the sum, and the items that caused it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from alerts.models import Alert
from console.balances.models import Transaction
from console.charts import Chart, Moment, Threshold, balance_chart
from console.portfolios.history import balances
from console.templatetags.console import amount

BEFORE = timedelta(days=59)
AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cause:
    """An item that moved the balance: signed amount, share of the whole move, and the balance after it."""

    item: Transaction
    amount: Decimal
    balance: Decimal


def causes(alert: Alert) -> list[Cause]:
    """The largest items behind the alert (up to 20), with the balance they led to one after the other."""
    listed = alert.evidence["transactions"]
    found = alert.organization.transactions.with_parties().in_bulk([item["id"] for item in listed])
    known = [
        (item, Decimal(told["amount"]))
        for told in listed
        for pk, item in found.items()
        if str(pk) == told["id"]
    ]
    running = accumulate((amount for _, amount in known), initial=Decimal(alert.evidence["previous"]))
    next(running)
    return [Cause(item, amount, balance) for (item, amount), balance in zip(known, running, strict=True)]


def balance_over_time(alert: Alert, today: date) -> Chart:
    """Sixty days up to the day it fired, and what came after: steps, the threshold, the level at which it clears."""
    last = max(alert.as_of, min(today, alert.as_of + AFTER))
    clear_at = Decimal(alert.evidence["clear_at"])
    levels = [Threshold(alert.threshold, f"fires under {amount(alert.threshold, alert.currency)}")]
    if clear_at != alert.threshold:
        levels.append(Threshold(clear_at, f"clears at {amount(clear_at, alert.currency)}", fires=False))
    return balance_chart(
        f"Ledger balance of account {alert.account.external_id}",
        balances(alert.account, alert.as_of - BEFORE, last),
        currency=alert.currency,
        thresholds=levels,
        moment=Moment(
            alert.as_of, f"{amount(alert.value, alert.currency)}, fired", alert.value, is_alarm=True
        ),
        size=(796, 236),
    )


def proof(alert: Alert) -> dict[str, Any]:
    """The figures of the sentence that proves it."""
    return {
        "how": alert.evidence["how"],
        "value": alert.value,
        "threshold": alert.threshold,
        "short": alert.threshold - alert.value,
        "previous": Decimal(alert.evidence["previous"]),
        "currency": alert.currency,
        "as_of": alert.as_of,
    }
