"""A customer with very many contacts, payment methods, links or monitors: the page stays short and loses nobody."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from console.billing.models import MonitorReading
from console.billing.portions import SHOWN
from console.customers.models import Customer
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    ConnectorFactory,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    MonitorFactory,
    PaymentMethodFactory,
)

MANY = 2 * SHOWN + 5


@pytest.fixture
def jana(alice: Any) -> Customer:
    found: Customer = CustomerFactory(organization=alice.organization, external_id="JANA")
    return found


@pytest.fixture
def shown(alice: Any, jana: Customer) -> Callable[[str], str]:
    """The page of her billing at an address of its own."""
    client: Client = signed_in(alice)
    url = jana.organization.url("billing:customer_billing", jana.pk)
    return lambda query: client.get(url + query).text


def contacts(customer: Customer) -> None:
    for n in range(MANY):
        ContactFactory(customer=customer, email=f"row-{n:02}@mail.example")


def links(customer: Customer) -> None:
    for n in range(MANY):
        connector = ConnectorFactory(organization=customer.organization, name=f"Sys {n % 3} {n}")
        ConnectorLinkFactory(customer=customer, connector=connector, reference=f"row-{n:02}")


def monitors(customer: Customer) -> None:
    for n in range(MANY):
        monitor = MonitorFactory(organization=customer.organization, name=f"row-{n:02}")
        MonitorReading.objects.create(
            organization=customer.organization,
            monitor=monitor,
            customer=customer,
            value=n,
            state="holds",
            since=NOW,
        )


@pytest.mark.parametrize("fill", [contacts, links, monitors])
def test_each_stands_on_one_of_the_pages(
    jana: Customer, shown: Callable[[str], str], fill: Callable[[Customer], None]
) -> None:
    fill(jana)
    found: list[str] = []
    query = "?other=stays"
    for size in (SHOWN, SHOWN, 5):
        page = shown(query)
        here = list(dict.fromkeys(re.findall(r"row-\d\d", page)))
        assert len(here) == size
        found += here
        onward = re.search(rf'href="(\?[^"#]*{fill.__name__}=[^"#]*)#{fill.__name__}">More', page)
        assert bool(onward) == (size == SHOWN)
        assert (f'#{fill.__name__}">First' in page) == (query != "?other=stays")
        query = onward[1].replace("&amp;", "&") if onward else query
    assert "other=stays" in query
    assert sorted(found) == [f"row-{n:02}" for n in range(MANY)]


def test_the_rest_of_the_payment_methods_is_in_the_list_of_them_all(
    jana: Customer, shown: Callable[[str], str]
) -> None:
    for n in range(SHOWN + 1):
        assert "There are more" not in shown("")
        PaymentMethodFactory(customer=jana, external_id=f"M{n}")
    assert re.search(r'There are more: <a href="[^"]*methods/\?q=JANA"', shown(""))


@pytest.mark.parametrize(
    "place", ["nonsense", "00000000-0000-4000-8000-000000000000", "", "1' or 1=1", "%00"]
)
def test_a_place_that_is_none_is_the_beginning(
    jana: Customer, shown: Callable[[str], str], place: str
) -> None:
    contacts(jana)
    page = shown(f"?contacts={place}&links={place}&monitors={place}")
    assert "row-00" in page
    assert "First contacts" not in page


def test_a_contact_of_somebody_else_is_no_place(jana: Customer, shown: Callable[[str], str]) -> None:
    contacts(jana)
    other = ContactFactory(email="other@mail.example")
    assert "row-00" in shown(f"?contacts={other.pk}")
