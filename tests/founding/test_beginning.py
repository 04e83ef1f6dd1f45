"""What a new organization is led through: a ledger, currencies, data. What exists says what is done."""

import re
from time import time
from typing import Any

import pytest
from django.test import Client

from console.demo.filling import CUSTOMERS
from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from tests.conftest import signed_in
from tests.factories import AccountFactory, CustomerFactory, LedgerFactory

BEGIN, LEDGER = "/o/nordbank/begin/", "/o/nordbank/begin/ledger/"
ASSETS, DATA, OVERVIEW = "/o/nordbank/begin/currencies/", "/o/nordbank/begin/data/", "/o/nordbank/"


@pytest.fixture
def client(alice: Staff) -> Client:
    return signed_in(alice)


def offered(client: Client, **said: Any) -> list[str]:
    return re.findall(r'name="code" value="(\w+)"', client.get(ASSETS, said).content.decode())


def test_it_leads_to_what_is_not_there_yet(client: Client, nordbank: Organization) -> None:
    assert client.get(BEGIN).headers["Location"] == LEDGER
    assert client.post(LEDGER, {"name": "Retail"}).headers["Location"] == ASSETS
    assert client.get(BEGIN).headers["Location"] == ASSETS
    assert client.post(ASSETS, {"code": ["EUR", "JPY"]}).headers["Location"] == ASSETS
    assert client.get(BEGIN).headers["Location"] == DATA
    AccountFactory(organization=nordbank, ledger=nordbank.ledgers.get())
    assert client.get(BEGIN).headers["Location"] == OVERVIEW


def test_a_ledger_has_a_name_of_its_own(client: Client, nordbank: Organization) -> None:
    LedgerFactory(organization=nordbank, name="Retail", asset=None)
    taken = client.post(LEDGER, {"name": "retail"})
    assert taken.status_code == 422
    assert "is called “retail” already" in taken.content.decode()
    assert "Write the name." in client.post(LEDGER, {"name": " "}).content.decode()
    assert nordbank.ledgers.count() == 1


def test_currencies_are_opened_with_the_world_outside(client: Client, nordbank: Organization) -> None:
    ledger: Ledger = LedgerFactory(organization=nordbank, asset=None)
    client.post(ASSETS, {"code": ["CZK", "JPY", "XXX", "CZK"]})
    assets = {asset.code: (asset.name, asset.scale) for asset in ledger.assets.all()}
    assert assets == {"CZK": ("Czech Koruna", 2), "JPY": ("Japanese Yen", 0)}
    outside = Account.everything.filter(ledger=ledger, type=Account.EXTERNAL)
    assert sorted(outside.values_list("alias", flat=True)) == ["@external/CZK", "@external/JPY"]
    assert client.post(ASSETS, {"code": ["CZK"]}).status_code == 422
    assert "Tick at least one currency" in client.post(ASSETS).content.decode()


def test_the_usual_currencies_come_first_and_any_other_is_found(
    client: Client, nordbank: Organization
) -> None:
    LedgerFactory(organization=nordbank, asset=None)
    assert offered(client) == ["EUR", "CZK", "USD"]
    assert offered(client, q="pound")[3:5] == ["EGP", "FKP"]
    assert offered(client, q="sek") == ["EUR", "CZK", "USD", "SEK"]
    assert offered(client, q="koruna") == ["EUR", "CZK", "USD"]
    assert "No currency that is not open yet has “zzz”" in client.get(ASSETS, {"q": "zzz"}).content.decode()


def test_what_was_ticked_stays_while_one_searches(client: Client, nordbank: Organization) -> None:
    LedgerFactory(organization=nordbank, asset=None)
    page = client.get(
        ASSETS, {"q": "yen", "code": ["GBP", "USD"]}, headers={"HX-Target": "others", "HX-Request": "true"}
    )
    text = page.content.decode()
    assert "<html" not in text
    assert re.findall(r'value="(\w+)"', text) == ["JPY", "GBP"]
    assert re.findall(r'value="(\w+)"[^>]*checked', text) == ["GBP"]


