"""Balances as fields of an account, on the organization's local date: carried forward from the last day that moved.

A window of N days is the N calendar days that end today, today included. An average is compared as sum < threshold x
days, exactly (the compiler multiplies), so `sum_of_days` is what it reads. Until availability slices are recorded for a
credit, all of it is collected on its ledger date, so collected equals ledger. An account that never moved holds 0; one
that opened inside the window has no average, minimum or overdrawn days.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, DecimalField, F, IntegerField, Value

from segments.expressions import Sql

MONEY: Any = DecimalField(max_digits=34, decimal_places=8)
WHOLE_WINDOW = "(CASE WHEN COALESCE({2}, {1}) <= {1} THEN %s END)"


def _latest(column: str, day: str) -> str:
    """SQL for a column of the last day that moved up to `day`; {0} is the account."""
    last = "ORDER BY d.day DESC LIMIT 1"
    return (
        f"(SELECT {column} FROM balances_dailybalance d WHERE d.account_id = {{0}} AND d.day <= {day} {last})"
    )


def _cum(day: str) -> str:
    """SQL for the sum of daily balances up to `day`: the sum when last moved, and that balance for each day since."""
    return f"COALESCE({_latest(f'd.cum + d.ledger * ({day} - d.day)', day)}, 0)"


def ledger(row: Any) -> Sql:
    """End-of-day ledger balance today, in the account's asset."""
    return Sql(
        f"COALESCE(CASE WHEN {{2}} <= {{1}} THEN {{3}} ELSE {_latest('d.ledger', '{1}')} END, 0)",
        *(
            _account(row),
            _day(row.today),
            F(f"{row.prefix}balance__last_on"),
            F(f"{row.prefix}balance__ledger"),
        ),
        output_field=MONEY,
    )


def sum_of_days(row: Any) -> Sql:
    """The sum of the end-of-day balances of the window's days, in the account's asset."""
    return _windowed(row, f"{_cum('{3}')} - {_cum('({1} - 1)')}", MONEY)


def minimum(row: Any) -> Sql:
    """The lowest end-of-day balance of the window, in the account's asset."""
    lowest = (
        f"LEAST(COALESCE({_latest('d.ledger', '{1}')}, 0), (SELECT min(d.ledger) FROM balances_dailybalance d"
        " WHERE d.account_id = {0} AND d.day > {1} AND d.day <= {3}))"
    )
    return _windowed(row, lowest, MONEY)


def monthly_low(row: Any) -> Sql:
    """The highest of the lowest balances of each of the last complete months, in the account's asset.

    Below an amount is: below it on one day at least of every month. An account that opened later has none.
    """
    first = months_before(row.today.replace(day=1), row.days)
    month = "m.first::date"
    lowest = (
        f"LEAST(COALESCE({_latest('d.ledger', month)}, 0), (SELECT min(d.ledger) FROM balances_dailybalance d"
        f" WHERE d.account_id = {{0}} AND d.day > {month} AND d.day < (m.first + interval '1 month')::date))"
    )
    months = "generate_series({1}::timestamp, {3}::timestamp - interval '1 month', interval '1 month')"
    highest = f"(SELECT max({lowest}) FROM {months} AS m(first))"
    return _since(row, first, row.today.replace(day=1), highest, MONEY)


def months_before(first: date, months: int) -> date:
    """The first day of the month that many months before that of `first`."""
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def overdrawn_days(row: Any) -> Sql:
    """How many calendar days of the window ended below zero."""
    days = (
        "(SELECT COALESCE(sum(LEAST(s.until, {3} + 1) - GREATEST(s.day, {1})), 0) FROM (SELECT d.day, d.ledger,"
        " lead(d.day, 1, {3} + 1) OVER (ORDER BY d.day) AS until FROM balances_dailybalance d"
        " WHERE d.account_id = {0} AND d.day <= {3}) s WHERE s.ledger < 0 AND s.until > {1})"
    )
    return _windowed(row, days, IntegerField())


def _windowed(row: Any, figure: str, output_field: Any) -> Sql:
    """`figure` for accounts open on the window's first day: {0} account, {1} first day, {2} opened, {3} today."""
    return _since(row, row.today - timedelta(days=row.days - 1), row.today, figure, output_field)


def _since(row: Any, first: date, last: date, figure: str, output_field: Any) -> Sql:
    """`figure` for accounts open on `first`: {0} account, {1} first, {2} opened, {3} last."""
    return Sql(
        WHOLE_WINDOW % figure,
        *(_account(row), _day(first), F(f"{row.prefix}opened_on"), _day(last)),
        output_field=output_field,
    )


def _account(row: Any) -> F:
    return F(f"{row.prefix}id")


def _day(day: date) -> Value:
    return Value(day, output_field=DateField())
