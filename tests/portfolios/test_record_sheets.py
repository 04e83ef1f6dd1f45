"""Creating, changing and deleting what the bank keeps, through the pages that staff use."""

from typing import Any

import pytest
from django.test import Client

from console.ledgers.models import Ledger
from console.organizations import scope
from console.organizations.models import Organization, Role, Staff
from console.portfolios.models import Account
from segments.assigned.assigning import assign
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    LedgerFactory,
    PortfolioFactory,
    StaffFactory,
)
from tests.money import book
from tests.pages import words

pytestmark = pytest.mark.django_db
STATUS = {"status": "ACTIVE"}


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail", asset=None)
    AssetFactory(ledger=ledger, code="EUR")
    return ledger


@pytest.fixture
def client(olga: Staff) -> Client:
    return signed_in(olga)


def says(answer: Any) -> str:
    return words(answer.content.decode())


def page(client: Client, bank: Organization, at: str, *args: Any, **said: Any) -> Any:
    """What the page answers: asked for, or where something is said, sent."""
    url = bank.url(at, *args)
    return client.post(url, {**STATUS, **said}) if said else client.get(url)


def test_a_ledger_from_its_first_page_to_its_last(client: Client, nordbank: Organization) -> None:
    assert page(client, nordbank, "ledgers:ledger_create").status_code == 200
    said = {"name": "Savings", "metadata-key": "region", "metadata-kind": "text", "metadata-value": "north"}
    answer = page(client, nordbank, "ledgers:ledger_create", **said)
    ledger = nordbank.ledgers.get()
    assert answer["Location"] == ledger.get_absolute_url()
    assert (ledger.name, ledger.status, ledger.metadata) == ("Savings", "ACTIVE", {"region": "north"})
    page(
        client,
        nordbank,
        "ledgers:ledger_edit",
        ledger.pk,
        name="Savings",
        has_typed_accounts="on",
        status="PENDING",
    )
    ledger.refresh_from_db()
    assert (ledger.status, ledger.has_typed_accounts, ledger.metadata) == ("PENDING", True, {})
    assert "Delete ledger Savings" in says(page(client, nordbank, "ledgers:ledger_delete", ledger.pk))
    client.post(nordbank.url("ledgers:ledger_delete", ledger.pk))
    assert not nordbank.ledgers.exists()
    assert client.get(ledger.get_absolute_url()).status_code == 404


def test_an_asset_comes_with_its_external_account_and_goes_with_it(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    said = {"code": "CZK", "type": "currency", "name": "Czech koruna", "scale": "2"}
    page(client, nordbank, "portfolios:asset_create", retail.pk, **said)
    asset = retail.assets.get(code="CZK")
    external = Account.everything.get(alias="@external/CZK")
    assert external.ledger == retail
    assert "The world outside" in says(client.get(external.get_absolute_url()))
    assert external.get_absolute_url() in client.get(retail.get_absolute_url()).content.decode()
    sheet = says(client.get(nordbank.url("portfolios:account_edit", external.pk)))
    assert "This account is locked" in sheet
    page(client, nordbank, "portfolios:asset_edit", asset.pk, name="Koruna", scale="0")
    asset.refresh_from_db()
    assert (asset.code, asset.name, asset.scale) == ("CZK", "Koruna", 0)
    client.post(nordbank.url("portfolios:asset_delete", asset.pk))
    external.refresh_from_db()
    assert external.deleted_at
    assert not retail.assets.filter(code="CZK").exists()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"code": "eur2"}, "Code: Write letters only."),
        ({"code": "czk"}, "Code: Write it in capital letters."),
        ({"code": "QQQ"}, "“QQQ” is not a currency of ISO 4217."),
        ({"code": "EUR"}, "The ledger has an asset of this name or code already."),
        ({"code": ""}, "Code: Write the code."),
        ({"scale": "9"}, "from 0 to 8"),
    ],
)
def test_what_is_wrong_with_an_asset_stands_at_its_field(
    client: Client, nordbank: Organization, retail: Ledger, said: Any, fault: str
) -> None:
    whole = {"code": "CZK", "type": "currency", "name": "Koruna", "scale": "2", **said}
    answer = page(client, nordbank, "portfolios:asset_create", retail.pk, **whole)
    assert answer.status_code == 422
    assert fault in says(answer)
    assert 'value="Koruna"' in answer.content.decode()
    assert [asset.code for asset in retail.assets.all()] == ["EUR"]


