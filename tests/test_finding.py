"""A filter by one of very many, and a choice among them: all can be found, wherever they stand by name."""

from typing import Any

import pytest
from django.test import Client

from console import finding
from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from console.portfolios.models import Portfolio
from tests.conftest import signed_in
from tests.factories import AccountFactory, LedgerFactory, PortfolioFactory
from tests.pages import names, words
from tests.segments.tags import a_tag, tagged

pytestmark = pytest.mark.django_db
LIST = "/o/nordbank/accounts/"


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail")
    return ledger


@pytest.fixture
def last(retail: Ledger, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    """The last of more portfolios than a select shows."""
    monkeypatch.setattr(finding, "FEW", 3)
    for number in range(15):
        PortfolioFactory(ledger=retail, name=f"Praha {number:02}")
    found: Portfolio = PortfolioFactory(ledger=retail, name="Žižkov")
    AccountFactory(organization=retail.organization, ledger=retail, portfolio=found, external_id="Z-1")
    AccountFactory(organization=retail.organization, ledger=retail, external_id="A-1")
    return found


@pytest.fixture
def client(olga: Staff) -> Client:
    return signed_in(olga)


def test_few_stand_in_a_select(client: Client, retail: Ledger) -> None:
    PortfolioFactory(ledger=retail, name="Praha")
    page = client.get(LIST).content.decode()
    assert "Praha (Retail)</option>" in page
    assert "Find a portfolio" not in page


def test_of_many_each_is_found_by_its_words(client: Client, last: Portfolio) -> None:
    assert "Žižkov (Retail)" not in client.get(LIST).content.decode()
    page = client.get(LIST, {"portfolio-q": "zizk"}).content.decode()
    assert f'value="{last.pk}"> Žižkov (Retail)' in page
    assert names(client, LIST, portfolio=str(last.pk)) == ["Z-1"]


def test_what_is_chosen_is_named_and_taken_off_again(client: Client, last: Portfolio) -> None:
    page: Any = client.get(LIST, {"portfolio": str(last.pk), "portfolio-q": "zizk"})
    (chip,) = page.context["list"].filters.chips()
    assert (chip["label"], chip["value"]) == ("Portfolio", "Žižkov (Retail)")
    assert "portfolio" not in chip["url"]
    assert "portfolio-q" not in page.context["list"].query


@pytest.mark.parametrize("asked", ["0198c000-0000-7000-8000-000000000000", "x", "\0"])
def test_what_is_no_portfolio_here_shows_nothing_and_says_so(
    client: Client, last: Portfolio, asked: str
) -> None:
    page = client.get(LIST, {"portfolio": asked})
    assert page.status_code == 200
    assert "Nothing is shown" in words(page.content.decode())


def test_a_segment_beyond_the_first_can_be_filtered_by(client: Client, last: Portfolio) -> None:
    for number in range(5):
        a_tag(last.organization, f"Club {number}")
    gold = a_tag(last.organization, "Zlato")
    tagged(gold, last.accounts.get())
    assert names(client, LIST, segment=str(gold.pk)) == ["Z-1"]
    assert "Zlato" in client.get(LIST, {"segment-q": "zlat"}).content.decode()


def test_a_change_of_many_finds_its_portfolio_among_all(client: Client, last: Portfolio) -> None:
    run = client.post(f"{LIST}bulk/new/?", {"action": "move", "everything": "on"})["Location"]
    drawn = words(client.get(run).content.decode())
    assert "Find a portfolio" in client.get(run).content.decode()
    assert "Žižkov" not in drawn
    found = client.get(run, {"target": "", "target-q": "zizk", "redraw": "target:find"}).content.decode()
    assert f'value="{last.pk}"> Žižkov (Retail)' in found
    assert "to put right" not in found
    unchosen = words(client.get(run, {"target": "", "target-q": ""}).content.decode())
    assert "Choose the portfolio." in unchosen
    foretold = words(client.get(run, {"target": str(last.pk)}).content.decode())
    assert "1will move to “Žižkov”" in foretold.replace("1 will", "1will")
