"""A refresh looks at whom something touched since the last one saw the database, and at everybody where it must."""

import threading
from contextvars import copy_context
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from console.balances.posting import Item, post_items
from console.organizations import scope
from console.organizations.models import Organization
from segments.freshness import triggers
from segments.models import Freshness, Run, Segment, Touched
from tests.factories import NOW, AccountFactory, AccountHolderFactory, SegmentFactory
from tests.segments.moves import MOVED, move, names, refreshed

in_earnest = pytest.mark.django_db(transaction=True)


@in_earnest
def test_only_those_are_looked_at_whom_something_touched(germans: Segment) -> None:
    assert refreshed(germans).looked_at is None
    assert refreshed(germans).looked_at == 0
    move("Cyril", "DE")
    run = refreshed(germans)
    assert (run.looked_at, run.entered, run.left, run.members) == (1, 1, 0, 3)
    move("Anna", "AT")
    run = refreshed(germans)
    assert (run.looked_at, run.entered, run.left, run.members) == (1, 0, 1, 2)
    assert names(germans) == ["Bert", "Cyril"]


@in_earnest
def test_what_commits_after_a_refresh_is_seen_by_the_next_one(germans: Segment) -> None:
    """The change is made before the refresh and commits after it: its number is older than the refresh's own."""
    refreshed(germans)
    is_made, may_end = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            move("Cyril", "DE")
            is_made.set()
            may_end.wait(30)
        connection.close()

    thread = threading.Thread(target=copy_context().run, args=(change,))
    thread.start()
    assert is_made.wait(30)
    move("Anna", "AT")
    assert refreshed(germans).looked_at == 1
    assert names(germans) == ["Bert"]
    may_end.set()
    thread.join()
    assert refreshed(germans).looked_at == 1
    assert names(germans) == ["Bert", "Cyril"]


@in_earnest
def test_what_the_rules_do_not_read_touches_nobody(germans: Segment, nordbank: Organization) -> None:
    account = AccountFactory(organization=nordbank)
    AccountHolderFactory(account=account, customer=nordbank.customers.get(name="Cyril"))
    active = SegmentFactory(organization=nordbank, name="Active", definition=MOVED)
    refreshed(germans)
    refreshed(active)
    item = Item(account.pk, "T1", date(2026, 11, 2), "credit", Decimal("10.00"))
    post_items(nordbank, [item], source="test", at=NOW)
    assert refreshed(germans).looked_at == 0
    assert refreshed(active).looked_at == 1
    assert names(active) == ["Cyril"]


@in_earnest
def test_new_rules_ask_everybody(germans: Segment) -> None:
    refreshed(germans)
    czechs = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}
    germans.save_definition(czechs, by=None, at=NOW)
    assert refreshed(germans).looked_at is None
    assert names(germans) == ["Cyril"]


@in_earnest
def test_who_enters_a_segment_is_looked_at_by_those_made_from_it(germans: Segment) -> None:
    made = {
        "combinator": "and",
        "rules": [{"field": "segment", "operator": "in", "value": [str(germans.pk)]}],
    }
    dependent = SegmentFactory(organization=germans.organization, name="Made from it", definition=made)
    refreshed(germans)
    refreshed(dependent)
    assert names(dependent) == ["Anna", "Bert"]
    move("Cyril", "DE")
    refreshed(germans)
    assert refreshed(dependent).looked_at == 1
    assert names(dependent) == ["Anna", "Bert", "Cyril"]


@in_earnest
def test_no_snapshot_is_kept_while_a_segment_it_is_made_from_is_counted(germans: Segment) -> None:
    made = {
        "combinator": "and",
        "rules": [{"field": "segment", "operator": "in", "value": [str(germans.pk)]}],
    }
    dependent = SegmentFactory(organization=germans.organization, name="Made from it", definition=made)
    run = germans.request_refresh(by=None, at=NOW)
    Run.objects.filter(pk=run.pk).update(state="running")
    refreshed(dependent)
    assert dependent.freshness.seen == ""
    Run.objects.filter(pk=run.pk).update(state="done")
    assert refreshed(dependent).looked_at is None
    assert refreshed(dependent).looked_at == 0


@in_earnest
def test_another_server_asks_everybody(germans: Segment) -> None:
    refreshed(germans)
    Freshness.objects.update(ground="7123 5")
    assert refreshed(germans).looked_at is None


@in_earnest
def test_a_load_of_a_bank_is_one_note(germans: Segment) -> None:
    refreshed(germans)
    Touched.objects.all().delete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL tranche.everybody = 'on'")
        move("Cyril", "DE")
    note = Touched.objects.get()
    assert str(note) == "customers_customer: everybody"
    assert refreshed(germans).looked_at is None
    assert names(germans) == ["Anna", "Bert", "Cyril"]


@pytest.mark.django_db
def test_the_triggers_stand_at_every_table_that_definitions_read() -> None:
    with scope.nobody():
        assert triggers.build(connection) == []
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE billing_invoice ENABLE TRIGGER touch_insert")
            cursor.execute("DROP TRIGGER touch_names ON ledgers_ledger")
        assert triggers.build(connection) == ["billing_invoice", "ledgers_ledger"]
        assert triggers.build(connection) == []


def test_a_query_of_what_is_not_noted_asks_everybody() -> None:
    assert triggers.heeded('SELECT id FROM "customers_customer"', []) == ["customers_customer"]
    assert triggers.heeded('SELECT "ledgers_ledger"."name" FROM "ledgers_ledger"', []) == ["ledgers_ledger"]
    assert triggers.heeded('SELECT "ledgers_ledger"."status" FROM "ledgers_ledger"', []) is None
    assert triggers.heeded('SELECT U0."name" FROM "ledgers_ledger" U0', []) is None
    assert triggers.heeded("SELECT h.id FROM billing_invoiceevent h", []) is None
