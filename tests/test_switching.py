"""Going over to another organization in the same section, and narrowing lists to one ledger of all that there are."""

import re
from typing import Any

import pytest
from django.test import Client

from console.ledgers.models import Ledger
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import (
    AccountFactory,
    LedgerFactory,
    OrganizationFactory,
    PortfolioFactory,
    SegmentFactory,
    StaffFactory,
)
from tests.pages import names

ACCOUNTS, PORTFOLIOS = "/o/nordbank/accounts/", "/o/nordbank/accounts/portfolios/"
HTMX = {"HX-Request": "true"}


def links(text: str) -> dict[str, str]:
    """The links of menus, by the address: what they say."""
    found = re.findall(r'class="menu-item" href="([^"]+)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return {
        url.replace("&amp;", "&"): re.sub("<[^>]+>", " ", said).split("  ")[0].strip() for url, said in found
    }


class TestOrganizations:
    @pytest.fixture
    def client(self, bob: Staff) -> Client:
        for number in range(30):
            bank = OrganizationFactory(slug=f"branch-{number:02}", name=f"Pobočka {number:02}")
            StaffFactory(user=bob.user, organization=bank, role=Role.VIEWER)
        return signed_in(bob)

    def test_all_of_ones_own_are_searched_and_no_other(self, client: Client) -> None:
        OrganizationFactory(name="Pobočka elsewhere")
        found = links(client.get("/organizations/", {"q": "pobocka 2"}).content.decode())
        assert list(found) == [f"/o/branch-{n}/" for n in ("02", "12", *range(20, 30))]
        assert "There are more." in client.get("/organizations/", {"q": "pobo"}).content.decode()
        nothing = client.get("/organizations/", {"q": "elsewhere"}).content.decode()
        assert "No organization of yours is called “elsewhere”" in nothing

    def test_one_that_is_found_alone_is_entered_in_the_same_section(self, client: Client) -> None:
        answer = client.get("/organizations/", {"q": "pobočka 07", "at": ACCOUNTS})
        assert answer.headers["Location"] == "/o/branch-07/accounts/"
        record = client.get(
            "/organizations/", {"q": "07", "at": f"{ACCOUNTS}0190c6f4-0000-7000-8000-000000000000/"}
        )
        assert record.headers["Location"] == "/o/branch-07/accounts/"

    def test_a_section_that_the_role_there_does_not_open_gives_way(self, client: Client) -> None:
        answer = client.get("/organizations/", {"q": "07", "at": "/o/nordbank/staff/"})
        assert answer.headers["Location"] == "/o/branch-07/"

    def test_the_rail_says_where_one_is_and_in_which_role(self, client: Client) -> None:
        page = client.get(PORTFOLIOS).content.decode()
        assert "Analyst · you are here" in page
        assert "/o/branch-00/accounts/portfolios/" in links(page)
        assert 'hx-target="#organization-choices"' in page

    def test_htmx_gets_the_list_alone(self, client: Client) -> None:
        answer = client.get(
            "/organizations/", {"q": "07"}, headers={**HTMX, "HX-Target": "organization-choices"}
        )
        assert answer.content.decode().lstrip().startswith('<ul id="organization-choices"')

    @pytest.mark.parametrize("at", ["", "https://evil.example/", "/o/x/", "/o/nordbank/../../", "\0", "//o/"])
    def test_an_odd_place_to_come_from_leads_nowhere_odd(self, client: Client, at: str) -> None:
        found = client.get("/organizations/", {"q": "07\0", "at": at})
        assert found.headers["Location"] == "/o/branch-07/"


