"""Portfolios: the list, and the page of one with its accounts and what they hold."""

import pytest
from django.test import Client

from console.organizations.models import Organization, Staff
from console.portfolios.models import Portfolio
from tests.conftest import signed_in
from tests.factories import AccountFactory, LedgerFactory, PortfolioFactory
from tests.money import book
from tests.pages import names, queries, rows, words

LIST = "/o/nordbank/accounts/portfolios/"


@pytest.fixture
def praha(nordbank: Organization) -> Portfolio:
    retail = LedgerFactory(organization=nordbank, name="Retail")
    PortfolioFactory(ledger=LedgerFactory(organization=nordbank), name="Říčany", entity_id="E-9")
    praha: Portfolio = PortfolioFactory(ledger=retail, name="Praha")
    for number, amount in enumerate(["10", "20", "30"]):
        account = AccountFactory(
            ledger=retail, organization=nordbank, portfolio=praha, external_id=f"A-{number}"
        )
        book(account, [("2026-11-01", amount)])
    AccountFactory(ledger=retail, organization=nordbank, external_id="B-1")
    return praha


@pytest.fixture
def client(praha: Portfolio, vera: Staff) -> Client:
    return signed_in(vera)


def test_portfolios_are_listed_found_and_filtered(client: Client, praha: Portfolio) -> None:
    assert names(client, LIST) == ["Praha", "Říčany"]
    assert names(client, LIST, q="ricany") == ["Říčany"]
    assert names(client, LIST, q="E-9") == ["Říčany"]
    assert names(client, LIST, ledger=str(praha.ledger_id)) == ["Praha"]
    assert names(client, LIST, sort="-name", ledger="") == ["Říčany", "Praha"]
    assert rows(client, LIST)[0][1] == "Retail"


def test_a_portfolio_shows_its_accounts_and_totals(client: Client, praha: Portfolio) -> None:
    url = praha.get_absolute_url()
    assert rows(client, url) == [["EUR", "3", "60.00"]]
    listed = words(client.get(url).content.decode())
    assert all(number in listed for number in ("A-0", "A-1", "A-2"))
    found = words(
        client.get(
            url, {"q": "A-2"}, headers={"HX-Request": "true", "HX-Target": "account-rows"}
        ).content.decode()
    )
    assert "A-2" in found
    assert "A-1" not in found
    assert rows(client, url, q="A-2") == [["EUR", "3", "60.00"]]


def test_lists_take_as_many_queries_for_three_as_for_one(nordbank: Organization, vera: Staff) -> None:
    PortfolioFactory(ledger=LedgerFactory(organization=nordbank))
    one = queries(signed_in(vera), LIST)
    PortfolioFactory.create_batch(2, ledger=LedgerFactory(organization=nordbank))
    assert queries(signed_in(vera), LIST) == one


def test_an_empty_list_says_where_portfolios_come_from(vera: Staff) -> None:
    assert "No portfolios yet" in signed_in(vera).get(LIST).content.decode()


def test_the_wall_holds(client: Client, praha: Portfolio, charlie: Staff) -> None:
    for url in (LIST, praha.get_absolute_url()):
        assert signed_in(charlie).get(url).status_code == 404
        assert client.post(url).status_code == 405
    foreign = PortfolioFactory()
    assert client.get(praha.get_absolute_url().replace(str(praha.pk), str(foreign.pk))).status_code == 404
