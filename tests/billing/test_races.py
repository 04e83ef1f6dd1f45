"""Two at once at what a customer is billed by: nobody waits in a ring, and nothing hangs on what is gone."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from console import keeping as records
from console.billing import keeping
from console.billing.models import Connector, ConnectorLink, PaymentMethod
from console.keeping import Refusal
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.api.conftest import call as call
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    ConnectorFactory,
    ConnectorLinkFactory,
    CustomerFactory,
    PaymentMethodFactory,
)
from tests.races import racing

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12


def test_two_methods_that_become_the_default_at_once_are_one_default(
    nordbank: Organization, call: Call
) -> None:
    customer = CustomerFactory(organization=nordbank)
    urls = [f"/payment-methods/{PaymentMethodFactory(customer=customer).pk}" for _ in range(2)]
    with racing() as at_once:
        for _ in range(ROUNDS):
            answers = at_once(*[partial(call, "PATCH", url, {"is_default": True}) for url in urls])
            assert [status for status, _ in answers] == [200, 200]
            assert PaymentMethod.objects.filter(is_default=True).count() == 1


def test_a_page_and_a_system_that_change_one_link_at_once_both_come_through(
    nordbank: Organization, alice: Staff, call: Call
) -> None:
    link, client = ConnectorLinkFactory(customer__organization=nordbank), signed_in(alice)
    page = nordbank.url("billing:link_edit", link.pk)
    with racing() as at_once:
        for turn in range(ROUNDS):
            link.refresh_from_db()
            said = {"seen": f"{link.connection}, {link.reference}", "connection": "linked"}
            put = {"reference": f"api-{turn}"}
            shown, (status, _) = at_once(
                partial(client.post, page, {**said, "reference": f"page-{turn}"}),
                partial(call, "PUT", f"/connectors/{link.connector_id}/links/{link.customer_id}", put),
            )
            assert (shown.status_code in (302, 422), status) == (True, 200)


def test_nothing_is_put_on_a_connector_that_goes_at_the_same_time(nordbank: Organization) -> None:
    customers = [CustomerFactory(organization=nordbank) for _ in range(2)]

    def go(connector: Connector) -> None:
        records.end(Connector.objects.select_for_update(no_key=True).get(pk=connector.pk), at=NOW)

    def link(connector: Connector) -> None:
        keeping.keep_link(ConnectorLink(organization=nordbank, customer=customers[0], connector=connector))

    def method(connector: Connector) -> None:
        of: Any = {"organization": nordbank, "customer": customers[1], "connector": connector}
        keeping.keep_method(PaymentMethod(type="card", **of), at=timezone.now())

    with racing(Refusal, people=3) as at_once:
        for _ in range(ROUNDS):
            connector = ConnectorFactory(organization=nordbank)
            at_once(
                *(partial(act, connector) for act in (link, method)),
                partial(transaction.atomic(go), connector),
            )
            assert not ConnectorLink.objects.filter(connector=connector, connection="linked").exists()
            assert not PaymentMethod.objects.filter(connector=connector).exists()
