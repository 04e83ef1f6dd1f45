"""Balances over windows as a rule sees them, held to figures that were worked out by hand."""

from datetime import date, datetime, time
from typing import Any

import pytest

from console.portfolios.models import Account
from segments import definition
from tests.factories import AccountFactory
from tests.money import book

pytestmark = pytest.mark.django_db


def meets(account: Account, on: str, field: str, operator: str, value: Any, days: int = 30) -> bool:
    """Whether a rule over the `days` days that end `on` is true of the account."""
    organization = account.organization
    rule = {"field": field, "operator": operator, "value": value, "meta": {"days": days}}
    node = definition.parse({"combinator": "and", "rules": [rule]}, "accounts", organization)
    at = datetime.combine(date.fromisoformat(on), time(12), organization.zone)
    return account.pk in definition.ids(node, organization, at).draw(9)


def average(account: Account, on: str, value: str, days: int = 30) -> bool:
    """Whether the average is exactly `value`."""
    return meets(account, on, "average_collected_balance", "=", value, days)


def test_june_counts_every_calendar_day() -> None:
    account = book(AccountFactory(), [("2026-05-31", "90.00"), ("2026-06-02", "600.00")])
    book(account, [("2026-06-10", "-580.00"), ("2026-06-25", "40.00")])
    assert average(account, "2026-06-30", "272.00")
    assert meets(account, "2026-06-30", "minimum_balance", "=", "90.00")


@pytest.mark.parametrize(("amount", "is_under"), [("-100.00", False), ("-100.01", True)])
def test_sums_tell_apart_what_averages_show_alike(amount: str, is_under: bool) -> None:
    """The April averages are 100.00 and 99.995, which would be shown as 100.00 too."""
    account = book(AccountFactory(), [("2026-03-31", "150.00"), ("2026-04-16", amount)])
    under = meets(account, "2026-04-30", "average_collected_balance", "<", "100.00")
    assert under is is_under


def test_a_rolling_window_falls_and_recovers_on_the_right_days() -> None:
    account = book(
        AccountFactory(), [("2026-01-01", "150.00"), ("2026-04-01", "-70.00"), ("2026-05-10", "90.00")]
    )
    assert average(account, "2026-04-21", "101.00")
    assert meets(account, "2026-04-22", "average_collected_balance", "between", ["98.66", "98.67"])
    assert average(account, "2026-05-16", "101.00")
    assert average(account, "2026-05-19", "110.00")


def test_an_overdraft_and_its_correction() -> None:
    account = book(AccountFactory(), [("2026-04-30", "4000.00"), ("2026-05-20", "-5000.00")])
    assert meets(account, "2026-05-31", "average_collected_balance", "between", ["2064.51", "2064.52"], 31)
    assert meets(account, "2026-05-31", "overdrawn_days", "=", 12, 31)
    assert meets(account, "2026-05-31", "minimum_balance", "=", "-1000.00", 31)
    book(account, [("2026-05-20", "5000.00")])
    assert average(account, "2026-05-31", "4000.00", 31)
    assert meets(account, "2026-05-31", "overdrawn_days", "=", 0, 31)


def test_an_account_opened_inside_the_window_has_no_figure_yet() -> None:
    account = book(AccountFactory(opened_on=date(2026, 6, 16)), [("2026-06-16", "300.00")])
    for field in ("average_collected_balance", "minimum_balance", "overdrawn_days"):
        assert meets(account, "2026-06-30", field, "null", None)
    assert average(account, "2026-06-30", "300.00", days=15)


@pytest.mark.parametrize(
    ("months", "low"),
    [(1, "40.00"), (2, "90.00"), (3, "90.00"), (4, None)],
    ids=["oct", "sep", "aug", "opened"],
)
def test_the_highest_of_the_monthly_lows(months: int, low: str | None) -> None:
    """Lows of August, September and October: 50, 90 and 40; the account opened in the course of July."""
    account = AccountFactory(opened_on=date(2026, 7, 15))
    book(account, [("2026-07-31", "50.00"), ("2026-08-20", "40.00"), ("2026-10-31", "-50.00")])
    rule = {"field": "monthly_low_balance", "meta": {"months": months}}
    same = {"operator": "=", "value": low} if low else {"operator": "null"}
    node = definition.parse({"combinator": "and", "rules": [rule | same]}, "accounts", account.organization)
    at = datetime(2026, 11, 22, 12, tzinfo=account.organization.zone)
    assert definition.ids(node, account.organization, at).draw(9) == [account.pk]
