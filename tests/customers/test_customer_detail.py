"""The page of a customer: who it is, what they hold, what happened last, and what the apps above say."""

import pytest
from django.test import Client

from console.customers.models import Attribute, Customer
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import AccountFactory, AccountHolderFactory, CustomerFactory, SegmentFactory
from tests.money import book
from tests.pages import queries, words


@pytest.fixture
def jana(nordbank: Organization) -> Customer:
    data = {
        "born": "1948-05-07",
        "tier": "gold",
        "income": 1049,
        "app": True,
        "address": {"city": "Brno"},
        "x": [1, 2],
    }
    jana: Customer = CustomerFactory(
        organization=nordbank, name="Jana Nováková", phone="+420 1", custom_data=data
    )
    for key, kind, label in [
        ("born", "date", "Born on"),
        ("income", "number", "Monthly income"),
        ("address.city", "text", "City"),
    ]:
        Attribute.objects.create(organization=nordbank, entity="customers", key=key, type=kind, label=label)
    return jana


def read(staff: Staff, customer: Customer) -> str:
    response = signed_in(staff).get(customer.get_absolute_url())
    assert response.status_code == 200
    return words(response.content.decode())


def test_the_profile_has_declared_data_by_its_name_and_the_rest_by_its_key(
    jana: Customer, olga: Staff
) -> None:
    page = read(olga, jana)
    for text in (
        "Jana Nováková",
        "+420 1",
        "Born on 7 May 1948",
        "Monthly income 1,049",
        "City Brno",
        "tier gold",
    ):
        assert text in page.replace("Born on7", "Born on 7").replace("income1", "income 1").replace(
            "CityB", "City B"
        ).replace("tierg", "tier g")


def test_accounts_stand_with_balances_and_own_ones_are_totalled_per_currency(
    jana: Customer, olga: Staff, nordbank: Organization
) -> None:
    mine, also, theirs, koruna = (AccountFactory(organization=nordbank) for _ in range(4))
    koruna.ledger.assets.create(organization=nordbank, code="CZK", name="CZK")
    koruna.asset_code = "CZK"
    koruna.save()
    for account, amount in [(mine, "100.50"), (also, "-200.25"), (theirs, "5000"), (koruna, "7000")]:
        role = "authorised user" if account is theirs else "owner"
        AccountHolderFactory(organization=nordbank, account=account, customer=jana, role=role)
        book(account, [("2026-11-01", amount)])
    page = read(olga, jana)
    assert "Total in EUR, own accounts−99.75EUR" in page
    assert "Total in CZK, own accounts7,000.00CZK" in page
    assert "Overdrawn" in page
    assert "Authorised user" in page


def test_the_latest_transactions_of_all_accounts_are_shown_newest_first(
    jana: Customer, olga: Staff, nordbank: Organization
) -> None:
    busy, quiet = (AccountFactory(organization=nordbank) for _ in range(2))
    for account in (busy, quiet):
        AccountHolderFactory(organization=nordbank, account=account, customer=jana)
    book(busy, [(f"2026-10-{day:02}", "1") for day in range(1, 21)], description="Coffee")
    book(quiet, [("2026-10-15", "-2000")], description="Rent")
    page = read(olga, jana)
    assert page.count("Coffee") == 9
    assert page.index("16 Oct 2026") < page.index("Rent") < page.index("14 Oct 2026")
    assert "10 Oct 2026" not in page


def test_who_holds_nothing_is_told_so(jana: Customer, olga: Staff) -> None:
    page = read(olga, jana)
    assert "No accounts" in page
    assert "Nothing was booked yet" in page


def test_a_customer_who_gets_no_messages_is_marked(jana: Customer, olga: Staff) -> None:
    Customer.objects.update(communications_enabled=False)
    assert "Messages to this customer are switched off" in read(olga, jana)


def test_parts_of_the_apps_above_are_loaded_from_their_own_pages(
    jana: Customer, olga: Staff, nordbank: Organization
) -> None:
    client: Client = signed_in(olga)
    page = client.get(jana.get_absolute_url()).content.decode()
    for name in ("segments:customer_segments", "communications:customer_messages", "alerts:customer_alerts"):
        url, region = nordbank.url(name, jana.pk), name.split(":")[1].replace("_", "-")
        assert f'href="{url}" hx-get="{url}" hx-trigger="load" hx-target="#{region}"' in page
        part = client.get(url, headers={"HX-Request": "true", "HX-Target": region})
        assert part.status_code == 200
        assert "<html" not in part.content.decode()
        assert f'id="{region}"' not in part.content.decode()


def test_the_page_takes_as_many_queries_with_three_accounts_as_with_one(
    jana: Customer, olga: Staff, nordbank: Organization
) -> None:
    def hold() -> None:
        account = AccountFactory(organization=nordbank)
        AccountHolderFactory(organization=nordbank, account=account, customer=jana)
        book(account, [("2026-11-01", "1")])

    hold()
    one = queries(signed_in(olga), jana.get_absolute_url())
    hold()
    hold()
    SegmentFactory(organization=nordbank)
    assert queries(signed_in(olga), jana.get_absolute_url()) == one


def test_the_wall_holds(jana: Customer, olga: Staff, charlie: Staff) -> None:
    foreign = CustomerFactory()
    assert signed_in(charlie).get(jana.get_absolute_url()).status_code == 404
    assert (
        signed_in(olga).get(jana.get_absolute_url().replace(str(jana.pk), str(foreign.pk))).status_code == 404
    )
    assert signed_in(olga).post(jana.get_absolute_url()).status_code == 405
