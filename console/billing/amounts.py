"""How exact an amount of billing can be: as its currency is, or whole where it counts."""

from decimal import Decimal

from console.billing.models import Monitor
from console.currencies import why_too_exact
from console.keeping import Refusal

COUNTED = "This figure is counted. Write a whole number, such as 10."


class TooExact(Refusal):
    """An amount has more decimals than its currency, or a number of things has some. `field` is where it stands."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


def check_amount(amount: Decimal, currency: str, field: str) -> None:
    """Raises TooExact for more decimals than `currency` (ISO 4217) has."""
    if fault := why_too_exact(amount, currency):
        raise TooExact(fault, field)


def check_threshold(monitor: Monitor) -> None:
    """Raises TooExact."""
    if monitor.currency:
        check_amount(monitor.threshold, monitor.currency, "threshold")
    elif monitor.threshold != monitor.threshold.to_integral_value():
        raise TooExact(COUNTED, "threshold")
