"""How an account's balance went: end-of-day balances over a range of local days, and their 30-day average."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from console.charts import Chart, balance_chart

RANGES = {"30": "30 days", "90": "90 days", "365": "1 year", "all": "All"}
USUAL = "90"
AVERAGED = 30
DAY = timedelta(days=1)
Points = list[tuple[date, Decimal]]


@dataclass(frozen=True)
class Range:
    """The days from `start` to `end`, both included, and the key in RANGES that asked for them."""

    key: str
    start: date
    end: date


def asked_range(account: Any, key: str, today: date) -> Range:
    """The range that `key` asks for, up to `today`; up to the last movement where that is longer ago than the range."""
    key = key if key in RANGES else USUAL
    ends = account.daily_balances.order_by("day").values_list("day", flat=True)
    first, last = ends.first() or today, ends.last() or today
    if key == "all":
        return Range(key, first, max(last, first))
    days = timedelta(days=int(key) - 1)
    end = today if last >= today - days else last
    return Range(key, end - days, end)


def balances(account: Any, start: date, end: date) -> Points:
    """The end-of-day balance of every day from the first movement on, the last one carried forward."""
    before = (
        account.daily_balances.filter(day__lt=start).order_by("-day").values_list("ledger", flat=True).first()
    )
    moved = dict(account.daily_balances.filter(day__range=(start, end)).values_list("day", "ledger"))
    points: Points = []
    balance: Decimal | None = before
    for number in range((end - start).days + 1):
        day = start + number * DAY
        balance = moved.get(day, balance)
        if balance is not None:
            points.append((day, balance))
    return points


def averages(points: Points, days: int = AVERAGED) -> Points:
    """The mean of the last `days` end-of-day balances, from the first day that has as many before it."""
    found: Points = []
    total = Decimal(0)
    for number, (day, balance) in enumerate(points):
        total += balance - (points[number - days][1] if number >= days else 0)
        if number >= days - 1:
            found.append((day, total / days))
    return found


def history_chart(account: Any, asked: Range) -> Chart:
    """The chart of the range: steps by day, with the average over 30 days where the account is as old."""
    earlier = asked.start - (AVERAGED - 1) * DAY
    points = balances(account, earlier, asked.end)
    shown = [point for point in points if point[0] >= asked.start]
    average = [point for point in averages(points) if point[0] >= asked.start]
    if len(shown) > 400:
        shown, average = turning_points(shown), []
    title = f"Ledger balance, account {account.external_id}, {asked.start} to {asked.end}"
    return balance_chart(
        title, shown, currency=account.asset_code, average=average if len(average) > 1 else ()
    )


def turning_points(points: Points) -> Points:
    """The days on which the balance changed, with the first and the last: what a long chart and its table need."""
    inner = pairwise(points[:-1])
    return [points[0], *(later for earlier, later in inner if later[1] != earlier[1]), points[-1]]
