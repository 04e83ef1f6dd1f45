"""Figures over windows, held to numbers that were worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from console.balances.figures import ledger_on, ledger_sum, series, total_on, window
from console.organizations.models import Organization
from console.portfolios.models import Account
from tests.balances.test_posting import booked
from tests.factories import AccountFactory


def test_june_counts_every_calendar_day(db: None) -> None:
    account = AccountFactory()
    booked(account, [("open", "2026-05-31", "90.00"), ("cheque", "2026-06-02", "600.00")])
    booked(account, [("rent", "2026-06-10", "-580.00"), ("late", "2026-06-25", "40.00")])
    june = window(account, date(2026, 6, 1), date(2026, 6, 30))
    assert june.average() == Decimal("272.00")
    assert june.minimum == 90
    assert (june.sum, june.days) == (Decimal("8160.00"), 30)


def test_sums_tell_apart_what_averages_show_alike(db: None) -> None:
    sums = []
    for amount in ("-100.00", "-100.01"):
        account = AccountFactory()
        booked(account, [("open", "2026-03-31", "150.00"), ("out", "2026-04-16", amount)])
        april = window(account, date(2026, 4, 1), date(2026, 4, 30))
        assert april.average() == Decimal("100.00")
        sums.append(april.sum)
        assert (april.sum < 100 * april.days) is (amount == "-100.01")
    assert sums == [Decimal("3000.00"), Decimal("2999.85")]


def test_a_rolling_window_falls_and_recovers_on_the_right_days(db: None) -> None:
    account = AccountFactory()
    booked(
        account,
        [("open", "2026-01-01", "150.00"), ("out", "2026-04-01", "-70.00"), ("in", "2026-05-10", "90.00")],
    )

    def average(last: date) -> Decimal | None:
        return window(account, last - timedelta(days=29), last).average()

    assert average(date(2026, 4, 21)) == Decimal("101.00")
    assert average(date(2026, 4, 22)) == Decimal("98.67")
    assert average(date(2026, 5, 16)) == Decimal("101.00")
    assert average(date(2026, 5, 19)) == Decimal("110.00")


def test_an_overdraft_and_its_correction(db: None) -> None:
    account = AccountFactory()
    booked(account, [("open", "2026-04-30", "4000.00"), ("out", "2026-05-20", "-5000.00")])
    may = (date(2026, 5, 1), date(2026, 5, 31))
    overdrawn = window(account, *may)
    assert overdrawn.average() == Decimal("2064.52")
    assert (overdrawn.overdrawn_days, overdrawn.minimum) == (12, -1000)
    booked(account, [("back", "2026-05-20", "5000.00")])
    assert (window(account, *may).average(), window(account, *may).overdrawn_days) == (Decimal("4000.00"), 0)


def test_an_account_opened_in_the_month_averages_per_day_open_or_per_month(db: None) -> None:
    account = AccountFactory(opened_on=date(2026, 6, 16))
    booked(account, [("open", "2026-06-16", "300.00")])
    june = (date(2026, 6, 1), date(2026, 6, 30))
    assert window(account, *june, is_since_opening=True).average() == Decimal("300.00")
    assert window(account, *june, is_since_opening=True).minimum == 300
    assert window(account, *june).average() == Decimal("150.00")


def test_a_window_before_the_account_opened_has_no_days(db: None) -> None:
    account = AccountFactory(opened_on=date(2026, 6, 16))
    empty = window(account, date(2026, 5, 1), date(2026, 5, 31), is_since_opening=True)
    assert (empty.days, empty.average(), empty.minimum) == (0, None, None)


def test_a_series_carries_the_last_balance_on(db: None) -> None:
    account = AccountFactory()
    booked(account, [("a", "2026-03-02", "10.00"), ("b", "2026-03-04", "-4.00")])
    days = series(account, date(2026, 3, 1), date(2026, 3, 5))
    assert [amount for _, amount in days] == [0, 10, 10, 6, 6]
    assert [day for day, _ in days] == [date(2026, 3, 1) + timedelta(days=n) for n in range(5)]


def test_many_accounts_are_annotated_at_once(nordbank: Organization) -> None:
    one, two, still = (
        AccountFactory(organization=nordbank, external_id=name) for name in ("one", "two", "still")
    )
    booked(one, [("a", "2026-03-01", "10.00"), ("b", "2026-03-10", "5.00")])
    booked(two, [("c", "2026-02-01", "-3.00")])
    accounts: Any = nordbank.accounts.annotate(
        on_day=ledger_on(date(2026, 3, 9)), total=ledger_sum(date(2026, 3, 5), date(2026, 3, 11))
    )
    found = {account.external_id: (account.on_day, account.total) for account in accounts}
    assert found == {"one": (10, 80), "two": (-3, -21), "still": (0, 0)}
    for account in (one, two, still):
        assert found[account.external_id][1] == window(account, date(2026, 3, 5), date(2026, 3, 11)).sum
    assert Account.objects.count() == 3


def test_the_balances_of_a_bank_on_a_day(nordbank: Organization) -> None:
    for name, amount in (("a", "10.00"), ("b", "-2.50")):
        booked(
            AccountFactory(organization=nordbank),
            [(name, "2026-03-01", amount), (name + "2", "2026-03-05", "1")],
        )
    booked(AccountFactory(), [("other bank", "2026-03-01", "99.00")])
    assert total_on(nordbank.accounts.all(), date(2026, 3, 4)) == Decimal("7.50")
    assert total_on(nordbank.accounts.all(), date(2026, 2, 1)) == 0
