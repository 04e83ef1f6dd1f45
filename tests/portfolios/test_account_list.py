"""The accounts list: whose, in which currency, with which balance; totals are never added across currencies."""

import csv
import io

import pytest
from django.test import Client

from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from console.portfolios.querysets import FEW
from tests.conftest import signed_in
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    LedgerFactory,
    PortfolioFactory,
)
from tests.money import book
from tests.pages import names, queries, rows, streamed, words

LIST = "/o/nordbank/accounts/"


@pytest.fixture
def accounts(nordbank: Organization) -> dict[str, Account]:
    retail, private = (LedgerFactory(organization=nordbank, name=name) for name in ("Retail", "Private"))
    AssetFactory(ledger=retail, code="CZK")
    praha = PortfolioFactory(ledger=retail, name="Retail Praha")

    def account(key: str, **fields: object) -> Account:
        return AccountFactory(organization=nordbank, external_id=key, **{"ledger": retail, **fields})

    made = {
        "rich": book(account("A-1", portfolio=praha, type="savings"), [("2026-11-01", "900")]),
        "poor": book(account("A-2", opened_on="2026-05-01"), [("2026-11-01", "-50.25")]),
        "empty": account("A-3", opened_on=None, status="DORMANT", alias="@rainy", entity_id="E-77"),
        "koruna": book(account("B-1", asset_code="CZK", is_blocked=True), [("2026-11-01", "20000")]),
        "shut": account("B-2", ledger=private, status="CLOSED", name="Účet na vánoce"),
    }
    riha = CustomerFactory(organization=nordbank, name="Tomáš Říha")
    for name in ("poor", "koruna"):
        AccountHolderFactory(organization=nordbank, account=made[name], customer=riha)
    return made


@pytest.fixture
def client(accounts: dict[str, Account], olga: Staff) -> Client:
    return signed_in(olga)


def test_a_row_says_whose_it_is_what_it_holds_and_how_it_stands(client: Client) -> None:
    usual = {row[0]: row[1:] for row in rows(client, LIST)}
    assert usual["A-1"] == ["", "Savings", "Retail Praha", "900.00", "EUR", "", "Open"]
    assert usual["A-2"] == ["Tomáš Říha", "Deposit", "", "−50.25", "EUR", "", "Overdrawn"]
    assert usual["A-3"][-4:] == ["0.00", "EUR", "", "Dormant"]
    assert usual["B-1"][-4:] == ["20,000.00", "CZK", "", "Debit blocked"]
    assert usual["B-2"][-1] == "Closed"


def test_many_holders_are_shortened(
    client: Client, accounts: dict[str, Account], nordbank: Organization
) -> None:
    for name in ("Eva", "Jan"):
        person = CustomerFactory(organization=nordbank, name=name)
        AccountHolderFactory(
            organization=nordbank, account=accounts["poor"], customer=person, role="authorised user"
        )
    assert rows(client, LIST, q="A-2")[0][1] == "Tomáš Říha, Eva, and 1 more"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "A-"}, ["A-1", "A-2", "A-3"]),
        ({"q": "@rai"}, ["A-3"]),
        ({"q": "riha"}, ["A-2", "B-1"]),
        ({"q": "Říha Tom"}, ["A-2", "B-1"]),
        ({"q": "vanoce"}, ["B-2"]),
        ({"q": "ri"}, []),
        ({"type": "savings"}, ["A-1"]),
        ({"currency": "CZK"}, ["B-1"]),
        ({"state": "ACTIVE"}, ["A-1", "A-2", "B-1"]),
        ({"state": "DORMANT"}, ["A-3"]),
        ({"state": "CLOSED"}, ["B-2"]),
        ({"state": "blocked"}, ["B-1"]),
        ({"state": "overdrawn"}, ["A-2"]),
        ({"state": "overdrawn", "currency": "CZK"}, []),
        ({"opened": "2026-05-01"}, ["A-2"]),
        ({"opened_until": "2026-05-01", "opened": "2026-05-01"}, ["A-2"]),
        ({"least": "900"}, ["A-1", "B-1"]),
        ({"least": "0", "most": "1 000.00"}, ["A-1", "A-3", "B-2"]),
        ({"most": "-1"}, ["A-2"]),
        ({"entity": "E-7"}, ["A-3"]),
    ],
)
def test_filters_find(client: Client, filters: dict[str, str], found: list[str]) -> None:
    assert names(client, LIST, **filters) == found


