"""What ledgers are made of: lists of assets and account types, and the page of one."""

import pytest
from django.test import Client

from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import AccountFactory, AssetFactory, LedgerFactory
from tests.pages import names, rows, words

pytestmark = pytest.mark.django_db
ASSETS = "/o/nordbank/ledgers/assets/"
TYPES = "/o/nordbank/ledgers/account-types/"


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail", asset=None)
    AssetFactory(ledger=ledger, code="EUR", name="Euro")
    AssetFactory(ledger=ledger, code="BTC", name="Bitcoin", type="crypto", scale=8, status="SUSPENDED")
    for key in ("savings", "loan"):
        ledger.account_types.create(organization=nordbank, name=f"{key} account", key_value=key)
    return ledger


@pytest.fixture
def client(olga: Staff) -> Client:
    return signed_in(olga)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["BTC", "EUR"]),
        ({"q": "eur"}, ["EUR"]),
        ({"q": "coin"}, ["BTC"]),
        ({"type": "crypto"}, ["BTC"]),
        ({"status": "SUSPENDED"}, ["BTC"]),
        ({"sort": "-code"}, ["EUR", "BTC"]),
    ],
)
def test_assets_are_found(client: Client, retail: Ledger, filters: dict[str, str], found: list[str]) -> None:
    assert names(client, ASSETS, **filters) == found


def test_account_types_are_found_by_name_or_key(client: Client, retail: Ledger) -> None:
    assert [row[:3] for row in rows(client, TYPES)] == [
        ["loan account", "loan", "Retail"],
        ["savings account", "savings", "Retail"],
    ]
    assert names(client, TYPES, q="SAV") == ["savings account"]
    assert names(client, TYPES, q="account", sort="-name") == ["savings account", "loan account"]


def test_a_list_shows_the_ledger_that_was_chosen(client: Client, retail: Ledger) -> None:
    other = LedgerFactory(organization=retail.organization, name="Corporate", asset=None)
    AssetFactory(ledger=other, code="USD")
    assert names(client, ASSETS, ledger=str(other.pk)) == ["USD"]
    assert names(client, TYPES) == []
    assert len(names(client, ASSETS, ledger="")) == 3


def test_an_asset_says_how_many_accounts_are_kept_in_it(client: Client, retail: Ledger) -> None:
    AccountFactory.create_batch(3, organization=retail.organization, ledger=retail, asset_code="EUR")
    euro = retail.assets.get(code="EUR")
    page = client.get(euro.get_absolute_url()).content.decode()
    assert "Accounts in it3" in words(page).replace(" 3", "3")
    assert f"?ledger={retail.pk}&amp;currency=EUR" in page
    assert str(euro.pk) in page
    history = client.get(retail.organization.url("audit:history", euro.pk))
    assert history.status_code == 200


def test_an_account_type_says_how_many_accounts_are_of_it(client: Client, retail: Ledger) -> None:
    AccountFactory.create_batch(2, organization=retail.organization, ledger=retail, type="loan")
    loan = retail.account_types.get(key_value="loan")
    page = client.get(loan.get_absolute_url()).content.decode()
    assert "Accounts of it2" in words(page).replace(" 2", "2")
    assert f"?ledger={retail.pk}&amp;type=loan" in page


def test_a_ledger_with_many_shows_the_first_and_leads_to_all(client: Client, retail: Ledger) -> None:
    for number in range(25):
        retail.account_types.create(
            organization=retail.organization, name=f"type {number:02}", key_value=f"t{number}"
        )
    page = client.get(retail.get_absolute_url()).content.decode()
    assert "type 19" not in page
    assert "All 27 account types" in words(page)
    assert f"{TYPES}?ledger={retail.pk}" in page


def test_another_bank_s_are_not_there(charlie: Staff, retail: Ledger) -> None:
    asset, kind = retail.assets.get(code="EUR"), retail.account_types.get(key_value="loan")
    client = signed_in(charlie)
    for url in (f"/o/southbank/ledgers/assets/{asset.pk}/", f"/o/southbank/ledgers/account-types/{kind.pk}/"):
        assert client.get(url).status_code == 404
