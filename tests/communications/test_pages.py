"""Every page: works, is not there for outsiders, refuses other methods, and costs the same for one row as for three."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communications.dispatcher import dispatch
from communications.models import Configuration
from console.organizations.models import Organization, Staff
from tests.communications.factories import (
    a_template,
    an_endpoint,
    communication,
    customers,
    segment_with,
    sent_by,
)
from tests.communications.sinks import MailSink
from tests.conftest import signed_in
from tests.pages import names

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(nordbank: Organization, alice: Staff, post: MailSink) -> Configuration:
    """A communication that went out to two customers, one more was held back."""
    members = customers(nordbank, 2) + customers(nordbank, 1, email="")
    configuration = communication(nordbank, segment_with(nordbank, *members), name="Autumn letter")
    sent_by(configuration, alice)
    dispatch(until_empty=True)
    return configuration


def addresses(configuration: Configuration) -> dict[str, str]:
    """Each page that can be looked at, with what it must say."""
    bank = configuration.organization
    endpoint = an_endpoint(bank)
    version = configuration.version
    assert version
    assert version.template
    run = configuration.runs.get()
    message = configuration.messages.filter(state="sent").latest("pk")
    assert message.customer
    pk = configuration.pk
    pages = {
        ("configuration_list",): "Autumn letter",
        ("configuration_create",): "New communication",
        ("configuration_detail", pk): "No email address",
        ("configuration_edit", pk): "Edit Autumn letter",
        ("configuration_send", pk): "to send to 2 customers",
        ("configuration_example", pk, message.customer.pk): message.customer.name,
        ("configuration_uncertain", pk): "Nothing is uncertain",
        ("run_detail", run.pk): "Nothing of it waits any more",
        ("message_list",): message.customer.name,
        ("message_detail", message.pk): "accepted by 127.0.0.1",
        ("message_copy", message.pk): message.customer.name,
        ("customer_messages", message.customer.pk): "Autumn letter",
        ("template_list",): version.template.name,
        ("template_create",): "New template",
        ("template_detail", version.template.pk): "written from the HTML",
        ("template_edit", version.template.pk): "Edit ",
        ("template_preview", version.template.pk): "Dear ",
        ("endpoint_list",): endpoint.name,
        ("endpoint_create",): "New endpoint",
        ("endpoint_detail", endpoint.pk): "1 live",
        ("endpoint_edit", endpoint.pk): endpoint.url,
    }
    return {bank.url(f"communications:{name}", *keys): words for (name, *keys), words in pages.items()}


def test_each_page_shows_what_it_is_for(sent: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    for address, words in addresses(sent).items():
        response = client.get(address)
        assert response.status_code == 200, address
        assert words in response.content.decode(), address


def test_an_outsider_finds_none_of_them(sent: Configuration, charlie: Staff) -> None:
    client = signed_in(charlie)
    for address in addresses(sent):
        assert client.get(address).status_code == 404, address


def test_objects_of_another_organization_are_not_found(sent: Configuration, charlie: Staff) -> None:
    client = signed_in(charlie)
    for address in addresses(sent):
        own = address.replace("/nordbank/", "/southbank/")
        response = client.get(own)
        assert response.status_code in (200, 404), own
        assert "Autumn letter" not in response.content.decode(), own


def test_a_viewer_looks_and_changes_nothing(sent: Configuration, vera: Staff) -> None:
    client = signed_in(vera)
    for address in addresses(sent):
        acts = any(word in address for word in ("/new/", "/edit/", "/uncertain/")) or address.endswith(
            "/send/"
        )
        assert client.get(address).status_code == (403 if acts else 200), address


POSTS = ["configuration_turn", "message_decide", "endpoint_secret", "endpoint_rotate", "endpoint_turn"]


@pytest.mark.parametrize("name", POSTS)
def test_what_acts_is_posted_only(
    name: str, sent: Configuration, alice: Staff, charlie: Staff, vera: Staff
) -> None:
    bank = sent.organization
    objects: dict[str, Any] = {
        "configuration": sent,
        "message": sent.messages.first(),
        "endpoint": an_endpoint(bank),
    }
    address = bank.url(f"communications:{name}", objects[name.split("_")[0]].pk)
    assert signed_in(alice).get(address).status_code == 405
    assert signed_in(charlie).post(address).status_code == 404
    assert signed_in(vera).post(address).status_code == 403
    assert signed_in(alice).post(address).status_code in (200, 302)


def test_pages_that_show_take_no_posts(sent: Configuration, alice: Staff) -> None:
    client = signed_in(alice)
    for address in addresses(sent):
        takes = ("/new/", "/edit/", "/uncertain/")
        if not any(word in address for word in takes) and not address.endswith("/send/"):
            assert client.post(address).status_code == 405, address


def a_configuration(bank: Organization) -> None:
    communication(bank, segment_with(bank))


def a_sent_message(bank: Organization) -> None:
    sent_by(communication(bank, segment_with(bank, *customers(bank, 1))), bank.staff.earliest("pk"))


LISTS: dict[str, Callable[[Organization], Any]] = {
    "configuration_list": a_configuration,
    "message_list": a_sent_message,
    "template_list": a_template,
    "endpoint_list": an_endpoint,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_at_one_row_and_at_three(
    name: str, nordbank: Organization, alice: Staff
) -> None:
    client, address = signed_in(alice), nordbank.url(f"communications:{name}")
    LISTS[name](nordbank)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    LISTS[name](nordbank)
    LISTS[name](nordbank)
    with CaptureQueriesContext(connection) as three:
        assert client.get(address).status_code == 200
    assert len(one) == len(three), [query["sql"] for query in three]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_to_do(name: str, nordbank: Organization, alice: Staff) -> None:
    page = signed_in(alice).get(nordbank.url(f"communications:{name}")).content.decode()
    assert 'class="empty"' in page


def test_htmx_gets_the_rows_alone(sent: Configuration, alice: Staff) -> None:
    headers = {"HX-Request": "true", "HX-Target": "message-rows"}
    address = sent.organization.url("communications:message_list")
    part = signed_in(alice).get(address, {"state": "suppressed"}, headers=headers).content.decode()
    assert part.strip().startswith('<div id="message-rows"')
    assert "No email address" in part
    assert "accepted by" not in part


def test_the_customers_page_gets_the_part_it_shows(sent: Configuration, alice: Staff) -> None:
    message = sent.messages.filter(state="sent").latest("pk")
    address = sent.organization.url("communications:customer_messages", message.customer_id)
    headers = {"HX-Request": "true", "HX-Target": "customer-messages"}
    part = signed_in(alice).get(address, headers=headers).content.decode()
    assert "<html" not in part
    assert "Autumn letter" in part


def test_a_misspelt_filter_shows_nobody_instead_of_everybody(sent: Configuration, alice: Staff) -> None:
    page = signed_in(alice).get(sent.organization.url("communications:message_list"), {"state": "snet"})
    assert "accepted by" not in page.content.decode()


def test_the_log_is_narrowed_to_a_communication_or_an_endpoint(sent: Configuration, alice: Staff) -> None:
    bank = sent.organization
    other = communication(bank, segment_with(bank), name="Winter letter")
    endpoint, address = an_endpoint(bank), bank.url("communications:message_list")
    asked = [{"configuration": sent.pk}, {"configuration": other.pk}, {"endpoint": endpoint.pk}]
    assert [len(names(signed_in(alice), address, **query)) for query in asked] == [3, 0, 0]
    page = signed_in(alice).get(address).content.decode()
    assert all(f">{thing}</option>" in page for thing in (sent, other, endpoint))


def test_previews_are_framed_so_that_nothing_in_them_can_act(sent: Configuration, alice: Staff) -> None:
    message = sent.messages.filter(state="sent").latest("pk")
    response = signed_in(alice).get(sent.organization.url("communications:message_copy", message.pk))
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_way_out_needs_no_sign_in(sent: Configuration, client: Any) -> None:
    message = sent.messages.filter(state="sent").latest("pk")
    assert client.get(reverse("unsubscribe", args=[message.unsubscribe_token])).status_code == 200
