"""A segment begun from the filters of a list, or ready made: the builder opens with rules that mean the same."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from segments import definition
from segments.builder.tree import plain
from segments.models import Draft, Segment
from segments.starting.ready_made import ALL, ReadyMade
from tests.conftest import signed_in
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    LedgerFactory,
    PortfolioFactory,
    SegmentFactory,
)
from tests.money import book
from tests.pages import queries
from tests.segments.pages import Builder

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 3, 1, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def client(alice: Staff) -> Client:
    return signed_in(alice)


@pytest.fixture
def people(nordbank: Organization) -> list[Any]:
    said: list[dict[str, Any]] = [
        {
            "name": "Jana Dvořáková",
            "country": "CZ",
            "products": ["overdraft_protection"],
            "external_id": "P-1",
        },
        {"name": "Łukasz Wójcik", "country": "PL", "kind": "business", "external_id": "P-2"},
        {"name": "Jan Li", "country": "CZ", "external_id": "Q-1", "created_at": SINCE - timedelta(days=1)},
    ]
    return [CustomerFactory(organization=nordbank, **one) for one in said]


@pytest.fixture
def accounts(nordbank: Organization, people: list[Any]) -> list[Account]:
    """Three accounts in two ledgers: held by Jana, blocked and overdrawn, and closed in a portfolio."""
    retail, desk = (LedgerFactory(organization=nordbank, name=name) for name in ("Retail", "Desk"))
    held = AccountFactory(
        organization=nordbank, ledger=retail, external_id="A-1", alias="@rent", type="deposit"
    )
    AccountHolderFactory(account=held, customer=people[0], role="owner")
    overdrawn = AccountFactory(
        organization=nordbank, ledger=desk, external_id="A-2", is_blocked=True, type="card"
    )
    book(overdrawn, [("2026-05-01", "-10.00")])
    put_away = PortfolioFactory(organization=nordbank, ledger=desk, name="Put away")
    closed = AccountFactory(
        organization=nordbank,
        ledger=desk,
        external_id="B-1",
        portfolio=put_away,
        status="CLOSED",
        opened_on=date(2025, 1, 1),
        name="Old savings",
    )
    return [held, overdrawn, closed]


def begun(client: Client, organization: Organization, **asked: Any) -> Builder:
    """The builder as the link of a list opens it."""
    return Builder(client, f"{organization.url('segments:segment_create')}?{urlencode(asked)}")


def saved(builder: Builder, organization: Organization) -> Segment:
    """The segment that the page makes when it is given a name and saved as it stands."""
    builder.press("save", name="Begun")
    segment: Segment = organization.segments.select_related("version").get(name="Begun")
    return segment


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "jan"}, ["P-1", "Q-1"]),
        ({"q": "dvorakova jana"}, ["P-1"]),
        ({"q": "Q-"}, ["Q-1"]),
        ({"kind": "business"}, ["P-2"]),
        ({"country": "CZ", "since": "2026-03-01"}, ["P-1"]),
        ({"product": "overdraft_protection"}, ["P-1"]),
        ({"role": "owner"}, ["P-1"]),
    ],
)
def test_customers_in_the_list_are_customers_in_the_segment(
    client: Client, nordbank: Organization, accounts: Any, asked: dict[str, str], found: list[str]
) -> None:
    segment = saved(begun(client, nordbank, **asked, **{"from": "customers"}), nordbank)
    members = nordbank.customers.filter(pk__in=segment.matching(timezone.now()).draw(9))
    assert sorted(members.values_list("external_id", flat=True)) == found
    listed = client.get(nordbank.url("customers:customer_list"), asked).content.decode()
    assert [number for number in ("P-1", "P-2", "Q-1") if f">{number}<" in listed] == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "dvořák"}, ["A-1"]),
        ({"q": "@re"}, ["A-1"]),
        ({"q": "savings"}, ["B-1"]),
        ({"type": "card"}, ["A-2"]),
        ({"currency": "EUR", "state": "CLOSED"}, ["B-1"]),
        ({"state": "blocked"}, ["A-2"]),
        ({"state": "overdrawn"}, ["A-2"]),
        ({"opened": "2026-01-01"}, ["A-1", "A-2"]),
        ({"opened_until": "2025-12-31"}, ["B-1"]),
        ({"least": "-5"}, ["A-1", "B-1"]),
        ({"most": "-5"}, ["A-2"]),
        ({"least": "-20", "most": "-1", "currency": "EUR"}, ["A-2"]),
        ({"ledger": "Desk"}, ["A-2", "B-1"]),
        ({"portfolio": "Put away"}, ["B-1"]),
    ],
)
def test_accounts_in_the_list_are_accounts_in_the_segment(
    client: Client, nordbank: Organization, accounts: list[Account], asked: dict[str, str], found: list[str]
) -> None:
    for name, rows in (("ledger", nordbank.ledgers), ("portfolio", nordbank.portfolios)):
        if name in asked:
            asked = {**asked, name: str(rows.get(name=asked[name]).pk)}
    segment = saved(begun(client, nordbank, **asked, **{"from": "accounts"}), nordbank)
    members = nordbank.accounts.filter(pk__in=segment.matching(timezone.now()).draw(9))
    assert sorted(members.values_list("external_id", flat=True)) == found
    listed = client.get(nordbank.url("portfolios:account_list"), asked).content.decode()
    assert [number for number in ("A-1", "A-2", "B-1") if f">{number}<" in listed] == found


@pytest.mark.parametrize(("asked", "found"), [("Jana Dvořáková", ["P-1"]), ("jan", []), ("Q-", ["Q-1"])])
def test_masked_eyes_find_whole_names_only(
    bob: Staff, nordbank: Organization, people: Any, asked: str, found: list[str]
) -> None:
    segment = saved(begun(signed_in(bob), nordbank, q=asked, **{"from": "customers"}), nordbank)
    members = nordbank.customers.filter(pk__in=segment.matching(timezone.now()).draw(9))
    assert list(members.values_list("external_id", flat=True)) == found


def test_members_of_a_segment_are_a_filter_and_a_rule(client: Client, nordbank: Organization) -> None:
    czech = SegmentFactory(organization=nordbank, name="Czech")
    builder = begun(client, nordbank, segment=czech.pk, **{"from": "customers"})
    assert saved(builder, nordbank).version.definition["rules"] == [  # type: ignore[union-attr]  # it was saved
        {"field": "segment", "operator": "in", "value": [str(czech.pk)]}
    ]


def test_the_list_offers_it_once_something_is_filtered(
    client: Client, nordbank: Organization, people: Any
) -> None:
    address = nordbank.url("customers:customer_list")
    assert b"Save as a segment" not in client.get(address).content
    page = client.get(address, {"country": "CZ"}).content.decode()
    assert f"{nordbank.url('segments:segment_create')}?country=CZ&amp;from=customers" in page


def test_who_may_not_edit_segments_is_not_offered_it(
    nordbank: Organization, vera: Staff, people: Any
) -> None:
    page = signed_in(vera).get(nordbank.url("customers:customer_list"), {"country": "CZ"})
    assert b"Save as a segment" not in page.content


def test_looking_keeps_no_draft_and_typing_does(client: Client, nordbank: Organization, people: Any) -> None:
    builder = begun(client, nordbank, country="CZ", **{"from": "customers"})
    client.post(nordbank.url("segments:preview"), {**builder.fields, "op": "typed"})
    assert not Draft.objects.exists()
    client.post(
        nordbank.url("segments:preview"), {**builder.fields, "op": "typed", "q/rules/0/value/0": "PL"}
    )
    (draft,) = Draft.objects.all()
    assert draft.definition["rules"][0]["value"] == "PL"


@pytest.mark.parametrize(
    "asked", [{"from": "nothing"}, {"ready": "nothing"}, {"from": "customers", "country": "XX"}]
)
def test_what_can_not_be_read_begins_empty(
    client: Client, nordbank: Organization, asked: dict[str, str]
) -> None:
    assert begun(client, nordbank, **asked).fields["q/rules/0/field"] == ""


def test_the_ready_made_ones_look_up_the_catalogue_once(
    client: Client, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = nordbank.url("segments:ready_made_list")
    all_of_them = queries(client, url)
    monkeypatch.setattr(
        "segments.starting.views.ALL", ALL[:1] + ALL[2:3]
    )  # customers, and accounts with rows
    assert (
        all_of_them - queries(client, url) <= 3
    )  # of invoices and payment methods, and whether there is a birth date


@pytest.mark.parametrize("ready", ALL, ids=lambda ready: ready.key)
def test_a_ready_made_segment_opens_as_its_card_says(
    client: Client, nordbank: Organization, ready: ReadyMade
) -> None:
    if ready.needs:
        nordbank.attributes.create(entity="customers", key=ready.needs, type="date")
    page = client.get(nordbank.url("segments:ready_made_list"))
    assert ready.name in page.content.decode()
    sent = client.get(nordbank.url("segments:ready_made_list"), {"ready": ready.key, **ready.usual()})
    builder = Builder(client, sent["Location"])
    assert builder.fields["name"] == ready.name
    builder.press("save")
    segment = nordbank.segments.select_related("version").get(name=ready.name)
    assert segment.population == ready.population
    usual = ready.form(ready.usual(), nordbank)
    assert usual.is_valid()
    assert plain(segment.version.definition) == plain(ready.definition(usual.cleaned_data))


def test_birthdays_are_offered_once_the_bank_keeps_them(client: Client, nordbank: Organization) -> None:
    page = client.get(nordbank.url("segments:ready_made_list"), {"ready": "birthday", "ahead": "0"})
    assert page.status_code == 200
    assert "It needs the attribute" in page.content.decode()
    nordbank.attributes.create(entity="customers", key="birth_date", type="date")
    assert (
        "It needs the attribute" not in client.get(nordbank.url("segments:ready_made_list")).content.decode()
    )


def test_a_birthday_comes_round_over_the_turn_of_the_year(nordbank: Organization) -> None:
    nordbank.attributes.create(entity="customers", key="birth_date", type="date")
    for born in ("1990-11-30", "1990-01-02", "1990-10-31", "not a day", "19900-1-2"):
        CustomerFactory(organization=nordbank, external_id=born, custom_data={"birth_date": born})
    birthday = next(one for one in ALL if one.key == "birthday")
    at = datetime(2026, 11, 22, tzinfo=timezone.get_default_timezone())
    found = {}
    for ahead in (0, 2, 11):
        node = definition.parse(birthday.definition({"ahead": ahead}), "customers", nordbank)
        ids = definition.ids(node, nordbank, at).draw(9)
        found[ahead] = set(nordbank.customers.filter(pk__in=ids).values_list("external_id", flat=True))
    assert found == {
        0: {"1990-11-30"},
        2: {"1990-11-30", "1990-01-02"},
        11: {"1990-11-30", "1990-01-02", "1990-10-31"},
    }


def test_figures_that_can_not_be_read_say_so_at_their_card(client: Client, nordbank: Organization) -> None:
    asked = {"ready": "high-balance", "amount": "1.000,0"}
    page = client.get(nordbank.url("segments:ready_made_list"), asked)
    assert page.status_code == 422
    assert page.content.decode().count("Write an amount such as 1,000.00.") == 1
    assert "1.000,0" in page.content.decode()


def test_dormant_accounts_are_open_active_and_still(nordbank: Organization) -> None:
    still, moved, fresh = (
        AccountFactory(organization=nordbank, opened_on=date(2020, 1, 1)) for _ in range(3)
    )
    Account.objects.filter(pk=fresh.pk).update(opened_on=timezone.localdate())
    book(still, [("2024-05-01", "10.00")])
    book(moved, [(timezone.localdate().isoformat(), "10.00")])
    dormant = next(one for one in ALL if one.key == "dormant")
    node = definition.parse(dormant.definition({"days": 365}), "accounts", nordbank)
    assert definition.ids(node, nordbank, timezone.now()).draw(9) == [still.pk]


def test_a_balance_in_one_currency_is_none_in_another(
    client: Client, nordbank: Organization, accounts: list[Account]
) -> None:
    AssetFactory(ledger=accounts[0].ledger, code="CZK")
    segment = saved(begun(client, nordbank, least="-5", **{"from": "accounts"}), nordbank)
    members = nordbank.accounts.filter(pk__in=segment.matching(timezone.now()).draw(9))
    assert sorted(members.values_list("external_id", flat=True)) == ["A-1", "B-1"]
