"""The audit trail's pages: who, what and where in words; filters, file, one event, and each thing's own history."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from console.customers.models import Customer
from console.organizations import chain, scope
from console.organizations.models import AuditEvent, Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import (
    AccountFactory,
    CustomerFactory,
    LedgerFactory,
    PortfolioFactory,
    SegmentFactory,
    StaffFactory,
    a_key,
)

HTMX = {"HX-Request": "true", "HX-Target": "row-history"}


@pytest.fixture
def ledger(nordbank: Organization, alice: Staff) -> Any:
    """A ledger that a schedule made, Alice renamed and a key renamed again."""
    with scope.inside(nordbank, task="console.imports.tasks.work"):
        ledger = LedgerFactory(organization=nordbank, name="Retail")
    key, _ = a_key(nordbank, name="core system")
    alice_s = {"user": alice.user.pk, "staff": alice.pk, "request": "req-7", "address": "10.0.0.7"}
    for who, name in ((alice_s, "Retail CZ"), ({"key": key.pk}, "Retail Czechia")):
        with scope.inside(nordbank, **who):
            type(ledger).objects.filter(pk=ledger.pk).update(name=name)
    chain.extend(nordbank.pk)
    return ledger


@pytest.fixture
def client(alice: Staff) -> Client:
    return signed_in(alice)


def page(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_list_says_who_did_what_where(client: Client, nordbank: Organization, ledger: Any) -> None:
    text = page(client, nordbank.url("audit:event_list"))
    assert "Changed ledger “Retail CZ”: Name from Retail to Retail CZ" in text
    assert "Alice Admin" in text
    assert "10.0.0.7" in text
    assert "Key “core system”" in text
    assert "Schedule: imports" in text
    assert ledger.get_absolute_url() in text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"who": "keys"}, 1),
        ({"who": "tasks"}, 2),
        ({"kind": "ledgers.Ledger", "action": "changed"}, 2),
        ({"kind": "ledgers.Ledger", "action": "deleted"}, 0),
        ({"q": "req-7"}, 1),
        ({"q": "retail cz"}, 2),
        ({"kind": "ledgers.Ledger", "since": "2000-01-01"}, 3),
        ({"kind": "ledgers.Ledger", "until": "2000-01-01"}, 0),
    ],
)
def test_filters(
    client: Client, nordbank: Organization, ledger: Any, query: dict[str, str], number: int
) -> None:
    text = page(client, nordbank.url("audit:event_list"), **query)
    assert text.count('<th scope="row">') == number
    assert ("Nothing matches" in text) == (number == 0)


def test_by_person_and_by_thing(client: Client, nordbank: Organization, alice: Staff, ledger: Any) -> None:
    mine = page(client, nordbank.url("audit:event_list"), who=str(alice.pk))
    assert mine.count('<th scope="row">') == 1
    its_own = page(client, nordbank.url("audit:event_list"), q=str(ledger.pk))
    assert its_own.count('<th scope="row">') == 4, "the ledger's three and its asset's one"


def test_an_event_stands_side_by_side(client: Client, nordbank: Organization, ledger: Any) -> None:
    event = nordbank.audit_events.get(request="req-7")
    text = page(client, event.get_absolute_url())
    for words in (
        "Retail</td>",
        "<b>Retail CZ</b>",
        "Alice Admin",
        "10.0.0.7",
        "req-7",
        "sealed by the key “own”",
    ):
        assert words in text
    assert f'href="{ledger.get_absolute_url()}"' in text


def test_the_file_has_each_event_with_its_link(client: Client, nordbank: Organization, ledger: Any) -> None:
    answer = client.get(nordbank.url("audit:event_export"), {"kind": "ledgers.Ledger"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == ["changed", "changed", "created"]
    assert rows[1]["changes"] == '{"name": ["Retail", "Retail CZ"]}'
    assert {len(row["link"]) for row in rows} == {64}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.MARKETER, Role.OPERATOR])
def test_who_may_not_read_it_is_not_led_there(nordbank: Organization, role: str) -> None:
    client = signed_in(StaffFactory(organization=nordbank, role=role))
    assert client.get(nordbank.url("audit:event_list")).status_code == 403
    assert client.get(nordbank.url("audit:event_export")).status_code == 403
    assert nordbank.url("audit:event_list") not in page(client, nordbank.url("segments:segment_list"))


def test_each_thing_has_its_history(client: Client, nordbank: Organization, ledger: Any) -> None:
    url = nordbank.url("audit:history", ledger.pk)
    assert url in page(client, ledger.get_absolute_url())
    whole = page(client, url)
    assert whole.index("from Retail CZ to Retail Czechia") < whole.index("from Retail to Retail CZ")
    card = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in card
    assert "Created ledger “Retail”" in card


def test_pages_lead_to_the_history(client: Client, nordbank: Organization) -> None:
    account = AccountFactory(organization=nordbank)
    things = [account, CustomerFactory(organization=nordbank), SegmentFactory(organization=nordbank)]
    things.append(PortfolioFactory(ledger=account.ledger, organization=nordbank))
    for thing in things:
        assert nordbank.url("audit:history", thing.pk) in page(client, thing.get_absolute_url())
        assert client.get(nordbank.url("audit:history", thing.pk)).status_code == 200


def test_people_and_keys_have_theirs_for_who_may_see_them(
    client: Client, nordbank: Organization, alice: Staff, bob: Staff
) -> None:
    key, _ = a_key(nordbank, name="core system")
    Staff.objects.filter(pk=bob.pk).update(role=Role.OPERATOR)
    for thing, pk, says in (
        (bob, bob.user_id, "Operator"),
        (key, key.pk, "Made the API key “core system”"),
    ):
        url = nordbank.url("audit:history", pk)
        assert url in page(client, thing.get_absolute_url())
        assert says in page(client, url)
        viewer = signed_in(StaffFactory(organization=nordbank, role=Role.VIEWER))
        assert viewer.get(url).status_code == 404


def test_a_customer_s_history_says_what_changed_but_not_how(client: Client, nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank, email="jana@mail.example")
    Customer.objects.filter(pk=customer.pk).update(email="other@mail.example", communications_enabled=False)
    text = page(client, nordbank.url("audit:history", customer.pk))
    assert "Email changed" in text
    assert "yes" in text
    assert "@mail.example" not in text


def test_nothing_happened_yet(client: Client, nordbank: Organization, ledger: Any) -> None:
    with scope.inside(nordbank, task="load"):
        account = AccountFactory(organization=nordbank, ledger=ledger)
    assert "Nobody changed it by hand" in page(client, nordbank.url("audit:history", account.pk))


def test_another_bank_s_things_have_none_here(client: Client, nordbank: Organization, charlie: Staff) -> None:
    theirs = LedgerFactory(organization=charlie.organization)
    assert client.get(nordbank.url("audit:history", theirs.pk)).status_code == 404
    event = AuditEvent.objects.filter(organization=charlie.organization)[0]
    assert client.get(nordbank.url("audit:event_detail", event.pk)).status_code == 404
