"""The page of an account: facts, holders, how the balance went, and every transaction."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from console.balances.journal import cancel, enter
from console.balances.legs import Leg, Order
from console.balances.models import JournalEntry
from console.balances.posting import reverse
from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from console.portfolios.assets import external_alias, open_asset
from console.portfolios.history import asked_range, averages, balances, history_chart, turning_points
from console.portfolios.models import Account
from tests.conftest import signed_in
from tests.factories import NOW, AccountFactory, AccountHolderFactory, LedgerFactory
from tests.money import book
from tests.pages import queries, words

ITEMS = [("2026-08-01", "1000"), ("2026-11-10", "-300.50"), ("2026-11-12", "50")]


@pytest.fixture
def account(nordbank: Organization) -> Account:
    data = {"statement_frequency": "monthly", "limit": 24000}
    account = AccountFactory(organization=nordbank, external_id="A-1", name="Current account", metadata=data)
    Attribute.objects.create(
        organization=nordbank, entity="accounts", key="limit", type="number", label="Limit"
    )
    return book(account, ITEMS)


@pytest.fixture
def client(olga: Staff) -> Iterator[Client]:
    with time_machine.travel(NOW, tick=False):
        yield signed_in(olga)


def test_the_page_says_what_is_there_and_what_is_known(client: Client, account: Account) -> None:
    AccountHolderFactory(account=account, customer__name="Tomáš Říha")
    page = words(client.get(account.get_absolute_url()).content.decode())
    for text in (
        "749.50",
        "after 3 transactions, the last on 12 Nov 2026",
        "Limit24,000",
        "monthly",
        "Tomáš Říha",
    ):
        assert text in page, text


def test_the_chart_shows_ninety_days_and_says_its_shape(client: Client, account: Account) -> None:
    page = client.get(account.get_absolute_url()).content.decode()
    assert "Ledger balance, account A-1, 2026-08-25 to 2026-11-22" in page
    assert "lowest 699.50 EUR on 10 Nov 2026" in page
    assert "The 90 days as a table" in page


@pytest.mark.parametrize(
    ("key", "days"), [("30", 30), ("90", 90), ("365", 114), ("all", 104), ("nonsense", 90), ("", 90)]
)
def test_the_range_is_chosen_by_a_select(account: Account, key: str, days: int) -> None:
    chart = history_chart(account, asked_range(account, key, date(2026, 11, 22)))
    assert len(chart.rows) == days


def test_an_account_that_rests_shows_its_last_days(account: Account) -> None:
    asked = asked_range(account, "30", date(2030, 1, 1))
    assert (asked.start, asked.end) == (date(2026, 10, 14), date(2026, 11, 12))


def test_an_account_without_items_has_no_chart(client: Client, nordbank: Organization) -> None:
    empty = AccountFactory(organization=nordbank)
    page = client.get(empty.get_absolute_url()).content.decode()
    assert "nothing was booked on this account" in page
    assert "Nobody holds this account yet" in page


def test_the_last_balance_is_carried_to_each_day(account: Account) -> None:
    points = balances(account, date(2026, 11, 9), date(2026, 11, 13))
    assert [str(value) for _, value in points] == [
        "1000.00000000",
        "699.50000000",
        "699.50000000",
        "749.50000000",
        "749.50000000",
    ]
    assert balances(account, date(2026, 7, 30), date(2026, 8, 1))[0][0] == date(2026, 8, 1)


def test_the_average_counts_every_calendar_day() -> None:
    points = [(date(2026, 1, day), Decimal(value)) for day, value in enumerate([10, 20, 60, 0], 1)]
    assert averages(points, 3) == [(date(2026, 1, 3), Decimal(30)), (date(2026, 1, 4), Decimal(80) / 3)]


def test_a_long_chart_keeps_the_days_on_which_something_changed() -> None:
    values = [1, 1, 2, 2, 2, 3, 3]
    points = [(date(2026, 1, day), Decimal(value)) for day, value in enumerate(values, 1)]
    assert [day.day for day, _ in turning_points(points)] == [1, 3, 6, 7]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["12 Nov 2026", "10 Nov 2026", "1 Aug 2026"]),
        ({"direction": "debit"}, ["10 Nov 2026"]),
        ({"direction": "credit"}, ["12 Nov 2026", "1 Aug 2026"]),
        ({"since": "2026-11-11"}, ["12 Nov 2026"]),
        ({"until": "2026-11-10"}, ["10 Nov 2026", "1 Aug 2026"]),
        ({"least": "300.50"}, ["10 Nov 2026", "1 Aug 2026"]),
        ({"least": "1,000.00"}, ["1 Aug 2026"]),
        ({"least": "1 000.00"}, ["1 Aug 2026"]),
        ({"most": "50"}, ["12 Nov 2026"]),
        ({"sort": "booked"}, ["1 Aug 2026", "10 Nov 2026", "12 Nov 2026"]),
        ({"q": "nothing"}, []),
    ],
)
def test_transactions_are_filtered(
    client: Client, account: Account, filters: dict[str, str], found: list[str]
) -> None:
    part = {"HX-Request": "true", "HX-Target": "transaction-rows"}
    text = client.get(account.get_absolute_url(), filters, headers=part).content.decode()
    assert "<h1" not in text
    assert [day for day in ("12 Nov 2026", "10 Nov 2026", "1 Aug 2026") if day in text] == sorted(
        found, key=["12 Nov 2026", "10 Nov 2026", "1 Aug 2026"].index
    )


def test_words_are_searched_in_any_writing(client: Client, account: Account) -> None:
    book(account, [("2026-11-14", "-12")], description="Oběd", counterparty="U Říhů")
    for words_ in ("obed", "rihu"):
        assert "14 Nov 2026" in client.get(account.get_absolute_url(), {"q": words_}).content.decode()


def test_a_fault_in_a_filter_stands_at_the_list(client: Client, account: Account) -> None:
    page = client.get(account.get_absolute_url(), {"least": "much"}).content.decode()
    assert "At least: Write an amount such as 1,000.00" in page
    assert "Nothing is shown" in page


def test_a_reversal_is_marked(client: Client, account: Account) -> None:
    reverse(account.transactions.get(booked_on="2026-11-12"), by=None, at=NOW)
    assert "Reversal" in client.get(account.get_absolute_url()).content.decode()


def test_transactions_are_paged_newest_first(client: Client, account: Account) -> None:
    book(account, [("2026-11-13", "1")] * 60)
    page = client.get(account.get_absolute_url(), {"size": "25"}).content.decode()
    assert "Rows 1–25" in words(page)
    assert 'rel="next"' in page


def test_the_page_takes_as_many_queries_with_three_of_each(nordbank: Organization, olga: Staff) -> None:
    account = book(AccountFactory(organization=nordbank), [("2026-11-01", "1")])
    AccountHolderFactory(account=account)
    one = queries(signed_in(olga), account.get_absolute_url())
    book(account, [("2026-11-02", "1"), ("2026-11-03", "1")])
    AccountHolderFactory.create_batch(2, account=account)
    assert queries(signed_in(olga), account.get_absolute_url()) == one


def test_the_wall_holds(account: Account, olga: Staff, charlie: Staff) -> None:
    url = account.get_absolute_url()
    assert signed_in(charlie).get(url).status_code == 404
    assert signed_in(olga).get(url.replace(str(account.pk), str(AccountFactory().pk))).status_code == 404
    assert signed_in(olga).delete(url).status_code == 405


class TestHolds:
    """What pending transactions hold is not there to be spent, and the page says so."""

    @pytest.fixture
    def outside(self, account: Account) -> Account:
        book(account, [("2026-11-13", "250.50")])
        open_asset(account.ledger, "CHF")
        alias = external_alias(account.asset_code)
        return AccountFactory(
            organization=account.organization, ledger=account.ledger, type=Account.EXTERNAL, alias=alias
        )

    def hold(self, account: Account, outside: Account, amount: str, key: str = "default") -> JournalEntry:
        legs = [Leg(account, Decimal(amount), key)], [Leg(outside, Decimal(amount))]
        words = {"description": f"Card payment of {amount}"}
        order = Order(account.ledger, account.asset_code, Decimal(amount), *legs, NOW, words)
        entry: JournalEntry = enter(order, JournalEntry.Status.PENDING, at=NOW)
        return entry

    def page(self, client: Client, account: Account) -> str:
        return words(client.get(account.get_absolute_url()).content.decode())

    def test_live_ones_are_listed_and_taken_off(
        self, client: Client, account: Account, outside: Account
    ) -> None:
        assert "Available" not in self.page(client, account)
        first = self.hold(account, outside, "300")
        self.hold(account, outside, "12.34")
        page = self.page(client, account)
        for text in ("1,000.00", "Available687.66 EUR", "On hold312.34 EUR", "Card payment of 12.34"):
            assert text in page, text
        cancel(first, at=NOW)
        page = self.page(client, account)
        assert "Available987.66 EUR" in page
        assert "Card payment of 300" not in page

    def test_what_is_set_apart(self, client: Client, account: Account) -> None:
        account.pockets.create(organization=account.organization, key="freeze", ledger=40, items=1)
        assert "Set apart as “freeze”40.00 EUR" in self.page(client, account)

    def test_the_world_outside_has_what_customers_have_not(
        self, client: Client, account: Account, outside: Account
    ) -> None:
        page = self.page(client, outside)
        assert "−1,000.00" in page
        assert "with the other sign" in page


def test_an_item_without_words_says_which_way_it_went_and_with_whom(
    client: Client, nordbank: Organization
) -> None:
    ledger = LedgerFactory(organization=nordbank, asset=None)
    open_asset(ledger, "EUR")
    ann, bob = AccountFactory.create_batch(2, organization=nordbank, ledger=ledger)
    outside = Account.everything.get(ledger=ledger, alias="@external/EUR")
    for source, destination in ((outside, ann), (ann, bob)):
        legs = [Leg(source, Decimal(70))], [Leg(destination, Decimal(70))]
        enter(Order(ledger, "EUR", Decimal(70), *legs, happened_at=NOW), "APPROVED", at=NOW)
    page = words(client.get(ann.get_absolute_url()).content.decode())
    assert "Transfer inThe world outside70.00" in page
    assert f"Transfer out{bob.external_id}−70.00" in page
    assert f"Transfer in{ann.external_id}70.00" in words(client.get(bob.get_absolute_url()).content.decode())
