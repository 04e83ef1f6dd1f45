"""What hangs on connectors, payment methods, contacts and monitors, and what becomes of it when one is deleted."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from console.billing.models import Connector, Monitor
from console.keeping import Part, Tie


def _of_connector(connector: Connector) -> Iterator[Tie]:
    yield Tie("Customers linked on it", "are linked no more", connector.links.filter(connection="linked"))
    yield Tie("Payment methods", "stay, without it", connector.payment_methods.all())


def _end_connector(connector: Connector, at: datetime) -> None:
    connector.links.filter(connection="linked").update(connection="not linked")
    connector.payment_methods.update(connector=None, updated_at=at)


def _of_monitor(monitor: Monitor) -> Iterator[Tie]:
    yield Tie("Figures of customers", "go with it", monitor.readings.all())


def _end_monitor(monitor: Monitor, at: datetime) -> None:
    monitor.readings.all().delete()


def _nothing(_: Any) -> Iterator[Tie]:
    yield from ()


def _ends(_: Any, __: datetime) -> None:
    """Nothing goes with it."""


HANGING = {
    "billing.Connector": Part(_of_connector, _end_connector),
    "billing.Monitor": Part(_of_monitor, _end_monitor),
    "billing.PaymentMethod": Part(_nothing, _ends),
    "billing.Contact": Part(_nothing, _ends),
}
