"""Links: entered, changed and removed on the customer's page and on the connector's, one a customer and connector."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from console.billing.models import Connector, ConnectorLink
from console.customers.models import Customer
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import ConnectorFactory, ConnectorLinkFactory, CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(alice: Staff) -> Client:
    return signed_in(alice)


@pytest.fixture
def jana(nordbank: Organization) -> Customer:
    made: Customer = CustomerFactory(organization=nordbank, name="Jana Nováková", external_id="C1")
    return made


@pytest.fixture
def stripe(nordbank: Organization) -> Connector:
    made: Connector = ConnectorFactory(organization=nordbank, name="Stripe")
    return made


def seen(page: Any) -> str:
    """What a form was drawn from."""
    return str(page.content.decode().partition('name="seen" value="')[2].partition('"')[0])


def test_a_customers_page_links_them_on_a_connector(
    client: Client, jana: Customer, stripe: Connector
) -> None:
    bank = jana.organization
    billing = bank.url("billing:customer_billing", jana.pk)
    page = client.get(billing).content.decode()
    create = bank.url("billing:link_create", jana.pk)
    assert "Known on none yet." in page
    assert create in page
    assert "Jana Nováková" in client.get(create).content.decode()
    said = {"system": str(stripe.pk), "reference": "cus_1", "connection": "linked"}
    response = client.post(create, said)
    assert response.headers["Location"] == billing
    link = jana.connector_links.get()
    assert (link.connector, link.reference, link.connection) == (stripe, "cus_1", "linked")
    assert "cus_1" in client.get(billing).content.decode()


def test_a_connectors_page_links_a_customer_on_it(client: Client, jana: Customer, stripe: Connector) -> None:
    bank, url = jana.organization, stripe.get_absolute_url()
    create = bank.url("billing:link_create_on", stripe.pk)
    assert create in client.get(url).content.decode()
    refused = client.post(create, {"reference": "cus_1", "connection": "linked"})
    assert (refused.status_code, "Choose the customer." in refused.content.decode()) == (422, True)
    said = {"whose": str(jana.pk), "reference": "cus_1", "connection": "linked"}
    assert client.post(create, said).headers["Location"] == url
    shown = client.get(url).content.decode()
    assert "cus_1" in shown
    assert bank.url("billing:link_edit", jana.connector_links.get().pk) in shown


def test_what_is_there_already_is_refused_in_words(client: Client, jana: Customer, stripe: Connector) -> None:
    bank = jana.organization
    ConnectorLinkFactory(customer=jana, connector=stripe, reference="cus_1")
    other = CustomerFactory(organization=bank)
    twice = client.post(
        bank.url("billing:link_create", jana.pk),
        {"system": str(stripe.pk), "reference": "cus_2", "connection": "linked"},
    )
    assert "The customer is on Stripe already." in twice.content.decode()
    same = client.post(
        bank.url("billing:link_create", other.pk),
        {"system": str(stripe.pk), "reference": "cus_1", "connection": "linked"},
    )
    assert "Another customer is “cus_1” on Stripe." in same.content.decode()
    assert ConnectorLink.objects.count() == 1


def test_a_link_is_changed_and_goes_back_to_where_it_was_opened(
    client: Client, jana: Customer, stripe: Connector
) -> None:
    link = ConnectorLinkFactory(customer=jana, connector=stripe, reference="cus_1")
    edit = jana.organization.url("billing:link_edit", link.pk)
    said = {"seen": seen(client.get(edit)), "reference": "cus_1", "connection": "not linked"}
    billing = jana.organization.url("billing:customer_billing", jana.pk)
    assert client.post(edit, said).headers["Location"] == billing
    link.refresh_from_db()
    assert (link.reference, link.connection) == ("cus_1", "not linked")
    said = {"seen": seen(client.get(edit)), "reference": "cus_9", "connection": "linked"}
    assert client.post(f"{edit}?on=connector", said).headers["Location"] == stripe.get_absolute_url()


def test_nobodys_change_is_lost_silently(client: Client, jana: Customer, stripe: Connector) -> None:
    link = ConnectorLinkFactory(customer=jana, connector=stripe, reference="cus_1")
    edit = jana.organization.url("billing:link_edit", link.pk)
    said = {"seen": seen(client.get(edit)), "reference": "mine", "connection": "linked"}
    ConnectorLink.objects.update(reference="theirs")
    late = client.post(edit, said)
    assert (late.status_code, "Somebody changed it" in late.content.decode()) == (422, True)
    assert "linked, theirs" in late.content.decode()
    assert ConnectorLink.objects.get().reference == "theirs"
    assert client.post(edit, said | {"seen": seen(late)}).status_code == 302
    assert ConnectorLink.objects.get().reference == "mine"
    ConnectorLink.objects.all().delete()
    assert client.post(edit, said).status_code == 404


def test_a_link_is_removed_after_a_question(client: Client, jana: Customer, stripe: Connector) -> None:
    link = ConnectorLinkFactory(customer=jana, connector=stripe)
    url = jana.organization.url("billing:link_delete", link.pk)
    assert "Remove the link?" in client.get(url).content.decode()
    assert ConnectorLink.objects.exists()
    assert client.post(url).status_code == 302
    assert not ConnectorLink.objects.exists()


def test_who_may_not_edit_sees_them_only(jana: Customer, stripe: Connector) -> None:
    link = ConnectorLinkFactory(customer=jana, connector=stripe, reference="cus_1")
    viewer = signed_in(StaffFactory(organization=jana.organization, role=Role.VIEWER))
    edit = jana.organization.url("billing:link_edit", link.pk)
    shown = viewer.get(stripe.get_absolute_url()).content.decode()
    assert "cus_1" in shown
    assert edit not in shown
    assert viewer.get(edit).status_code == 403


def test_the_erased_are_linked_nowhere(
    client: Client, jana: Customer, stripe: Connector, alice: Staff
) -> None:
    create = jana.organization.url("billing:link_create", jana.pk)
    jana.erase(reason="Asked for it.", by=alice, at=timezone.now())
    said = {"system": str(stripe.pk), "reference": "cus_1", "connection": "linked"}
    assert client.post(create, said).status_code == 422
    assert not ConnectorLink.objects.exists()
