"""A refresh looks at whom something touched since the last one saw the database, and at everybody where it must."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from console.balances.posting import Item, post_items
from console.customers.models import Customer
from console.organizations import scope
from console.organizations.models import Organization
from segments import noting, refreshing, tasks, touching
from segments.models import Freshness, Run, Segment, Touched
from tests.factories import NOW, AccountFactory, AccountHolderFactory, CustomerFactory, SegmentFactory

GERMANS = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "DE"}]}
MOVED = {
    "combinator": "and",
    "rules": [
        {
            "field": "transactions",
            "operator": "=",
            "match": {"mode": "some"},
            "value": {
                "combinator": "and",
                "rules": [{"field": "direction", "operator": "=", "value": "credit"}],
            },
        }
    ],
}
in_earnest = pytest.mark.django_db(transaction=True)


def refreshed(segment: Segment) -> Run:
    run = refreshing.execute(segment.request_refresh(by=None, at=NOW).pk, at=NOW)
    assert run is not None
    assert run.state == "done"
    segment.refresh_from_db()
    return run


def forgotten(*again: Callable[[], object], at: datetime = NOW) -> int:
    """How many notes go, as soon as any can, counted `again` each time: a count keeps what began before it and goes on
    at its moment, and other tests do much on the server.
    """
    for _ in range(3000):
        for count in again:
            count()
        if number := touching.forget(at=at):
            return number
        time.sleep(0.1)
    return 0


@contextmanager
def counted_by_another(segment: Segment) -> Iterator[None]:
    """A worker over another connection holds the segment."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 7))", [Run.lock_of(segment.pk)])
        yield
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()


def names(segment: Segment) -> list[str]:
    return sorted(member.name for member in segment.members())


@pytest.fixture
def germans(nordbank: Organization) -> Segment:
    for name, country in (("Anna", "DE"), ("Bert", "DE"), ("Cyril", "CZ")):
        CustomerFactory(organization=nordbank, name=name, country=country)
    segment: Segment = SegmentFactory(organization=nordbank, name="Germans", definition=GERMANS)
    return segment


def move(name: str, country: str) -> None:
    Customer.objects.filter(name=name).update(country=country)


@in_earnest
def test_where_nothing_changed_no_run_is_needed(germans: Segment) -> None:
    later, run = NOW + timedelta(hours=1), refreshed(germans)
    assert refreshing.renew(germans, at=later)
    germans.refresh_from_db()
    assert (germans.refreshed_at, germans.runs.get()) == (later, run)
    move("Cyril", "DE")
    assert not refreshing.renew(germans, at=later + timedelta(hours=1))
    germans.refresh_from_db()
    assert germans.refreshed_at == later, "somebody moved: it is right for the moment before alone"


@in_earnest
def test_notes_of_what_was_right_without_a_run_are_forgotten(germans: Segment) -> None:
    refreshed(germans)
    AccountFactory(organization=germans.organization)  # of no concern to who is a German
    assert refreshing.renew(germans, at=NOW)
    assert forgotten(partial(refreshing.renew, germans, at=NOW))
    assert not Touched.objects.exists()


@in_earnest
def test_a_run_is_needed_for_new_rules_after_a_failure_and_while_another_counts(germans: Segment) -> None:
    refreshed(germans)
    failed = Run.objects.filter(segment=germans)
    failed.update(state=Run.State.FAILED)
    assert not refreshing.renew(germans, at=NOW)
    failed.update(state=Run.State.DONE)
    with counted_by_another(germans):
        assert not refreshing.renew(germans, at=NOW)
    assert refreshing.renew(germans, at=NOW)
    germans.save_definition(MOVED, by=None, at=NOW)
    assert not refreshing.renew(Segment.objects.get(pk=germans.pk), at=NOW)


@in_earnest
def test_what_goes_wrong_before_a_run_is_for_the_run_to_say(
    germans: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError("canceling statement due to statement timeout")

    refreshed(germans)
    monkeypatch.setattr(refreshing, "look", broken)
    assert not refreshing.renew(germans, at=NOW)


@in_earnest
def test_the_clock_asks_for_no_run_where_nothing_changed(germans: Segment) -> None:
    Segment.objects.filter(pk=germans.pk).update(refresh_every=timedelta(minutes=1))
    refreshed(germans)
    tasks.refresh_due()
    germans.refresh_from_db()
    assert germans.refreshed_at > NOW
    assert germans.runs.count() == 1
    move("Cyril", "DE")
    Segment.objects.filter(pk=germans.pk).update(refreshed_at=NOW)
    tasks.refresh_due()
    assert germans.runs.count() == 2


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


@in_earnest
def test_notes_stay_until_every_segment_has_heeded_them(germans: Segment) -> None:
    other = SegmentFactory(organization=germans.organization, name="Same", definition=GERMANS)
    refreshed(germans)
    refreshed(other)
    while Touched.objects.exists():
        assert forgotten(partial(refreshed, germans), partial(refreshed, other)) > 0
    move("Cyril", "DE")
    refreshed(germans)
    assert touching.forget(at=NOW) == 0
    refreshed(other)
    assert forgotten(partial(refreshed, germans), partial(refreshed, other)) == 1
    assert names(other) == ["Anna", "Bert", "Cyril"]


@in_earnest
def test_a_segment_that_nobody_counts_keeps_no_notes(germans: Segment) -> None:
    refreshed(germans)
    move("Cyril", "DE")
    assert forgotten(at=NOW + timedelta(days=3)) > 0
    assert refreshed(germans).looked_at is None
    assert names(germans) == ["Anna", "Bert", "Cyril"]


@in_earnest
def test_no_note_goes_while_a_segment_is_counted_for_the_first_time(germans: Segment) -> None:
    run = germans.request_refresh(by=None, at=NOW)
    Run.objects.filter(pk=run.pk).update(state="running")
    assert touching.forget(at=NOW) == 0
    Run.objects.filter(pk=run.pk).update(state="done")
    assert forgotten() > 0


@pytest.mark.django_db
def test_the_triggers_stand_at_every_table_that_definitions_read() -> None:
    with scope.nobody():
        assert noting.build(connection) == []
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE billing_invoice ENABLE TRIGGER touch_insert")
            cursor.execute("DROP TRIGGER touch_names ON ledgers_ledger")
        assert noting.build(connection) == ["billing_invoice", "ledgers_ledger"]
        assert noting.build(connection) == []


def test_a_query_of_what_is_not_noted_asks_everybody() -> None:
    assert noting.heeded('SELECT id FROM "customers_customer"', []) == ["customers_customer"]
    assert noting.heeded('SELECT "ledgers_ledger"."name" FROM "ledgers_ledger"', []) == ["ledgers_ledger"]
    assert noting.heeded('SELECT "ledgers_ledger"."status" FROM "ledgers_ledger"', []) is None
    assert noting.heeded('SELECT U0."name" FROM "ledgers_ledger" U0', []) is None
    assert noting.heeded("SELECT h.id FROM billing_invoiceevent h", []) is None
