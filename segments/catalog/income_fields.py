"""What staff filter on of a customer's income: what of it came in over the last twelve complete months."""

from datetime import date
from typing import Any

from django.db.models import DateField, DecimalField, F, IntegerField, Value

from console.balances.models import Income
from segments.catalog.balance_fields import months_before
from segments.catalog.field import ALL, Field, Row, Scope, by_key, column, in_small
from segments.expressions import Sql

MONTHS = 12
MONEY: Any = DecimalField(max_digits=38, decimal_places=2)


def monthly_average(row: Row) -> Sql:
    """A twelfth of what came in in the last twelve complete months, to two decimals; 0 where nothing did."""
    months, amounts = F(f"{row.prefix}months"), F(f"{row.prefix}amounts")
    summed = (
        "SELECT sum(m.amount) FROM unnest({}, {}) AS m(first, amount) WHERE m.first >= {} AND m.first < {}"
    )
    return Sql(
        f"round(COALESCE(({summed}), 0) / {MONTHS}, 2)", months, amounts, *_window(row), output_field=MONEY
    )


def months(row: Row) -> Sql:
    """In how many of the last twelve complete months something came in."""
    counted = "(SELECT count(*) FROM unnest({}) AS m(first) WHERE m.first >= {} AND m.first < {})"
    return Sql(counted, F(f"{row.prefix}months"), *_window(row), output_field=IntegerField())


def _window(row: Row) -> tuple[Value, Value]:
    """The first day of the window, and the first after it: that of the present month at the bank."""
    this = row.today.replace(day=1)
    return _day(months_before(this, MONTHS)), _day(this)


def _day(day: date) -> Value:
    return Value(day, output_field=DateField())


INCOME = [
    ALL,
    Field(
        "label",
        "Kind",
        "choice",
        column("label"),
        choices=in_small(Income.Kind),
        help="By the transaction’s label: salary, pension, benefits, rent, interest and dividends.",
    ),
    Field(
        "monthly_average",
        "Monthly average",
        "money",
        monthly_average,
        help="A twelfth of what came in in the last twelve complete months.",
    ),
    Field(
        "months",
        "Months with it",
        "number",
        months,
        unit="months",
        help="In how many of the last twelve complete months it came in: 12 is every month.",
        example="12",
    ),
    Field(
        "last_on", "Last booked on", "date", column("last_on"), help="The last day on which it was booked."
    ),
]
SCOPES = [
    Scope(
        "income",
        "Income",
        by_key(INCOME),
        "currency",
        {},
        rows=lambda organization: organization.incomes.all(),
    )
]
OF_CUSTOMER = [
    Field(
        "income",
        "Income",
        "related",
        scope="income",
        help="What comes in by its kind, one row for each kind and currency, on the accounts held in any role.",
    )
]
