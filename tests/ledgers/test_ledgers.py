"""Ledgers: the list, and the page of one with totals per asset."""

import pytest
from django.test import Client

from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import AccountFactory, AssetFactory, LedgerFactory, PortfolioFactory
from tests.money import book
from tests.pages import names, queries, rows, words

LIST = "/o/nordbank/ledgers/"


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    retail: Ledger = LedgerFactory(organization=nordbank, name="Retail")
    AssetFactory(ledger=retail, code="CZK")
    LedgerFactory(organization=nordbank, name="Účty")
    for code, amount in [("EUR", "10"), ("EUR", "-30"), ("CZK", "500")]:
        book(AccountFactory(organization=nordbank, ledger=retail, asset_code=code), [("2026-11-01", amount)])
    PortfolioFactory(ledger=retail, name="Praha")
    return retail


@pytest.fixture
def client(retail: Ledger, vera: Staff) -> Client:
    return signed_in(vera)


def test_ledgers_are_listed_with_their_assets(client: Client) -> None:
    assert [row[:2] for row in rows(client, LIST)] == [["Retail", "CZK, EUR"], ["Účty", "EUR"]]
    assert names(client, LIST, q="ucty") == ["Účty"]
    assert names(client, LIST, q="nothing") == []


def test_a_ledger_says_what_its_accounts_hold_per_asset(client: Client, retail: Ledger) -> None:
    assert rows(client, retail.get_absolute_url()) == [["CZK", "1", "500.00"], ["EUR", "2", "−20.00"]]
    page = words(client.get(retail.get_absolute_url()).content.decode())
    assert "3 accounts" in page
    assert "Praha" in page


def test_a_large_ledger_is_added_up_on_request(
    client: Client, retail: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.counts.CAP", 1)
    assert "Add them up" in client.get(retail.get_absolute_url()).content.decode()
    assert "500.00" in client.get(retail.get_absolute_url(), {"totals": 1}).content.decode()


def test_an_empty_ledger_says_so(client: Client, nordbank: Organization) -> None:
    empty = nordbank.ledgers.get(name="Účty")
    assert "No accounts yet" in client.get(empty.get_absolute_url()).content.decode()


def test_the_list_takes_as_many_queries_for_three_as_for_one(nordbank: Organization, vera: Staff) -> None:
    LedgerFactory(organization=nordbank)
    one = queries(signed_in(vera), LIST)
    LedgerFactory.create_batch(2, organization=nordbank)
    assert queries(signed_in(vera), LIST) == one


def test_the_wall_holds(client: Client, retail: Ledger, charlie: Staff) -> None:
    for url in (LIST, retail.get_absolute_url()):
        assert signed_in(charlie).get(url).status_code == 404
        assert client.post(url).status_code == 405
    foreign = LedgerFactory()
    assert client.get(retail.get_absolute_url().replace(str(retail.pk), str(foreign.pk))).status_code == 404
