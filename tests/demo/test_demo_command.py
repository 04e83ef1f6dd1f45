"""bin/manage demo: the same bank each time, once only, gone on request, and never anybody else's."""

import hashlib
from typing import Any

import pytest
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from console.demo import bank, loading
from console.organizations.models import Organization, Role, User
from tests.demo.conftest import demo
from tests.factories import CustomerFactory, OrganizationFactory, TransactionFactory

CONTENT = {
    "customers": (
        "external_id",
        "opaque_id",
        "name",
        "email",
        "phone",
        "custom_data",
        "products",
        "created_at",
    ),
    "accounts": ("id", "external_id", "name", "type", "asset_code", "status", "metadata", "opened_on"),
    "account_holders": ("account_id", "customer_id", "role"),
    "transactions": (
        "external_id",
        "account_id",
        "booked_on",
        "direction",
        "amount",
        "purpose",
        "counterparty",
    ),
    "daily_balances": ("account_id", "day", "ledger", "cum"),
}


def content() -> dict[str, str]:
    """A digest of what the bank holds, by kind of row."""
    organization = Organization.objects.get(slug=bank.SLUG)
    kinds = {
        name: getattr(organization, name).order_by(*keys[:2]).values_list(*keys)
        for name, keys in CONTENT.items()
    }
    return {name: hashlib.sha256(repr(list(rows)).encode()).hexdigest() for name, rows in kinds.items()}


@pytest.mark.django_db
def test_two_loads_for_the_same_day_hold_the_same_bank() -> None:
    demo(customers=60)
    first = content()
    demo(customers=60, reset=True)
    assert content() == first


@pytest.mark.django_db
def test_a_second_run_says_that_it_is_there_and_changes_nothing() -> None:
    demo(customers=40)
    first = content()
    assert "The demo bank is there, with 40 customers." in demo(customers=40)
    assert "The demo bank is there" in demo(customers=40, as_of=None)
    assert content() == first


@pytest.mark.django_db
def test_it_says_who_signs_in_and_the_password_opens(settings: Any, client: Client) -> None:
    settings.IS_DEMO = True
    said = demo(customers=2)
    assert "ingrid@demo.tranche.example" in said
    for person in bank.PEOPLE:
        assert len(person.password) >= 15
        assert person.password in said
    ingrid = bank.PEOPLE[1]
    answer = client.post(reverse("account_login"), {"login": ingrid.email, "password": ingrid.password})
    assert answer.status_code == 302
    assert {staff.role for staff in Organization.objects.get(slug="nordbank").staff.all()} == set(Role.values)


@pytest.mark.django_db
def test_known_passwords_open_nothing_on_a_real_installation(settings: Any, client: Client) -> None:
    settings.IS_DEMO = settings.DEBUG = False
    said = demo(customers=2)
    ingrid = bank.PEOPLE[1]
    assert ingrid.password not in said
    assert "no known passwords" in said
    assert not client.login(username=ingrid.email, password=ingrid.password)


@pytest.mark.django_db
def test_reset_takes_the_demo_bank_and_nothing_else() -> None:
    theirs = TransactionFactory(organization=OrganizationFactory(slug="southbank"))
    CustomerFactory(organization=theirs.organization)
    demo(customers=20)
    demo(customers=6, reset=True)
    assert Organization.objects.get(slug="nordbank").customers.count() == 6
    assert theirs.organization.customers.count() == 1
    assert theirs.organization.transactions.count() == 1
    assert User.objects.filter(email__endswith="@demo.tranche.example").count() == len(bank.PEOPLE)


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{}, {"reset": True}])
def test_a_real_bank_of_that_name_is_left_alone(options: dict[str, Any]) -> None:
    real = OrganizationFactory(slug="nordbank")
    CustomerFactory(organization=real)
    with pytest.raises(CommandError, match="is not the demo bank"):
        demo(**options)
    assert real.customers.count() == 1


@pytest.mark.django_db
def test_a_number_too_small_is_refused() -> None:
    with pytest.raises(CommandError, match="2 or more"):
        demo(customers=1)


@pytest.mark.django_db
def test_a_load_for_another_number_is_refused_with_the_way_out() -> None:
    demo(customers=10)
    with pytest.raises(CommandError, match="--reset"):
        demo(customers=30)


@pytest.mark.django_db(transaction=True)
def test_a_stopped_load_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "RUN", 20)
    whole, load_run = 60, loading._load_run

    def dies_at_the_second(cursor: Any, plan: loading.Plan, first: int, last: int) -> None:
        load_run(cursor, plan, first, last)
        if first == 21:
            raise ConnectionError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_load_run", dies_at_the_second)
        with pytest.raises(ConnectionError):
            demo(customers=whole)
    organization = Organization.objects.get(slug="nordbank")
    assert organization.customers.count() == 20
    assert "40 of 40 customers" in demo(customers=whole)
    assert organization.customers.count() == whole


@pytest.mark.django_db(transaction=True)
def test_two_connections_load_the_same_bank_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "RUN", 20)
    demo(customers=80, workers=1)
    first = content()
    demo(customers=80, workers=2, reset=True)
    assert content() == first
