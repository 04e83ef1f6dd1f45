"""What all accounts hold together, per currency, and how the sum in the base currency went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Max, QuerySet, Sum, When

from console.charts import Chart, Series, line_chart
from console.counts import planned
from console.organizations.models import Organization

DAYS = 60
AVERAGED = 30
DEAR = 15_000  # the planner's units: about 50 ms; what costs more comes after the page
TOO_DEAR = 2_000_000  # some seconds: only when a person asks
SCALES = [(Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"), (Decimal(1000), "thousand")]


@dataclass(frozen=True)
class Money:
    """Sums per currency as (currency, accounts, sum), the chart of the base currency, and the day of its last point.

    `scale` is the word for what the chart counts in ("million"), `figure` its last value in it. Without `sums` or
    `chart` there is too much to add up while the page waits; `is_soon` says that it may be loaded after it.
    """

    sums: Sequence[tuple[str, int, Decimal]] | None
    chart: Chart | None = None
    figure: Decimal | None = None
    scale: str = ""
    as_of: date | None = None
    is_soon: bool = False


def money_of(organization: Organization, *, is_asked: bool = False) -> Money:
    """The sums and the chart; nothing where that is dear, unless somebody asked for it."""
    balances = organization.balances.order_by()
    grouped = balances.values("asset_code").annotate(
        accounts=Count("pk"), sum=Sum("ledger"), last=Max("last_on")
    )
    cost = 0 if is_asked else planned(grouped)[1]
    if cost > DEAR:
        return Money(None, is_soon=cost < TOO_DEAR)
    rows = list(grouped.order_by("asset_code"))
    sums = [(row["asset_code"], row["accounts"], row["sum"]) for row in rows]
    base = [row for row in rows if row["asset_code"] == organization.base_currency] or rows[:1]
    if not base:
        return Money(sums)
    currency, total, as_of = base[0]["asset_code"], base[0]["sum"], base[0]["last"]
    changed = changes_since(organization, currency, as_of - timedelta(days=DAYS + AVERAGED))
    cost = 0 if is_asked else planned(changed)[1]
    if cost > DEAR:
        return Money(sums, figure=total, scale=currency, as_of=as_of, is_soon=cost < TOO_DEAR)
    return _drawn(sums, currency, course(total, as_of, dict(changed)), as_of)


def changes_since(
    organization: Organization, currency: str, start: date
) -> "QuerySet[Any, tuple[date, Decimal]]":
    """What was booked on each day after `start` on accounts in `currency`."""
    amount = Case(When(direction="credit", then=F("amount")), default=-F("amount"))
    booked = organization.transactions.filter(booked_on__gt=start, account__asset_code=currency).order_by()
    return booked.values_list("booked_on").annotate(change=Sum(amount))


def course(total: Decimal, as_of: date, changes: dict[date, Decimal]) -> list[tuple[date, Decimal]]:
    """The sum at the end of each day up to `as_of`, walked backwards from what it is now."""
    points, value = [], total
    for number in range(DAYS + AVERAGED):
        day = as_of - timedelta(days=number)
        points.append((day, value))
        value -= changes.get(day, Decimal(0))
    return points[::-1]


def _drawn(
    sums: Sequence[tuple[str, int, Decimal]], currency: str, points: list[tuple[date, Decimal]], as_of: date
) -> Money:
    unit, word = next((one for one in SCALES if abs(points[-1][1]) >= one[0]), (Decimal(1), ""))
    scaled = [(day, (value / unit).quantize(Decimal("0.001"))) for day, value in points]
    average = [
        (scaled[n][0], sum((v for _, v in scaled[n - AVERAGED + 1 : n + 1]), Decimal(0)) / AVERAGED)
        for n in range(AVERAGED, len(scaled))
    ]
    series = [Series("day", scaled[AVERAGED:], "mute"), Series("average, 30 days", average)]
    title = f"Ledger balances of all accounts, {DAYS} days, {word} {currency}".replace("  ", " ")
    chart = line_chart(title, series, unit=f"{word} {currency}".strip(), size=(607, 118))
    return Money(sums, chart, scaled[-1][1], f"{word} {currency}".strip(), as_of)
