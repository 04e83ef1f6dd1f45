"""Domain events: told once, in the transaction that changed the record, to whoever asked, and with nothing personal."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from communications import telling
from communications.dispatcher import dispatch
from communications.models import DomainEvent, Endpoint, Message
from console.organizations import approving, scope
from console.organizations.models import Organization, Staff
from console.portfolios.assets import open_asset
from console.portfolios.models import Account
from segments.assigned.assigning import assign
from segments.models import Segment
from tests.approvals import another
from tests.communications.factories import an_endpoint
from tests.communications.sinks import HookSink
from tests.conftest import signed_in
from tests.factories import NOW, AccountFactory, LedgerFactory, OrganizationFactory
from tests.imports.files import whole_bank
from tests.midaz.conftest import Caller, caller
from tests.midaz.money import move, with_accounts
from tests.midaz.test_resources import KINDS
from tests.money import book

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(nordbank: Organization) -> Caller:
    ledger = LedgerFactory(organization=nordbank, asset=None)
    open_asset(ledger, "EUR")
    return caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{ledger.pk}")


@pytest.fixture
def listener(nordbank: Organization, books: Caller) -> Endpoint:
    """Told of everything that happens after the ledger was made."""
    return an_endpoint(nordbank, events=DomainEvent.values)


def told(endpoint: Endpoint, subject: Any = "") -> list[tuple[str, dict[str, Any]]]:
    """Event and details of each message to the endpoint, about one row or any."""
    rows = endpoint.messages.order_by("pk").values_list("event", "details")
    return [(event, details) for event, details in rows if str(subject) in (details["id"], "")]


class TestARecord:
    @pytest.mark.parametrize(("kind", "body"), KINDS.items())
    def test_is_told_of_from_creation_to_deletion(
        self, books: Caller, listener: Endpoint, nordbank: Organization, kind: str, body: Any
    ) -> None:
        made = books.made(f"/{kind}", body)
        each = f"/{kind}/{made['id']}"
        changed = books("PATCH", each, {"name": "Jana Nováková", "metadata": {"iban": "CZ65"}}).json()
        assert books("DELETE", each).status_code == 204
        name = kind.removesuffix("s")
        scopes = {"id": made["id"], "organizationId": str(nordbank.pk), "ledgerId": made["ledgerId"]}
        created, updated, deleted = told(listener, made["id"])
        assert created == (f"{name}.created", scopes | {"updatedAt": made["updatedAt"]})
        assert updated == (
            f"{name}.updated",
            scopes | {"changed": ["metadata", "name"], "updatedAt": changed["updatedAt"]},
        )
        assert (deleted[0], deleted[1].items() >= scopes.items()) == (f"{name}.deleted", True)
        assert "Jana" not in json.dumps(told(listener))

    def test_that_is_a_ledger_or_an_organization_is_told_of_too(
        self, books: Caller, listener: Endpoint, nordbank: Organization
    ) -> None:
        top = caller(nordbank, "/v1/organizations")
        bank = {"legalName": "Daughter", "legalDocument": "1", "address": {"country": "CZ"}}
        made = top.made("", bank)
        assert top("PATCH", f"/v1/organizations/{made['id']}", {"doingBusinessAs": "D"}).status_code == 200
        assert top("DELETE", f"/v1/organizations/{made['id']}").status_code == 204
        assert [event for event, _ in told(listener, made["id"])] == [
            f"organization.{what}" for what in ("created", "updated", "deleted")
        ]
        ledger = top.made(f"/v1/organizations/{nordbank.pk}/ledgers", {"name": "Second"})
        assert [event for event, _ in told(listener, ledger["id"])] == ["ledger.created"]

    def test_changed_on_a_page_is_told_of_as_well(
        self, listener: Endpoint, alice: Staff, nordbank: Organization
    ) -> None:
        segment = nordbank.segments.create(name="VIP")
        signed_in(alice).post(nordbank.url("segments:segment_archive", segment.pk))
        (_, created), (event, details) = told(listener, segment.pk)
        assert "changed" not in created
        assert (event, details["changed"]) == ("segment.updated", ["archivedAt"])

    def test_saved_as_it_was_is_no_event(self, listener: Endpoint, nordbank: Organization) -> None:
        ledger = nordbank.ledgers.get()
        ledger.save()
        Segment.objects.filter(organization=nordbank).update(member_count=7)
        assert told(listener) == []

    def test_changed_twice_in_one_transaction_is_told_of_once(
        self, listener: Endpoint, nordbank: Organization
    ) -> None:
        account = AccountFactory(organization=nordbank, ledger=nordbank.ledgers.get())
        Account.objects.filter(pk=account.pk).update(is_blocked=True)
        Account.objects.filter(pk=account.pk).update(name="Other", entity_id="e")
        _, (event, details) = told(listener, account.pk)
        assert (event, details["changed"]) == ("account.updated", ["blocked", "entityId", "name"])

    def test_deleted_with_its_ledger_is_told_of(self, books: Caller, listener: Endpoint) -> None:
        portfolio = books.made("/portfolios", {"name": "P"})["id"]
        assert books("DELETE").status_code == 204
        assert [event for event, _ in told(listener, portfolio)] == ["portfolio.created", "portfolio.deleted"]


class TestManyRows:
    def test_a_thousand_tagged_accounts_cost_the_statements_of_one(
        self, listener: Endpoint, nordbank: Organization
    ) -> None:
        ledger = nordbank.ledgers.get()
        made = (
            Account(organization=nordbank, ledger=ledger, external_id=f"B{n}", asset_code="EUR")
            for n in range(1000)
        )
        Account.objects.bulk_create(made)
        vip = nordbank.segments.create(name="VIP", kind="assigned", population="accounts")
        statements = []
        for accounts in (Account.objects.filter(external_id="B0"), Account.objects.filter(ledger=ledger)):
            with CaptureQueriesContext(connection) as queries:
                assign(nordbank, accounts, vip, at=NOW)
            statements.append(len(queries))
        assert statements[0] == statements[1]
        updated = listener.messages.filter(event="account.updated")
        assert updated.count() == 1000
        assert {tuple(each["changed"]) for each in updated.values_list("details", flat=True)} == {
            ("segmentId",)
        }
        assert {each["ledgerId"] for each in updated.values_list("details", flat=True)} == {str(ledger.pk)}

    def test_of_an_import_are_told_of(self, nordbank: Organization) -> None:
        listener = an_endpoint(nordbank, events=["account.created", "balance.changed"])
        whole_bank(nordbank)
        ours = {str(pk) for pk in nordbank.accounts.values_list("pk", flat=True)}
        created = [details["id"] for event, details in told(listener) if event == "account.created"]
        assert ours <= set(created)
        balances = {each["accountId"]: each for event, each in told(listener) if event == "balance.changed"}
        assert set(balances) == ours
        first = balances[str(nordbank.accounts.get(external_id="A1").pk)]
        assert (first["ledger"], first["previous"]["ledger"], first["assetCode"]) == ("499.5", "0", "CZK")


def test_a_balance_is_told_of_with_what_it_was(listener: Endpoint, nordbank: Organization) -> None:
    account = AccountFactory(organization=nordbank, ledger=nordbank.ledgers.get())
    book(account, [("2026-11-01", "10.50")])
    Message.objects.all().delete()
    book(account, [("2026-11-02", "2"), ("2026-11-03", "3")])
    [details] = [details for event, details in told(listener) if event == "balance.changed"]
    assert Decimal(details["ledger"]) == Decimal("15.5")
    assert Decimal(details["previous"]["ledger"]) == Decimal("10.5")
    assert details["accountId"] == str(account.pk)
    assert details["ledgerId"] == str(account.ledger_id)
    assert "ledger" in details["changed"]


def test_a_hold_is_told_of_and_what_it_becomes(
    books: Caller, listener: Endpoint, nordbank: Organization
) -> None:
    with_accounts(books, ann="100", bob="0")
    ann = str(nordbank.accounts.get(alias="@ann").pk)
    Message.objects.all().delete()
    made = books.made("/transactions/json", move("30", "@ann", "@bob", pending=True))
    [(event, held)] = told(listener, ann)
    assert (event, held["onHold"], held["previous"]) == ("balance.changed", "30", {"onHold": "0"})
    assert (held["id"], held["accountId"], held["key"]) == (ann, ann, "default")
    assert books("POST", f"/transactions/{made['id']}/commit").status_code == 201
    [(_, posted)] = told(listener, ann)
    assert (posted["onHold"], posted["ledger"]) == ("0", "70")
    assert posted["previous"] == {"onHold": "0", "ledger": "100"}
    assert posted["changed"] == ["ledger", "onHold"]


class TestNobodyIsTold:
    def test_of_what_was_rolled_back(self, listener: Endpoint, nordbank: Organization) -> None:
        with transaction.atomic():
            AccountFactory(organization=nordbank, ledger=nordbank.ledgers.get())
            assert told(listener)
            transaction.set_rollback(True)
        assert told(listener) == []

    def test_who_did_not_ask(self, nordbank: Organization) -> None:
        an_endpoint(nordbank)
        an_endpoint(nordbank, events=["ledger.deleted"])
        disabled = an_endpoint(nordbank, events=DomainEvent.values)
        disabled.disable(reason="", by=None, at=NOW)
        an_endpoint(OrganizationFactory(), events=DomainEvent.values)
        AccountFactory(organization=nordbank)
        assert not Message.objects.exclude(event="ledger.created").exists()
        assert not Message.objects.filter(organization=nordbank).exists()

    def test_behind_the_walls_either(self, nordbank: Organization) -> None:
        """The founder hears of what it founded, from work that sees only that; nobody else hears of it."""
        listener = an_endpoint(nordbank, events=DomainEvent.values)
        other = an_endpoint(OrganizationFactory(), events=DomainEvent.values)
        founded = OrganizationFactory(founded_by=nordbank)
        Message.objects.all().delete()
        with scope.inside(founded):
            Organization.objects.filter(pk=founded.pk).update(name="New name")
            LedgerFactory(organization=founded, asset=None)
        assert [event for event, _ in told(listener)] == ["organization.updated"]
        assert told(other) == []


def test_it_arrives_signed_as_a_cloud_event(hooks: HookSink, nordbank: Organization) -> None:
    listener = an_endpoint(nordbank, hooks.url, events=["ledger.created"])
    ledger = LedgerFactory(organization=nordbank, name="Retail", asset=None)
    assert not dispatch(until_empty=True)
    [(headers, body)] = hooks.calls
    [secret] = listener.secrets_live(at=timezone.now())
    said = Webhook(secret).verify(body, headers)
    message = listener.messages.get()
    assert (message.state, message.copy.text) == ("sent", body.decode())
    assert said["id"] == headers["webhook-id"]
    assert (said["specversion"], said["type"], said["subject"]) == ("1.0", "ledger.created", str(ledger.pk))
    assert said["source"] == f"/v1/organizations/{nordbank.pk}"
    assert said["data"]["id"] == str(ledger.pk)
    assert "Retail" not in body.decode()


def test_it_waits_while_the_bank_sends_nothing(hooks: HookSink, nordbank: Organization) -> None:
    listener = an_endpoint(nordbank, hooks.url, events=["ledger.created"])
    LedgerFactory(organization=nordbank, asset=None)
    Organization.objects.update(is_sending=False)
    assert not dispatch(until_empty=True)
    assert (hooks.calls, listener.messages.get().state) == ([], "queued")


def test_the_form_offers_events_in_words_and_a_change_of_them_is_approved_anew(
    nordbank: Organization, alice: Staff
) -> None:
    client = signed_in(alice)
    create = nordbank.url("communications:endpoint_create")
    assert "An account was changed, or its segment" in client.get(create).content.decode()
    typed = {"name": "Core", "url": "https://hooks.bank.example/in", "events": ["account.created"]}
    client.post(create, typed)
    endpoint = Endpoint.objects.get()
    asked = nordbank.approvals.get()
    assert dict(asked.after)["Told when"] == "An account was made"
    approving.approve(asked, by=another(alice), at=timezone.now())
    assert "An account was made" in client.get(endpoint.get_absolute_url()).content.decode()
    edit = nordbank.url("communications:endpoint_edit", endpoint.pk)
    client.post(edit, typed)
    endpoint.refresh_from_db()
    assert endpoint.is_enabled
    client.post(edit, typed | {"events": ["account.created", "balance.changed"]})
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.approval, endpoint.events[1]) == (False, None, "balance.changed")
    refused = client.post(edit, typed | {"events": ["account.stolen"]})
    assert refused.status_code == 422


def test_pages_show_it(nordbank: Organization, alice: Staff) -> None:
    listener = an_endpoint(nordbank, events=["ledger.created"])
    LedgerFactory(organization=nordbank, asset=None)
    client, message = signed_in(alice), listener.messages.get()
    assert "ledger.created" in client.get(nordbank.url("communications:message_list")).content.decode()
    page = client.get(message.get_absolute_url()).content.decode()
    assert "A ledger was made" in page
    assert listener.name in page
    Message.objects.update(state="dead")
    assert "ledger.created" in client.get(listener.get_absolute_url()).content.decode()


def test_every_event_has_a_table_that_is_told_of() -> None:
    named = {event for label, how in telling.TOLD.items() for event in told_by(label, how)}
    assert named == set(DomainEvent.values)


def told_by(label: str, how: telling.Told) -> list[str]:
    from django.apps import apps

    events: list[str] = json.loads(how.told(apps.get_model(label)))["events"]
    return events


def test_migrate_leaves_the_triggers_as_the_list_says(db: None) -> None:
    with scope.nobody(), connection.cursor() as cursor:
        assert telling.build(connection) == []
        cursor.execute("DROP TRIGGER tell_update ON ledgers_ledger")
        cursor.execute("ALTER TABLE ledgers_asset DISABLE TRIGGER tell_insert")
        assert telling.build(connection) == ["ledgers_asset", "ledgers_ledger"]
        assert telling.build(connection) == []
