"""Ledger balances over time: of a day, summed over a window, lowest, overdrawn. Exact; never a rounded average.

Every calendar day counts: Friday's balance stands for Saturday and Sunday too (the days between stored days carry the
last one on). Compare sums: `window.sum < threshold * window.days`. For many accounts at once annotate them with
`ledger_on` and `ledger_sum`; each costs one or two look-ups by index an account, whatever the window's length.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DecimalField, Func, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from console.balances.models import DailyBalance
from console.portfolios.models import Account

MONEY = DecimalField(max_digits=34, decimal_places=8)

SERIES = """
SELECT each.day::date, coalesce((
    SELECT stored.ledger FROM balances_dailybalance stored
    WHERE stored.account_id = %(account)s AND stored.day <= each.day ORDER BY stored.day DESC LIMIT 1
), 0) AS ledger
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS each (day)
"""
FIGURES = f"""
SELECT coalesce(sum(ledger), 0), count(*), min(ledger), count(*) FILTER (WHERE ledger < 0) FROM ({SERIES}) AS days
"""


class CarriedSum(Func):
    """cum + ledger x the days since: the running sum of a stored day, carried on to a later one."""

    template = "(cum + ledger * (%(expressions)s - day))"
    output_field = MONEY


@dataclass(frozen=True, slots=True)
class Window:
    """Figures of an account over calendar days, in its asset. `minimum` is None when no day counts."""

    sum: Decimal
    days: int
    minimum: Decimal | None
    overdrawn_days: int

    def average(self, places: int = 2) -> Decimal | None:
        """The average to show, rounded half to even. Compare `sum` with threshold x days instead of this."""
        return round(self.sum / self.days, places) if self.days else None


def ledger_on(day: date, account: str = "pk") -> Coalesce:
    """The end-of-day ledger balance on `day`, to annotate accounts with (`account` is the path to the account's id)."""
    return Coalesce(Subquery(_last_stored(day, account).values("ledger")[:1]), Decimal(0), output_field=MONEY)


def ledger_sum(first: date, last: date, account: str = "pk") -> Any:
    """The sum of the end-of-day ledger balances from `first` to `last`, both counted, to annotate accounts with."""
    return _running_sum(last, account) - _running_sum(first - timedelta(days=1), account)


def total_on(accounts: QuerySet[Account], day: date) -> Decimal:
    """The end-of-day ledger balances of `accounts` on `day`, added up. They must be in one asset."""
    return accounts.annotate(on_day=ledger_on(day)).aggregate(total=Sum("on_day", default=Decimal(0)))[
        "total"
    ]


def series(account: Account, first: date, last: date) -> list[tuple[date, Decimal]]:
    """The end-of-day ledger balance of every calendar day from `first` to `last`, for a chart."""
    with connection.cursor() as cursor:
        cursor.execute(f"{SERIES} ORDER BY 1", {"account": account.pk, "first": first, "last": last})
        return list(cursor.fetchall())


def window(account: Account, first: date, last: date, *, is_since_opening: bool = False) -> Window:
    """Sum, days, lowest balance and overdrawn days from `first` to `last`, both counted.

    With `is_since_opening` the days before the account was opened do not count; else they count as zero.
    """
    if is_since_opening and account.opened_on:
        first = max(first, account.opened_on)
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"account": account.pk, "first": first, "last": last})
        return Window(*cursor.fetchone())


def _last_stored(day: date, account: str) -> Any:
    return DailyBalance.objects.filter(account=OuterRef(account), day__lte=day).order_by("-day")


def _running_sum(day: date, account: str) -> Coalesce:
    carried = CarriedSum(Value(day))
    stored = _last_stored(day, account).annotate(carried=carried).values("carried")
    return Coalesce(Subquery(stored[:1]), Decimal(0), output_field=MONEY)