def test_an_account_type_and_the_ledger_that_asks_for_one(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    Ledger.objects.update(has_typed_accounts=True)
    assert "no account type yet" in says(page(client, nordbank, "portfolios:account_create", retail.pk))
    page(client, nordbank, "portfolios:type_create", retail.pk, name="Savings", key_value="savings")
    again = page(client, nordbank, "portfolios:type_create", retail.pk, name="Other", key_value="savings")
    assert "has the key “savings” already" in says(again)
    wrong = page(client, nordbank, "portfolios:account_create", retail.pk, asset_code="EUR", type="deposit")
    assert wrong.status_code == 422
    page(client, nordbank, "portfolios:account_create", retail.pk, asset_code="EUR", type="savings")
    assert nordbank.accounts.get().name == "EUR savings account"
    kind = retail.account_types.get()
    assert "Accounts of it" in says(page(client, nordbank, "portfolios:type_delete", kind.pk))
    client.post(nordbank.url("portfolios:type_delete", kind.pk))
    assert not retail.account_types.exists()


def test_an_account_with_everything_that_can_be_said(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    portfolio = PortfolioFactory(ledger=retail, name="Praha", entity_id="E-7")
    parent = AccountFactory(organization=nordbank, ledger=retail, portfolio=portfolio)
    tag = a_tag(nordbank, retail)
    said = {
        "asset_code": "EUR", "type": "deposit", "alias": "@jana", "external_id": "CZ-1", "portfolio": portfolio.pk,
        "parent": parent.pk, "segment": tag.pk, "is_blocked": "on", "opened_on": "2026-11-20",
        "status_description": "new", "metadata-key": "vip", "metadata-kind": "yes", "metadata-value": "Yes",
    }  # fmt: skip
    page(client, nordbank, "portfolios:account_create", retail.pk, **said)
    account = nordbank.accounts.get(external_id="CZ-1")
    assert (account.name, account.alias, account.entity_id) == ("EUR deposit account", "@jana", "E-7")
    assert (account.portfolio, account.parent, account.is_blocked) == (portfolio, parent, True)
    assert account.metadata == {"vip": True}
    assert account.memberships.get(is_assigned=True).segment == tag
    answer = page(
        client, nordbank, "portfolios:account_edit", account.pk, name="Jana", portfolio="", alias="@other"
    )
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.name, account.portfolio, account.alias, account.is_blocked) == (
        "Jana",
        None,
        "@jana",
        False,
    )
    assert not account.memberships.exists()


def a_tag(bank: Organization, ledger: Ledger | None) -> Segment:
    return bank.segments.create(
        name="VIP", ledger=ledger, kind="assigned", population="accounts", member_count=0
    )


def test_a_portfolio_is_found_among_many_without_script(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    for number in range(30):
        PortfolioFactory(ledger=retail, name=f"Portfolio {number:02}")
    praha = PortfolioFactory(ledger=retail, name="Plzeň a Praha")
    PortfolioFactory(ledger=LedgerFactory(organization=nordbank), name="Praha elsewhere")
    said = {"asset_code": "EUR", "type": "deposit", "name": "Kept", "portfolio-q": "praha"}
    found = page(client, nordbank, "portfolios:account_create", retail.pk, **said, redraw="portfolio:find")
    assert found.status_code == 200
    assert str(praha.pk) in found.content.decode()
    assert "Praha elsewhere" not in says(found)
    assert 'value="Kept"' in found.content.decode()
    unchosen = page(client, nordbank, "portfolios:account_create", retail.pk, **said)
    assert "You looked for “praha” and chose none." in says(unchosen)
    foreign = PortfolioFactory()
    answer = page(client, nordbank, "portfolios:account_create", retail.pk, **said, portfolio=foreign.pk)
    assert "not there any more" in says(answer)
    page(client, nordbank, "portfolios:account_create", retail.pk, **said, portfolio=praha.pk)
    assert nordbank.accounts.get().portfolio == praha


def test_deleting_says_first_what_hangs_on_it(client: Client, nordbank: Organization, retail: Ledger) -> None:
    account = AccountFactory(organization=nordbank, ledger=retail)
    AccountHolderFactory(account=account)
    tag = a_tag(nordbank, retail)
    with scope.inside(nordbank):
        assign(nordbank, nordbank.accounts.all(), tag, at=NOW)
    book(account, [("2026-11-01", "12.50")])
    ledger = page(client, nordbank, "ledgers:ledger_delete", retail.pk)
    assert "The ledger has accounts. Delete them first." in says(ledger)
    assert "Delete ledger" not in ledger.content.decode().partition("<form")[2].partition("</form>")[0]
    asset = retail.assets.get()
    assert "Accounts are kept in this asset" in says(
        page(client, nordbank, "portfolios:asset_delete", asset.pk)
    )
    sheet = says(page(client, nordbank, "portfolios:account_delete", account.pk))
    assert "12.50 EUR" in sheet
    assert "An account can be deleted when its balance is zero." in sheet
    assert client.post(nordbank.url("portfolios:account_delete", account.pk)).status_code == 422
    book(account, [("2026-11-02", "-12.50")])
    client.post(nordbank.url("portfolios:account_delete", account.pk))
    account.refresh_from_db()
    assert account.deleted_at
    assert not account.holders.exists()
    tag.refresh_from_db()
    assert tag.member_count == 0


def test_a_portfolio_goes_and_its_accounts_stay(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    page(client, nordbank, "portfolios:portfolio_create", retail.pk, name="Praha", entity_id="E-7")
    portfolio = nordbank.portfolios.get()
    account = AccountFactory(organization=nordbank, ledger=retail, portfolio=portfolio)
    page(client, nordbank, "portfolios:portfolio_edit", portfolio.pk, name="Brno", entity_id="")
    portfolio.refresh_from_db()
    assert (portfolio.name, portfolio.entity_id) == ("Brno", "")
    assert "stay, and are in no portfolio" in says(
        page(client, nordbank, "portfolios:portfolio_delete", portfolio.pk)
    )
    client.post(nordbank.url("portfolios:portfolio_delete", portfolio.pk))
    account.refresh_from_db()
    assert account.portfolio is None


def test_a_new_account_asks_for_its_ledger_where_there_are_several(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    url = nordbank.url("portfolios:account_new")
    assert client.get(url)["Location"] == nordbank.url("portfolios:account_create", retail.pk)
    LedgerFactory(organization=nordbank, name="Savings")
    assert [name for name, _ in client.get(url).context["found"]] == ["Retail", "Savings"]
    assert [name for name, _ in client.get(url, {"q": "ret"}).context["found"]] == ["Retail"]
    client.get(nordbank.url("portfolios:account_list"), {"ledger": retail.pk})
    assert client.get(url)["Location"] == nordbank.url("portfolios:account_create", retail.pk)
    assert "another ledger" in says(client.get(url, follow=True))
    assert len(client.get(url, {"q": ""}).context["found"]) == 2


def test_what_somebody_else_changed_meanwhile_is_not_lost(
    client: Client, nordbank: Organization, retail: Ledger
) -> None:
    seen = retail.updated_at.isoformat()
    retail.name = "Theirs"
    retail.save()
    answer = page(client, nordbank, "ledgers:ledger_edit", retail.pk, name="Mine", seen=seen)
    assert answer.status_code == 422
    assert "while you were editing" in says(answer)
    assert 'value="Mine"' in answer.content.decode()
    now = answer.context["form"].seen
    assert page(client, nordbank, "ledgers:ledger_edit", retail.pk, name="Mine", seen=now).status_code == 302


@pytest.mark.parametrize("role", Role.values)
def test_who_may_not_edit_sees_the_pages_without_the_buttons(
    nordbank: Organization, retail: Ledger, role: str
) -> None:
    client = signed_in(StaffFactory(organization=nordbank, role=role))
    account = AccountFactory(organization=nordbank, ledger=retail)
    may = role in (Role.OPERATOR, Role.ADMIN)
    for url in (retail.get_absolute_url(), account.get_absolute_url(), nordbank.url("ledgers:ledger_list")):
        assert ("data-sheet" in client.get(url).content.decode()) == may
    assert client.get(nordbank.url("ledgers:ledger_create")).status_code == (200 if may else 403)


def test_a_sheet_is_the_form_alone_and_leads_on_when_it_is_kept(
    client: Client, nordbank: Organization
) -> None:
    url = nordbank.url("ledgers:ledger_create")
    sheet: Any = {"HX-Request": "true", "HX-Target": "sheet"}
    form = client.get(url, headers=sheet).content.decode()
    assert "<html" not in form
    assert 'hx-target="#sheet"' in form
    assert client.post(url, {"name": ""}, headers=sheet).status_code == 422
    kept = client.post(url, {"name": "Retail", **STATUS}, headers=sheet)
    assert kept["HX-Redirect"] == nordbank.ledgers.get().get_absolute_url()
