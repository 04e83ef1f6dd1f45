"""Kept balances are the transactions summed, whatever order, day and batch they came in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from console.balances.models import Balance, DailyBalance, Movement, Transaction
from console.balances.posting import CannotReverse, Item, post_items, reverse
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from tests.factories import NOW, AccountFactory, OrganizationFactory
from tests.money import book
from tests.rebuilding import rebuild

START = date(2026, 1, 1)
Row = tuple[int, int, str, Decimal]


def booked(account: Account, rows: Iterable[tuple[str, str, str]], source: str = "test") -> int:
    """Post (external id, day, signed amount) to `account`; returns how many were new."""
    items = [
        Item(
            *(account.pk, name, date.fromisoformat(day)),
            *("debit" if amount.startswith("-") else "credit", Decimal(amount.lstrip("-"))),
        )
        for name, day, amount in rows
    ]
    return post_items(account.organization, items, source=source, at=NOW)


def days_of(account: Account) -> list[tuple[str, Decimal, Decimal]]:
    stored = account.daily_balances.order_by("day")
    return [(day.day.isoformat(), day.ledger, day.cum) for day in stored]


class TestPosting(TestCase):
    """Random batches against sums in plain Python."""

    rows = some.tuples(
        some.integers(0, 2),  # which account
        some.integers(0, 40),  # which day: later batches may be back-dated
        some.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]),  # external ids come again
        some.decimals("-500", "500", places=2),
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(batches=some.lists(some.lists(rows, max_size=8), min_size=1, max_size=5))
    def test_random_batches_equal_plain_sums(self, batches: list[list[Row]]) -> None:
        bank = OrganizationFactory()
        accounts = [AccountFactory(organization=bank) for _ in range(3)]
        known: dict[str, Row] = {}
        for batch in batches:
            items = [self.item(accounts, row) for row in batch]
            new = post_items(bank, items, source="test", at=NOW)
            before = len(known)
            for row in batch:
                known.setdefault(row[2], row)
            assert new == len(known) - before
        for number, account in enumerate(accounts):
            self.check(account, [row for row in known.values() if row[0] == number])
        kept = list(
            DailyBalance.objects.order_by("account", "day").values_list("account", "day", "ledger", "cum")
        )
        rebuild(bank)
        anew = DailyBalance.objects.order_by("account", "day").values_list("account", "day", "ledger", "cum")
        assert kept == list(anew)

    def item(self, accounts: list[Account], row: Row) -> Item:
        number, day, name, amount = row
        direction = "debit" if amount < 0 else "credit"
        return Item(accounts[number].pk, name, START + timedelta(days=day), direction, abs(amount))

    def check(self, account: Account, rows: list[Row]) -> None:
        """Compare every stored day with the sums of every calendar day since the first."""
        if not rows:
            assert not account.daily_balances.exists()
            return
        moved: dict[int, Decimal] = defaultdict(Decimal)
        for _, day, _, amount in rows:
            moved[day] += amount
        first, last = min(moved), max(moved)
        ends = list(accumulate(moved[day] for day in range(first, last + 1)))
        cums = list(accumulate(ends))
        expected = {
            START + timedelta(days=day): (ends[day - first], cums[day - first])
            for day in {r[1] for r in rows}
        }
        stored = {day.day: (day.ledger, day.cum) for day in account.daily_balances.all()}
        assert stored == expected
        assert account.balance.ledger == ends[-1]
        assert account.balance.last_on == START + timedelta(days=last)
        assert account.balance.items == len(rows)


def test_sums_of_the_largest_amounts_fit(db: None) -> None:
    largest = "9" * 18 + ".99999999"
    account = book(AccountFactory(), [("2020-01-01", largest)] * 150)
    book(account, [("2026-11-01", largest)])
    assert account.balance.ledger == Decimal("150999999999999999999.99999849")


def test_a_back_dated_item_shifts_every_later_day(db: None) -> None:
    account = AccountFactory()
    booked(account, [("a", "2026-03-02", "100.00"), ("b", "2026-03-05", "-30.00")])
    booked(account, [("c", "2026-03-03", "7.00")])
    assert days_of(account) == [
        ("2026-03-02", Decimal(100), Decimal(100)),
        ("2026-03-03", Decimal(107), Decimal(207)),
        ("2026-03-05", Decimal(77), Decimal(391)),
    ]


def test_an_item_before_the_first_day_counts_from_its_own_day(db: None) -> None:
    account = AccountFactory()
    booked(account, [("a", "2026-03-10", "10.00")])
    booked(account, [("b", "2026-03-08", "1.00"), ("c", "2026-03-12", "5.00")])
    assert days_of(account) == [
        ("2026-03-08", Decimal(1), Decimal(1)),
        ("2026-03-10", Decimal(11), Decimal(13)),
        ("2026-03-12", Decimal(16), Decimal(40)),
    ]


def test_the_same_item_twice_is_booked_once(db: None) -> None:
    account = AccountFactory()
    assert booked(account, [("a", "2026-03-02", "100.00"), ("a", "2026-03-02", "100.00")]) == 1
    assert booked(account, [("a", "2026-03-02", "100.00")]) == 0
    assert account.balance.ledger == 100
    assert account.transactions.count() == 1


def test_the_same_id_of_another_source_is_another_item(db: None) -> None:
    account = AccountFactory()
    booked(account, [("a", "2026-03-02", "100.00")])
    assert booked(account, [("a", "2026-03-02", "100.00")], source="cards") == 1
    assert Balance.objects.get(account=account).ledger == 200


def test_each_batch_leaves_one_movement_an_account(db: None) -> None:
    account, other = AccountFactory(), AccountFactory()
    booked(account, [("a", "2026-03-02", "100.00"), ("b", "2026-03-04", "20.00")])
    booked(account, [("c", "2026-03-01", "-50.00")])
    booked(account, [("c", "2026-03-01", "-50.00")])
    booked(other, [("a", "2026-03-02", "1.00")])
    moved = (
        Movement.objects.filter(account=account)
        .order_by("id")
        .values_list("previous", "ledger", "moved_on", "at")
    )
    assert list(moved) == [
        (Decimal(0), Decimal(120), date(2026, 3, 2), NOW),
        (Decimal(120), Decimal(70), date(2026, 3, 1), NOW),
    ]


def test_amounts_stay_exact(db: None) -> None:
    account = AccountFactory()
    booked(account, [(f"t{number}", "2026-03-02", "0.10000001") for number in range(10)])
    assert account.balance.ledger == Decimal("1.00000010")


class TestReversal:
    @pytest.fixture
    def item(self, nordbank: Organization) -> Transaction:
        account = AccountFactory(organization=nordbank)
        booked(account, [("salary", "2026-05-01", "4000.00"), ("rent", "2026-05-20", "-5000.00")])
        return account.transactions.get(external_id="rent")

    def test_takes_the_item_back_on_its_own_day(self, item: Transaction, alice: Staff) -> None:
        reversal = reverse(item, by=alice, at=NOW)
        assert (reversal.direction, reversal.amount, reversal.booked_on) == (
            "credit",
            5000,
            date(2026, 5, 20),
        )
        assert (reversal.reverses, reversal.recorded_at) == (item, NOW)
        assert reversal.metadata == {"reversed_by": "Alice Admin"}
        assert item.account.balance.ledger == 4000
        assert days_of(item.account)[-1] == ("2026-05-20", Decimal(4000), Decimal(80000))

    def test_happens_once(self, item: Transaction) -> None:
        reverse(item, by=None, at=NOW)
        with pytest.raises(CannotReverse, match="already"):
            reverse(item, by=None, at=NOW)

    def test_is_not_reversed_itself(self, item: Transaction) -> None:
        reversal = reverse(item, by=None, at=NOW)
        with pytest.raises(CannotReverse, match="reversal itself"):
            reverse(reversal, by=None, at=NOW)