def test_currencies_come_after_the_ledger(client: Client) -> None:
    assert client.get(ASSETS).headers["Location"] == LEDGER


def test_the_data_step_leads_to_each_kind_of_file(client: Client) -> None:
    page = client.get(DATA).content.decode()
    for kind in ("customers", "accounts", "account_holders", "transactions"):
        assert f'href="/o/nordbank/imports/new/?kind={kind}"' in page


def test_invented_customers_fill_an_empty_bank(
    client: Client, nordbank: Organization, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Ours", asset__code="EUR")
    invented = f"{DATA}invented/"
    assert f'action="{invented}"' in client.get(DATA).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(invented).headers["Location"].startswith(f"{DATA}?loading=")
    assert nordbank.customers.count() == CUSTOMERS
    assert set(nordbank.accounts.values_list("ledger", "asset_code")) == {
        (ledger.pk, "EUR"),
        (ledger.pk, "CZK"),
    }
    assert nordbank.transactions.exists()
    assert not nordbank.audit_events.filter(model="customers.Customer").exists()
    assert "invented" not in client.get(DATA).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(invented)
    assert nordbank.customers.count() == CUSTOMERS


def test_one_sees_that_they_are_on_their_way(client: Client, nordbank: Organization) -> None:
    part = {"HX-Request": "true", "HX-Target": "invented"}
    asked = {"loading": int(time())}
    assert "are being loaded" in client.get(DATA, asked).content.decode()
    assert "are being loaded" in client.get(DATA, asked, headers=part).content.decode()
    CustomerFactory(organization=nordbank)
    assert client.get(DATA, headers=part).headers["HX-Redirect"] == DATA


def test_one_is_told_when_no_worker_answers_and_can_ask_again(client: Client) -> None:
    asked = {"loading": int(time()) - 60}
    for headers in ({}, {"HX-Request": "true", "HX-Target": "invented"}):
        page = client.get(DATA, asked, headers=headers).content.decode()
        assert "it does not answer" in page
        assert f'hx-get="{DATA}?loading={asked["loading"]}"' in page
        assert f'action="{DATA}invented/"' in page
    for nonsense in ("yes", "²", "-1"):
        assert "Load invented customers" in client.get(DATA, {"loading": nonsense}).content.decode()


def test_the_overview_shows_the_steps_in_place_of_empty_figures(
    client: Client, nordbank: Organization
) -> None:
    page = client.get(OVERVIEW).content.decode()
    assert "Nothing is here yet" in page
    assert f'<a class="button primary" href="{LEDGER}">' in page
    assert '<dl class="stats"' not in page
    LedgerFactory(organization=nordbank)
    assert f'<a class="button primary" href="{DATA}">' in client.get(OVERVIEW).content.decode()
    CustomerFactory(organization=nordbank)
    assert "Nothing is here yet" not in client.get(OVERVIEW).content.decode()


@pytest.mark.parametrize(
    "page", ["customers/", "accounts/", "accounts/portfolios/", "ledgers/", "segments/", "imports/"]
)
def test_every_empty_list_leads_to_what_comes_first(
    client: Client, nordbank: Organization, page: str
) -> None:
    shown = client.get(f"{OVERVIEW}{page}").content.decode()
    assert f'What comes first here: <a href="{LEDGER}">Make a ledger</a>' in shown
    LedgerFactory(organization=nordbank)
    CustomerFactory(organization=nordbank)
    assert "What comes first here" not in client.get(f"{OVERVIEW}{page}").content.decode()


def test_who_may_not_is_told_who_does(nordbank: Organization, vera: Staff) -> None:
    client = signed_in(vera)
    assert "An operator or an admin does this." in client.get(OVERVIEW).content.decode()
    assert LEDGER not in client.get(OVERVIEW).content.decode()
    assert client.get(BEGIN).headers["Location"] == OVERVIEW
    for path in (LEDGER, ASSETS, DATA):
        assert client.get(path).status_code == 403
