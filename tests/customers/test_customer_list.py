"""The customers list: who is in it, found how, in which order, with which columns, and as a file."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from console.customers.filtersets import MORE
from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.customers.files import export_of
from tests.factories import AccountHolderFactory, CustomerFactory
from tests.pages import names, queries, rows

LIST = "/o/nordbank/customers/"
EXPORT = f"{LIST}export/"


@pytest.fixture
def people(nordbank: Organization) -> None:
    def make(name: str, **fields: Any) -> None:
        CustomerFactory(organization=nordbank, name=name, **fields)

    make("Tomáš Říha", external_id="R-1", email="tomas@mail.example", country="CZ", products=["mortgage"])
    make("jana riha", external_id="R-2", country="DE", custom_data={"tier": "gold", "visits": 1204})
    make("Zahn GmbH", external_id="Z-1", kind="business", country="DE", products=["mortgage", "card"])
    make("Łukasz Wójcik", external_id="W-1", country="PL", created_at=datetime(2020, 5, 1, tzinfo=UTC))


@pytest.fixture
def client(people: None, olga: Staff) -> Client:
    return signed_in(olga)


def test_names_are_ordered_as_people_read_them(client: Client) -> None:
    assert names(client, LIST) == ["jana riha", "Łukasz Wójcik", "Tomáš Říha", "Zahn GmbH"]
    assert names(client, LIST, sort="-name") == ["Zahn GmbH", "Tomáš Říha", "Łukasz Wójcik", "jana riha"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("created", "Łukasz Wójcik"),
        ("country", "Tomáš Říha"),
        ("-external_id", "Zahn GmbH"),
        ("nonsense", "jana riha"),
    ],
)
def test_the_list_is_ordered_as_asked(client: Client, sort: str, first: str) -> None:
    assert names(client, LIST, sort=sort)[0] == first


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "riha"}, ["jana riha", "Tomáš Říha"]),
        ({"q": "ŘÍHA tom"}, ["Tomáš Říha"]),
        ({"q": "lukasz"}, ["Łukasz Wójcik"]),
        ({"q": "R-"}, ["jana riha", "Tomáš Říha"]),
        ({"q": "TOMAS@mail"}, ["Tomáš Říha"]),
        ({"q": "ja"}, ["jana riha"]),
        ({"q": "%"}, []),
        ({"kind": "business"}, ["Zahn GmbH"]),
        ({"country": "DE"}, ["jana riha", "Zahn GmbH"]),
        ({"product": "mortgage"}, ["Tomáš Říha", "Zahn GmbH"]),
        ({"product": "mortgage", "country": "DE"}, ["Zahn GmbH"]),
        ({"since": "2020-05-01"}, ["jana riha", "Łukasz Wójcik", "Tomáš Říha", "Zahn GmbH"]),
        ({"since": "2020-05-02"}, ["jana riha", "Tomáš Říha", "Zahn GmbH"]),
    ],
)
def test_filters_find(client: Client, filters: dict[str, str], found: list[str]) -> None:
    assert names(client, LIST, **filters) == found


def test_customers_are_found_by_their_role_on_accounts(client: Client, nordbank: Organization) -> None:
    owner, user = (nordbank.customers.get(external_id=one) for one in ("Z-1", "W-1"))
    for _ in range(2):
        holding = AccountHolderFactory(organization=nordbank, account__organization=nordbank, customer=owner)
    AccountHolderFactory(
        organization=nordbank, account=holding.account, customer=user, role="authorised user"
    )
    assert names(client, LIST, role="owner") == ["Zahn GmbH"]
    assert names(client, LIST, role="authorised user") == ["Łukasz Wójcik"]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"since": "yesterday"}, "Write a date such as 2026-11-22"),
        ({"country": "XX"}, "“XX” is not among the choices"),
        ({"kind": "ghost"}, "“ghost” is not among the choices"),
        ({"q": "a\x00b"}, "There is a character in it that can’t be kept"),
    ],
)
def test_a_filter_that_cannot_be_read_shows_its_fault_and_nobody(
    client: Client, filters: dict[str, str], words: str
) -> None:
    page = client.get(LIST, filters).content.decode()
    assert words in page
    assert "Tomáš" not in page
    assert "to put right" in page


def test_filters_stand_as_chips_that_take_them_off(client: Client) -> None:
    page = client.get(LIST, {"country": "DE", "kind": "business", "sort": "-name"}).content.decode()
    assert 'href="?country=DE&amp;sort=-name" aria-label="Remove filter Kind Business"' in page
    assert 'href="?sort=-name">Clear all' in page


def test_nothing_found_says_so_and_how_to_go_on(client: Client) -> None:
    assert "Nothing matches" in client.get(LIST, {"q": "nobody"}).content.decode()


def test_an_empty_list_says_where_customers_come_from(olga: Staff) -> None:
    page = signed_in(olga).get(LIST).content.decode()
    assert "No customers yet" in page
    assert "Customers come from a file of your core system" in page


def test_columns_are_chosen_in_the_address_and_remembered(client: Client, nordbank: Organization) -> None:
    for key, kind, label in [("tier", "text", "Loyalty tier"), ("visits", "number", "")]:
        Attribute.objects.create(organization=nordbank, entity="customers", key=key, type=kind, label=label)
    Attribute.objects.create(organization=nordbank, entity="accounts", key="limit", type="number")
    chosen = {"columns": ["", "data.tier", "data.visits", "data.limit", "nonsense"], "q": "jana"}
    assert rows(client, LIST, **chosen) == [["jana riha", "gold", "1,204"]]
    assert rows(client, LIST, q="jana") == [["jana riha", "gold", "1,204"]]
    assert rows(client, LIST, q="jana", columns="") == [["jana riha"]]
    assert "Loyalty tier" in client.get(LIST).content.decode()


def test_htmx_gets_the_rows_alone_and_a_history_restore_the_page(client: Client) -> None:
    part = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "customer-rows"}).content.decode()
    assert part.lstrip().startswith('<div id="customer-rows"')
    assert "<html" in client.get(LIST, headers={"HX-Request": "true"}).content.decode()


def test_other_banks_customers_are_not_in_the_list(client: Client) -> None:
    CustomerFactory(name="Foreigner")
    assert "Foreigner" not in names(client, LIST)


def test_the_list_takes_as_many_queries_for_three_as_for_one(nordbank: Organization, olga: Staff) -> None:
    CustomerFactory(organization=nordbank)
    one = queries(signed_in(olga), LIST)
    CustomerFactory.create_batch(2, organization=nordbank, country="DE", kind="business")
    assert queries(signed_in(olga), LIST) == one


def exported(staff: Staff, **data: Any) -> list[list[str]]:
    """What is in the file that was asked for and approved."""
    return list(csv.reader(io.StringIO(export_of(staff, **data))))


def test_the_export_has_the_list_s_filters_columns_and_order(people: None, olga: Staff) -> None:
    got = exported(olga, columns=["", "external_id", "country"], country="DE", sort="-name")
    assert [row[1:] for row in got] == [
        ["Name", "External id", "Country"],
        ["Zahn GmbH", "Z-1", "DE"],
        ["jana riha", "R-2", "DE"],
    ]


def test_a_file_knows_customers_by_their_opaque_ids(
    people: None, nordbank: Organization, olga: Staff
) -> None:
    opaque = {str(one) for one in nordbank.customers.values_list("opaque_id", flat=True)}
    head, *rows = exported(olga)
    assert head[0] == "Opaque id"
    assert {row[0] for row in rows} == opaque
    inner = {str(pk) for pk in nordbank.customers.values_list("pk", flat=True)}
    assert not inner & {cell for row in rows for cell in row}


def test_the_export_has_no_cell_that_a_spreadsheet_would_run(nordbank: Organization, olga: Staff) -> None:
    for number, name in enumerate(
        ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", " =2", '=HYPERLINK("http://x")', "fine"]
    ):
        CustomerFactory(organization=nordbank, name=name, external_id=f"N{number}")
    cells = [row[1] for row in exported(olga, columns="", sort="external_id")[1:]]
    assert cells == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "' =2", '\'=HYPERLINK("http://x")', "fine"]


def test_exporting_needs_the_permission(vera: Staff, olga: Staff) -> None:
    assert signed_in(vera).get(EXPORT).status_code == 403
    assert "Ask for an export" not in signed_in(vera).get(LIST).content.decode()
    assert "Ask for an export" in signed_in(olga).get(LIST).content.decode()


@pytest.mark.parametrize("url", [LIST, EXPORT])
def test_the_wall_holds(people: None, charlie: Staff, olga: Staff, url: str) -> None:
    assert signed_in(charlie).get(url).status_code == 404
    assert signed_in(olga).put(url).status_code == 405
    assert Client().get(url).status_code == 302


def test_apps_above_add_filters_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django_filters import CharFilter

    monkeypatch.setitem(MORE, "called", lambda request, asked: CharFilter(field_name="name", label="Called"))
    assert names(client, LIST, called="Zahn GmbH") == ["Zahn GmbH"]


def test_selects_are_offered_without_words_beside_them(client: Client) -> None:
    page = client.get(LIST, {"country": "DE"}).content.decode()
    assert '<label class="visually-hidden" for="id_country">Country</label>' in page
    assert '<option value="DE" selected>DE</option>' in page
    assert '<option value="">Any country</option>' in page
