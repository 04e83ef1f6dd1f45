"""Rules that are edited while members are counted: the count by the old ones is stopped, and the new one begins."""

import time
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from console.organizations import scope
from console.organizations.models import Organization, Staff
from segments.freshness import refreshing
from segments.models import Run, Segment
from tests.factories import NOW, CustomerFactory, SegmentFactory
from tests.races import racing

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 30  # seconds that a count takes here when nobody stops it


def of(country: str) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": country}]}


@pytest.fixture
def germans(nordbank: Organization) -> Segment:
    CustomerFactory(organization=nordbank, name="Anna", country="DE")
    CustomerFactory(organization=nordbank, name="Cyril", country="CZ")
    made: Segment = SegmentFactory(organization=nordbank, name="Germans", definition=of("DE"))
    return made


@pytest.fixture
def is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever counts Germans takes very long."""
    write = refreshing._write

    def slowly(run: Run, asks: Any, at: Any) -> Any:
        if "DE" in str(run.version.definition):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(%s)", [LONG])
        return write(run, asks, at)

    monkeypatch.setattr(refreshing, "_write", slowly)


def counting(run: Run) -> Thread:
    """A worker that has begun with the run and is at work in the database."""

    def work() -> None:
        with scope.inside(run.organization_id):
            refreshing.execute(run.pk, at=NOW)
        connection.close()

    thread = Thread(target=copy_context().run, args=(work,))
    thread.start()
    until = time.monotonic() + 10
    while time.monotonic() < until and not is_at_work():
        time.sleep(0.02)
    assert is_at_work()
    return thread


def is_at_work() -> bool:
    with scope.nobody(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.usefixtures("is_slow")
def test_an_edit_stops_the_count_by_the_old_rules_and_the_new_one_begins(
    germans: Segment, alice: Staff
) -> None:
    old = germans.request_refresh(by=alice, at=NOW)
    worker = counting(old)
    began = time.monotonic()
    with scope.inside(germans.organization_id):
        Segment.objects.get(pk=germans.pk).save_definition(of("CZ"), by=alice, at=NOW)
        new = Segment.objects.get(pk=germans.pk).request_refresh(by=alice, at=NOW)
    worker.join(LONG)
    assert time.monotonic() - began < LONG / 3
    old.refresh_from_db()
    assert (old.state, old.error) == ("superseded", refreshing.EDITED)
    refreshing.execute(new.pk, at=NOW)
    assert [member.name for member in germans.members()] == ["Cyril"]


@pytest.mark.usefixtures("is_slow")
def test_an_edit_of_another_segment_stops_nothing(
    germans: Segment, nordbank: Organization, alice: Staff
) -> None:
    worker = counting(germans.request_refresh(by=alice, at=NOW))
    other = SegmentFactory(organization=nordbank, definition=of("AT"))
    other.save_definition(of("FR"), by=alice, at=NOW)
    worker.join(0.5)
    assert is_at_work()
    Segment.objects.get(pk=germans.pk).save_definition(of("CZ"), by=alice, at=NOW)
    worker.join(LONG)
    assert not is_at_work()


def test_whatever_is_edited_when_members_are_those_of_one_version(
    germans: Segment, nordbank: Organization, alice: Staff
) -> None:
    """A worker and an editor at the same moment, again and again: what is shown is what the shown version says."""

    def count() -> Any:
        run = same(germans).request_refresh(by=None, at=NOW)
        return refreshing.execute(run.pk, at=NOW)

    def edit(country: str) -> Any:
        return same(germans).save_definition(of(country), by=alice, at=NOW)

    with racing() as at_once:
        for number in range(100):
            at_once(count, partial(edit, ("CZ", "DE")[number % 2]))
            segment = same(germans)
            if segment.refreshed_version is not None:
                shown = segment.refreshed_version.definition["rules"][0]["value"]
                assert [member.country for member in segment.members()] == [shown]
                assert segment.member_count == 1
    assert not Run.objects.filter(state="failed").exists()


def same(segment: Segment) -> Segment:
    return Segment.objects.select_related("refreshed_version").get(pk=segment.pk)