class TestLedgers:
    @pytest.fixture
    def ledgers(self, nordbank: Organization) -> list[Ledger]:
        made = [LedgerFactory(organization=nordbank, name=f"Kniha {number:03}") for number in range(120)]
        for number in (0, 117):
            portfolio = PortfolioFactory(ledger=made[number], name=f"Of {number}")
            AccountFactory(
                organization=nordbank, ledger=made[number], portfolio=portfolio, external_id=f"A{number}"
            )
        return made

    @pytest.fixture
    def client(self, vera: Staff) -> Client:
        return signed_in(vera)

    def test_the_choice_holds_on_every_list_until_it_is_taken_off(
        self, client: Client, ledgers: list[Ledger]
    ) -> None:
        assert names(client, ACCOUNTS) == ["A0", "A117"]
        assert names(client, ACCOUNTS, ledger=ledgers[117].pk) == ["A117"]
        assert names(client, ACCOUNTS) == ["A117"]
        assert names(client, PORTFOLIOS) == ["Of 117"]
        page = client.get(PORTFOLIOS).content.decode()
        assert re.search(r"Ledger: </span>Kniha 117", page)
        assert 'aria-label="Remove filter Ledger Kniha 117"' in page
        assert f'href="{PORTFOLIOS}?ledger="' in page
        assert names(client, PORTFOLIOS, ledger="") == ["Of 0", "Of 117"]
        assert names(client, ACCOUNTS) == ["A0", "A117"]

    def test_taking_off_the_filter_takes_off_the_choice(self, client: Client, ledgers: list[Ledger]) -> None:
        client.get(ACCOUNTS, {"ledger": ledgers[0].pk})
        page = client.get(ACCOUNTS).content.decode()
        chip = re.search(r'href="([^"]+)" aria-label="Remove filter Ledger', page)
        assert chip
        assert names(client, ACCOUNTS + chip[1].replace("&amp;", "&")) == ["A0", "A117"]
        client.get(ACCOUNTS, {"ledger": ledgers[0].pk})
        assert names(client, ACCOUNTS, q="nothing") == []
        clear = re.search(
            r'href="([^"]*)">Take all filters off', client.get(ACCOUNTS, {"q": "nothing"}).content.decode()
        )
        assert clear
        assert names(client, ACCOUNTS + clear[1].replace("&amp;", "&")) == ["A0", "A117"]

    def test_links_to_the_whole_list_carry_it(self, olga: Staff, ledgers: list[Ledger]) -> None:
        client = signed_in(olga)
        client.get(ACCOUNTS, {"ledger": ledgers[0].pk})
        assert f"/accounts/export/?ledger={ledgers[0].pk}" in client.get(ACCOUNTS).content.decode()

    def test_all_ledgers_are_searched(self, client: Client, ledgers: list[Ledger]) -> None:
        page = client.get("/o/nordbank/ledgers/choice/", {"q": "kniha 11", "at": PORTFOLIOS}).content.decode()
        assert [said for said in links(page).values() if said.startswith("Kniha")] == [
            f"Kniha {n}" for n in range(110, 120)
        ]
        answer = client.get("/o/nordbank/ledgers/choice/", {"q": "KNIHA 117", "at": PORTFOLIOS})
        assert answer.headers["Location"] == f"{PORTFOLIOS}?ledger={ledgers[117].pk}"
        of_ledger = client.get("/o/nordbank/ledgers/choice/", {"q": "117", "at": "/o/nordbank/ledgers/"})
        assert (
            of_ledger.headers["Location"]
            == f"/o/nordbank/ledgers/{ledgers[117].pk}/?ledger={ledgers[117].pk}"
        )
        none = client.get("/o/nordbank/ledgers/choice/", {"q": "%_"}).content.decode()
        assert "No ledger is called “%_”" in none

    def test_a_choice_is_of_one_organization(
        self, client: Client, vera: Staff, ledgers: list[Ledger]
    ) -> None:
        other = StaffFactory(user=vera.user, organization__slug="southbank", role=Role.VIEWER).organization
        AccountFactory(organization=other, external_id="S1")
        client.get(ACCOUNTS, {"ledger": ledgers[0].pk})
        assert names(client, "/o/southbank/accounts/") == ["S1"]
        assert names(client, "/o/southbank/accounts/", ledger=ledgers[0].pk) == []
        assert names(client, "/o/southbank/accounts/") == ["S1"]

    def test_segments_show_those_of_the_ledger_and_those_of_all(
        self, client: Client, nordbank: Organization, ledgers: list[Ledger]
    ) -> None:
        for name, ledger in (("Everywhere", None), ("Here", ledgers[0]), ("There", ledgers[1])):
            SegmentFactory(organization=nordbank, name=name, ledger=ledger)
        client.get(ACCOUNTS, {"ledger": ledgers[0].pk})
        assert names(client, "/o/nordbank/segments/") == ["Everywhere", "Here"]
        assert names(client, "/o/nordbank/segments/", ledger="") == ["Everywhere", "Here", "There"]

    def test_a_deleted_ledger_is_chosen_no_more(self, client: Client, ledgers: list[Ledger]) -> None:
        client.get(ACCOUNTS, {"ledger": ledgers[3].pk})
        assert names(client, ACCOUNTS) == []
        Ledger.objects.filter(pk=ledgers[3].pk).update(deleted_at="2026-11-22T00:00Z")
        assert names(client, ACCOUNTS) == ["A0", "A117"]

    def test_a_portfolio_shows_all_its_accounts_whatever_is_chosen(
        self, client: Client, ledgers: list[Ledger]
    ) -> None:
        client.get(ACCOUNTS, {"ledger": ledgers[3].pk})
        portfolio: Any = ledgers[117].portfolios.get()
        shown = client.get(portfolio.get_absolute_url()).content.decode()
        assert ">A117<" in shown
        assert ">A0<" not in shown
