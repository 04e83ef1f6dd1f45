"""The monitors of the demo bank: figures that the branches and collections watch."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from console.billing import keeping
from console.billing.evaluating import evaluate
from console.billing.models import Monitor
from console.organizations.models import Organization, Staff

MONITORS: dict[str, dict[str, Any]] = {
    "Over 30 days late": {"figure": "days_overdue", "test": "gt", "threshold": Decimal(30)},
    "Overdue by more than 100": {
        "figure": "overdue",
        "test": "gt",
        "threshold": Decimal(100),
        "currency": "EUR",
    },
    "Below zero": {"figure": "balance", "test": "lt", "threshold": Decimal(0), "currency": "EUR"},
    "Large credits, 30 days": {
        "figure": "money_in",
        "test": "gte",
        "threshold": Decimal(10_000),
        "currency": "EUR",
        "days": 30,
    },
}


def set_up(organization: Organization, *, by: Staff, at: datetime) -> None:
    """Have each of them, made at a moment gone by."""
    for name, said in MONITORS.items():
        monitor = Monitor(organization=organization, name=name, created_by=by, created_at=at, **said)
        keeping.keep_monitor(monitor)


def look(organization: Organization, *, at: datetime) -> None:
    """Evaluate each as of a moment, so that who it holds for since when has a past."""
    for monitor in organization.monitors.select_related("organization"):
        evaluate(monitor, at=at)