def test_ledger_and_portfolio_filter_and_are_offered_by_name(
    client: Client, accounts: dict[str, Account]
) -> None:
    assert names(client, LIST, ledger=str(accounts["shut"].ledger_id)) == ["B-2"]
    assert names(client, LIST, portfolio=str(accounts["rich"].portfolio_id), ledger="") == ["A-1"]
    assert "Retail Praha" in client.get(LIST).content.decode()


def test_a_name_that_many_bear_is_found_account_by_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FEW > 100
    monkeypatch.setattr("console.portfolios.querysets.FEW", 0)
    assert names(client, LIST, q="riha") == ["A-2", "B-1"]
    assert names(client, LIST, q="vanoce") == ["B-2"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("external_id", ["A-1", "A-2", "A-3", "B-1", "B-2"]),
        ("-external_id", ["B-2", "B-1", "A-3", "A-2", "A-1"]),
        ("balance", ["B-1", "A-2", "A-1"]),
        ("-balance", ["A-1", "A-2", "B-1"]),
    ],
)
def test_balances_are_ordered_within_their_currency_and_without_one_come_last(
    client: Client, sort: str, order: list[str]
) -> None:
    assert names(client, LIST, sort=sort)[: len(order)] == order


def test_the_oldest_comes_first_and_those_without_a_day_last(client: Client) -> None:
    assert names(client, LIST, sort="opened")[-2:] == ["A-2", "A-3"]
    assert names(client, LIST, sort="-opened")[0] == "A-2"


def test_the_order_by_balance_within_one_currency(client: Client) -> None:
    assert names(client, LIST, sort="balance", currency="EUR") == ["A-2", "A-1", "A-3", "B-2"]


def test_totals_stand_per_currency_and_follow_the_filters(client: Client) -> None:
    page = words(client.get(LIST).content.decode())
    assert "Ledger balances: 20,000.00 CZK in 1 account · 849.75 EUR in 4 accounts" in page
    page = words(client.get(LIST, {"type": "savings"}).content.decode())
    assert "Ledger balances: 900.00 EUR in 1 account" in page


def test_many_accounts_are_added_up_on_request(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.counts.CAP", 1)
    page = client.get(LIST, {"state": "ACTIVE"}).content.decode()
    assert "Totals are not added up for so many accounts" in page
    assert 'href="?state=ACTIVE&amp;totals=1"' in page
    assert "849.75 EUR in 2 accounts" in words(
        client.get(LIST, {"state": "ACTIVE", "totals": "1"}).content.decode()
    )


@pytest.mark.parametrize(
    "filters", [{"ledger": "x"}, {"ledger": "0" * 32}, {"currency": "XXX"}, {"opened": "1"}]
)
def test_a_filter_that_cannot_be_read_shows_its_fault_and_nothing(
    client: Client, filters: dict[str, str]
) -> None:
    page = client.get(LIST, filters).content.decode()
    assert "1 thing to put right" in page
    assert "A-1" not in page


def test_another_banks_ledger_is_not_among_the_choices(client: Client) -> None:
    foreign = LedgerFactory()
    page = client.get(LIST, {"ledger": str(foreign.pk)}).content.decode()
    assert "is not among the choices" in page
    assert foreign.name not in page


def test_the_list_takes_as_many_queries_for_three_as_for_one(nordbank: Organization, olga: Staff) -> None:
    def add() -> None:
        account = AccountFactory(organization=nordbank)
        account.portfolio = PortfolioFactory(ledger=account.ledger)
        account.save()
        AccountHolderFactory(account=account)
        book(account, [("2026-11-01", "1")])

    add()
    one = queries(signed_in(olga), LIST)
    add()
    add()
    assert queries(signed_in(olga), LIST) == one


def test_the_export_has_amounts_for_machines_and_names_nobody(
    accounts: dict[str, Account], olga: Staff
) -> None:
    text = streamed(signed_in(olga), f"{LIST}export/", columns=["", "balance", "holder"], q="A-2")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Account", "Ledger balance", "Currency"],
        ["A-2", "-50.25", "EUR"],
    ]


def test_the_wall_holds(accounts: dict[str, Account], vera: Staff, charlie: Staff) -> None:
    for url in (LIST, f"{LIST}export/"):
        assert signed_in(charlie).get(url).status_code == 404
    assert signed_in(vera).get(f"{LIST}export/").status_code == 403
    assert signed_in(vera).post(LIST).status_code == 405


def test_accounts_without_a_balance_cost_no_query_each(nordbank: Organization, olga: Staff) -> None:
    AccountFactory(organization=nordbank)
    one = queries(signed_in(olga), LIST)
    AccountFactory.create_batch(2, organization=nordbank)
    assert queries(signed_in(olga), LIST) == one
