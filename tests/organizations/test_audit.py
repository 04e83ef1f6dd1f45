"""The trail: every change of what is watched, by whom, from where; nothing of what is hidden; nobody can change it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client

from console.customers.models import Customer
from console.organizations import chain, heads, scope, watched
from console.organizations.models import ApiKey, AuditEvent, KeyScope, Organization, Role, Staff
from console.organizations.watched import LEFT_OUT, WATCHED
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AccountFactory,
    CustomerFactory,
    LedgerFactory,
    OrganizationFactory,
    SegmentFactory,
    UserFactory,
)

HIDDEN = {"hidden": True}
YEAR = timedelta(days=365)


def latest(**which: Any) -> AuditEvent:
    return AuditEvent.objects.filter(**which).order_by("-id")[0]


def test_every_table_is_watched_or_left_out_for_a_reason() -> None:
    models = {model._meta.label for model in apps.get_models()}
    assert models == set(WATCHED) | set(LEFT_OUT), "Name each model in console/organizations/watched.py."
    assert set(WATCHED) & set(LEFT_OUT) == set()


def test_migrate_leaves_the_triggers_as_the_list_says(db: None) -> None:
    with scope.nobody(), connection.cursor() as cursor:
        assert watched.build(connection) == []
        cursor.execute("DROP TRIGGER audit ON ledgers_ledger")
        cursor.execute("ALTER TABLE ledgers_asset DISABLE TRIGGER audit")
        cursor.execute(
            "CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON segments_segment"
            """ FOR EACH ROW EXECUTE FUNCTION audit('{"model": "segments.Segment"}')"""
        )
        cursor.execute(
            "CREATE TRIGGER audit AFTER INSERT ON segments_draft FOR EACH ROW EXECUTE FUNCTION audit('{}')"
        )
        lacking = ["segments_draft", "ledgers_ledger", "ledgers_asset", "segments_segment"]
        assert watched.build(connection) == lacking
        assert watched.build(connection) == []


@pytest.mark.parametrize("label", WATCHED)
def test_the_list_names_columns_that_there_are(label: str) -> None:
    how = WATCHED[label]
    columns = {field.column for field in apps.get_model(label)._meta.concrete_fields}
    named = {*how.left_out, *how.hidden, *(how.shown or ()), how.name or "id"}
    named |= {how.whole[1] if how.whole else "id", how.through[1] if how.through else "id"}
    assert named <= columns
    assert how.through or how.user or how.organization in columns


def test_a_change_says_what_was_and_what_is(nordbank: Organization, alice: Staff) -> None:
    ledger = LedgerFactory(organization=nordbank, name="Retail")
    with scope.inside(nordbank, user=alice.user.pk, staff=alice.pk, request="r-1", address="10.0.0.7"):
        ledger.name = "Retail CZ"
        ledger.save()
    event = latest(model="ledgers.Ledger")
    assert (event.action, event.object_id, event.name) == ("changed", str(ledger.pk), "Retail CZ")
    assert event.changes == {"name": ["Retail", "Retail CZ"]}
    assert (event.organization, event.staff, event.user, event.key) == (nordbank, alice, alice.user, None)
    assert (event.request, event.address, event.task) == ("r-1", "10.0.0.7", "")


def test_what_changes_nothing_is_no_event(nordbank: Organization) -> None:
    segment = SegmentFactory(organization=nordbank)
    before = AuditEvent.objects.count()
    segment.save()
    segment.member_count = 12
    segment.refreshed_at = NOW
    segment.save()
    assert AuditEvent.objects.count() == before


def test_what_is_deleted_is_told_whole(nordbank: Organization) -> None:
    segment = SegmentFactory(organization=nordbank, name="Gone soon")
    type(segment).objects.filter(pk=segment.pk).delete()
    event = latest(model="segments.Segment")
    assert (event.action, event.name) == ("deleted", "Gone soon")
    assert event.changes["name"] == ["Gone soon", None]


def test_personal_data_is_never_written(nordbank: Organization) -> None:
    customer = CustomerFactory(
        organization=nordbank, name="Jana Nováková", email="jana@mail.example", phone="", country="CZ"
    )
    Customer.objects.filter(pk=customer.pk).update(
        phone="+420 777", custom_data={"iban": "CZ65"}, kind="business"
    )
    event = latest(model="customers.Customer")
    assert event.changes["kind"] == ["person", "business"]
    assert event.changes["phone"] == [None, HIDDEN]
    assert event.changes["custom_data"] == [None, HIDDEN]
    customer.delete()
    written = json.dumps(list(AuditEvent.objects.values_list("changes", "name")), ensure_ascii=False)
    for secret in ("Nováková", "novakova", "jana@", "+420 777", "CZ65", customer.external_id):
        assert secret not in written


def test_secrets_are_never_written(nordbank: Organization, alice: Staff) -> None:
    alice.user.set_password("an entirely new password")
    alice.user.save()
    _, plain = ApiKey.issue(nordbank, name="crm", scopes=KeyScope.values, by=alice, expires_at=NOW + YEAR)
    key = ApiKey.verify(plain, at=NOW)
    event = latest(model="organizations.User")
    assert event.changes == {"password": [HIDDEN, HIDDEN]} or event.changes == {"password": [None, HIDDEN]}
    assert event.organization == nordbank
    assert key.digest not in json.dumps(latest(model="organizations.ApiKey").changes)


def test_a_person_of_two_banks_is_told_of_in_both_and_of_none_in_the_platform_s(
    alice: Staff, charlie: Staff
) -> None:
    Staff.objects.create(organization=charlie.organization, user=alice.user, role=Role.VIEWER)
    before = AuditEvent.objects.latest("id").pk
    alice.user.is_active = False
    alice.user.save()
    told = AuditEvent.objects.filter(pk__gt=before).values_list("organization__slug", flat=True)
    assert set(told) == {"nordbank", "southbank"}
    UserFactory()
    assert latest(model="organizations.User").organization_id is None


def test_parts_belong_to_the_page_of_their_whole(nordbank: Organization) -> None:
    rules = {"combinator": "and", "rules": [{"field": "name", "operator": "=", "value": "x"}]}
    segment = SegmentFactory(organization=nordbank, definition=rules)
    told = [event.model for event in nordbank.audit_events.history_of(segment)]
    assert told == ["segments.Segment", "segments.SegmentVersion", "segments.Segment"]


def test_what_a_load_writes_by_the_thousand_is_told_by_its_run_alone(nordbank: Organization) -> None:
    with scope.inside(nordbank, task="console.imports.tasks.work"):
        account = AccountFactory(organization=nordbank)
    assert not AuditEvent.objects.filter(model="portfolios.Account").exists()
    assert latest(model="ledgers.Ledger").task == "console.imports.tasks.work"
    type(account).objects.filter(pk=account.pk).update(is_blocked=True)
    event = latest(model="portfolios.Account")
    assert event.changes == {"is_blocked": [False, True]}
    assert event.login


def test_a_page_names_the_person_and_where_from(nordbank: Organization, alice: Staff) -> None:
    segment = SegmentFactory(organization=nordbank)
    signed_in(alice).post(nordbank.url("segments:segment_archive", segment.pk), REMOTE_ADDR="10.1.2.3")
    event = latest(model="segments.Segment")
    assert event.changes["archived_at"][1]
    assert (event.staff, event.user, event.address) == (alice, alice.user, "10.1.2.3")
    assert event.request
    assert event.seq, "linked as soon as it was committed"


def test_a_key_is_named(nordbank: Organization, alice: Staff) -> None:
    key, _ = ApiKey.issue(nordbank, name="crm", scopes=KeyScope.values, by=alice, expires_at=NOW + YEAR)
    with scope.inside(nordbank, key=key.pk, address="10.9.9.9"):
        SegmentFactory(organization=nordbank)
    event = latest(model="segments.Segment")
    assert (event.key, event.staff, event.address) == (key, None, "10.9.9.9")


INSERT = (
    "INSERT INTO organizations_auditevent (at, task, request, address, login, action, model, object_id, whole,"
    " whole_id, name, changes) VALUES (now(), '', '', '', '', 'created', 'x', '1', 'x', '1', '', '{}')"
)
WRITES = [
    INSERT,
    "UPDATE organizations_auditevent SET task = 'nobody'",
    "DELETE FROM organizations_auditevent",
    "TRUNCATE organizations_auditevent",
]


@pytest.mark.parametrize("statement", WRITES)
@pytest.mark.parametrize("role", [scope.APP, scope.ACROSS])
def test_the_console_s_own_roles_can_only_read(nordbank: Organization, statement: str, role: str) -> None:
    inside = scope.inside(nordbank) if role == scope.APP else scope.across()
    with inside, pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("statement", WRITES[1:4])
def test_even_the_owner_changes_nothing(nordbank: Organization, statement: str) -> None:
    chain.extend(nordbank.pk)
    with scope.nobody(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organizations_auditevent ENABLE TRIGGER audit_stays")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)


def test_an_event_that_waits_for_its_link_gets_that_and_nothing_else(nordbank: Organization) -> None:
    with scope.nobody(), connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_auditevent SET task = 'nobody', name = 'x', changes = '{}'")
    event = latest(model="organizations.Organization")
    assert (event.task, event.name) == ("", "Nordbank a.s.")
    assert event.changes["slug"] == [None, "nordbank"]


def test_nobody_sees_another_bank_s_trail(nordbank: Organization, charlie: Staff, client: Client) -> None:
    with scope.inside(charlie.organization):
        assert set(AuditEvent.objects.values_list("organization__slug", flat=True)) == {"southbank"}


def test_every_chain_is_found(nordbank: Organization, charlie: Staff) -> None:
    """The platform's own first; also that of a bank which is no more."""
    gone = OrganizationFactory()
    key = gone.pk
    gone.delete()
    UserFactory()
    assert heads.chains() == [None, *sorted([nordbank.pk, charlie.organization.pk, key])]
