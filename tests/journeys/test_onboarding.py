"""An empty installation: from the link that the server prints to an overview with figures, by the keyboard alone."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from console.imports.engine import process
from console.imports.models import ImportRun
from console.organizations.models import Organization
from tests.factories import NOW, PASSWORD, LedgerFactory, StaffFactory
from tests.journeys.test_coming_in import has_passkeys
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CUSTOMERS = "external_id,name,country\nC1,Jana Nová,CZ\nC2,Petr Malý,CZ\n"
ACCOUNTS = "external_id,currency,type\nA1,CZK,current\nA2,SEK,current\n"


class Newcomer(Walk):
    """Somebody whom nobody knows yet: no session, no organization."""

    def __init__(self, page: Page, url: str) -> None:
        super().__init__(page, url, None)  # type: ignore[arg-type]  # somebody who works nowhere yet

    def reads(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def presses_button(self, name: str) -> None:
        self.tabs_to(self.page.get_by_role("button", name=name, exact=True))
        self.presses("Enter")

    def follows(self, name: str) -> None:
        self.tabs_to(self.page.get_by_role("main").get_by_role("link", name=name))
        self.presses("Enter")


def comes_in(walk: Newcomer) -> None:
    """The link of the set-up, who one is, a passkey, the codes."""
    out = io.StringIO()
    call_command("set_up", "--json", stdout=out)
    walk.page.goto(walk.url + re.sub("https?://[^/]+", "", json.loads(out.getvalue())["link"]))
    walk.reads("You are the first here")
    walk.looks_everywhere("set-up")
    walk.types("Name", "Jana First")
    walk.types("Email address", "jana@bank.example")
    walk.types("Password", PASSWORD)
    walk.types("Password once more", PASSWORD)
    walk.presses("Enter")
    walk.reads("Choose your second factor")
    walk.finds_no_fault("enrolment")
    walk.follows("Add a passkey")
    walk.reads("Add a passkey")
    walk.presses_button("Add the passkey")
    walk.reads("Recovery codes")
    walk.follows("I have kept them")


def makes_the_organization(walk: Newcomer) -> None:
    """A fault is said where it stands, and nothing that was written is lost."""
    walk.reads("Your organization")
    walk.looks_everywhere("organization-new")
    walk.types("Legal name", "Říční banka, a. s.")
    walk.types("Legal document", "45244782")
    walk.types("City optional", "Praha")
    walk.presses("Control+S")
    expect(walk.page.get_by_role("group", name="things to put right")).to_contain_text("Choose the country.")
    walk.looks_everywhere("organization-faults")
    walk.picks("Country", "Czechia")
    walk.picks("Time zone", "Europe/Prague")
    walk.picks("Base currency", "CZK, Czech Koruna")
    walk.presses("Control+S")


def opens_the_books(walk: Newcomer) -> None:
    """The first ledger and its currencies; left half-way and taken up again."""
    page = walk.page
    walk.reads("First ledger")
    walk.looks_everywhere("begin-ledger")
    walk.follows("Do it later")
    walk.reads("Říční banka, a. s.")
    walk.looks_everywhere("begin-overview")
    walk.follows("Make a ledger")
    walk.types("Name", "Retail")
    walk.presses("Enter")
    walk.reads("Currencies")
    expect(page.get_by_label("CZK, Czech Koruna")).to_be_checked()
    walk.tabs_to(page.get_by_label("EUR, Euro"))
    walk.presses("Space")
    walk.tabs_to(page.get_by_role("searchbox", name="Find a currency by its code or name"))
    page.keyboard.type("swedish")
    walk.tabs_to(page.get_by_label("SEK, Swedish Krona"))
    walk.presses("Space")
    walk.looks_everywhere("begin-currencies")
    walk.presses_button("Open what is ticked")
    expect(page.get_by_role("table")).to_contain_text("SEK")
    walk.looks("begin-currencies-open")
    walk.follows("Go on: customers and accounts")
    walk.reads("Customers and accounts")
    walk.looks_everywhere("begin-data")


def imports(walk: Newcomer, kind: str, content: str, folder: Path) -> None:
    page, path = walk.page, folder / f"{kind}.csv"
    path.write_text(content)
    walk.follows(f"Import {kind}")
    expect(page.get_by_role("radio", name=kind.capitalize(), exact=True)).to_be_checked()
    page.set_input_files("input[type=file]", str(path))
    walk.presses_button("Look at the file")
    walk.presses_button("Import")
    expect(page.get_by_text("Waits for a worker.")).to_be_visible()
    process(ImportRun.objects.latest("created_at").pk, clock=lambda: NOW)
    expect(page.get_by_text("0 rejected")).to_be_visible()


def test_an_empty_installation_becomes_a_bank(
    page: Page, live_server: Any, at_rest: None, tmp_path: Path
) -> None:
    walk = Newcomer(page, live_server.url)
    has_passkeys(page)
    comes_in(walk)
    makes_the_organization(walk)
    opens_the_books(walk)
    begin = page.url
    imports(walk, "customers", CUSTOMERS, tmp_path)
    page.goto(begin)
    imports(walk, "accounts", ACCOUNTS, tmp_path)
    page.goto(begin)
    walk.follows("See the overview")
    expect(page.get_by_role("region", name="Figures")).to_contain_text(
        re.compile("Customers\\s*2.*Accounts\\s*2", re.S)
    )
    walk.looks_everywhere("overview-begun")
    bank = Organization.objects.get()
    assert sorted(bank.accounts.values_list("asset_code", flat=True)) == ["CZK", "SEK"]
    assert walk.complaints == []


def test_switching_by_the_keyboard(walk: Walk) -> None:
    page, bank = walk.page, walk.staff.organization
    StaffFactory(user=walk.staff.user, organization__slug="south", organization__name="Southern bank")
    for name in ("Retail", "Corporate"):
        LedgerFactory(organization=bank, name=name)
    walk.opens("portfolios:account_list")
    walk.presses("l")
    expect(page.get_by_role("searchbox", name="Find a ledger")).to_be_focused()
    page.keyboard.type("corp")
    expect(page.locator("#ledger-choices a")).to_have_count(1)
    walk.finds_no_fault("ledgers")
    walk.presses("ArrowDown", "Enter")
    expect(page.get_by_role("link", name="Remove filter Ledger Corporate")).to_be_visible()
    walk.looks_everywhere("ledger-chosen")
    page.get_by_role("link", name="Show all ledgers").click()
    expect(page.locator(".ledgers summary")).to_contain_text("All ledgers")
    walk.presses("o")
    expect(page.get_by_role("searchbox", name="Find an organization")).to_be_focused()
    page.keyboard.type("south")
    expect(page.locator("#organization-choices a")).to_have_count(1)
    walk.looks("organizations-open")
    walk.presses("ArrowDown", "Enter")
    expect(page).to_have_url(f"{walk.url}/o/south/accounts/")
