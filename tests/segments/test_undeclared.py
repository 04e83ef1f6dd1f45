"""Keys that records carry and nobody declared: which are offered, as what, to whom, and at what cost."""

from datetime import date
from unittest import mock

import pytest
from django.test import Client

from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import AccountFactory, CustomerFactory, TransactionFactory
from tests.pages import queries, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(alice: Staff) -> Client:
    return signed_in(alice)


def declared(bank: Organization, key: str, type: str = "text") -> Attribute:
    made: Attribute = bank.attributes.create(entity="customers", key=key, type=type)
    return made


def at(bank: Organization, name: str = "attribute_list") -> str:
    return bank.url(f"attributes:{name}")


def found_in(client: Client, bank: Organization) -> list[list[str]]:
    return [row[:4] for row in rows(client, at(bank, "attribute_undeclared"))]


def test_keys_that_nobody_declared_are_offered_with_the_type_that_they_look_like(
    admin: Client, nordbank: Organization
) -> None:
    declared(nordbank, "tier")
    for n, born in enumerate(("1961-02-03", "1999-12-31", "unknown")):
        data = {"tier": "Gold", "points": n, "is_vip": True, "joined_on": "2024-01-02", "born": born}
        address = {"address": {"city": "Brno", "lines": ["a", "b"]}, "Město": "Praha", "gone": None}
        CustomerFactory(organization=nordbank, custom_data=data | (address if n == 0 else {}))
    CustomerFactory(custom_data={"of_another_bank": 1})
    account = AccountFactory(organization=nordbank, metadata={"branch": "Brno"})
    TransactionFactory(account=account, metadata={"shop": "Tesco"})
    assert found_in(admin, nordbank) == [
        ["born", "Customers", "Text", "3 of 3"],
        ["is_vip", "Customers", "Yes or no", "3 of 3"],
        ["joined_on", "Customers", "Date", "3 of 3"],
        ["points", "Customers", "Number", "3 of 3"],
        ["Město", "Customers", "Text", "1 of 3"],
        ["address.city", "Customers", "Text", "1 of 3"],
        ["branch", "Accounts", "Text", "1 of 1"],
        ["shop", "Transactions", "Text", "1 of 1"],
    ]
    page = admin.get(at(nordbank, "attribute_undeclared")).content.decode()
    assert not [value for value in ("Brno", "1999-12-31", "Tesco", "Praha") if value in page]
    assert page.count("Can’t be declared") == 1
    form = f"{at(nordbank, 'attribute_create')}?entity=customers&amp;key=points&amp;type=number"
    assert form in page
    declared(nordbank, "points", "number")
    assert form not in admin.get(at(nordbank, "attribute_undeclared")).content.decode()


def test_of_an_account_the_latest_are_looked_at_beside_what_files_brought(
    admin: Client, nordbank: Organization
) -> None:
    account = AccountFactory(organization=nordbank)
    for n in range(8):
        TransactionFactory(account=account, booked_on=date(2026, 11, n + 1), metadata={f"of_day_{n + 1}": n})
    with mock.patch("segments.attributes.undeclared.MOST", 1):
        assert [key for key, *_ in found_in(admin, nordbank)] == [f"of_day_{n}" for n in range(4, 9)]


def test_it_looks_at_as_many_however_many_there_are(admin: Client, nordbank: Organization) -> None:
    for n in range(8):
        CustomerFactory(organization=nordbank, custom_data={"points": n})
    with mock.patch("segments.attributes.undeclared.MOST", 5):
        [[*_, number]] = found_in(admin, nordbank)
    assert int(number.split(" of ")[1]) < 8
    few = queries(admin, at(nordbank, "attribute_undeclared"))
    CustomerFactory(organization=nordbank, custom_data={f"key{n}": n for n in range(90)})
    assert queries(admin, at(nordbank, "attribute_undeclared")) == few
    assert len(found_in(admin, nordbank)) == 50


def test_where_everything_is_declared_it_says_so_and_viewers_are_not_asked(
    admin: Client, vera: Staff, nordbank: Organization
) -> None:
    url = at(nordbank, "attribute_undeclared")
    assert "is declared." in admin.get(url).content.decode()
    assert url in admin.get(at(nordbank)).content.decode()
    assert url not in signed_in(vera).get(at(nordbank)).content.decode()
    assert signed_in(vera).get(url).status_code == 403
