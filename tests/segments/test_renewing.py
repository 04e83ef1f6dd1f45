"""A segment that is due and that nothing touched is right without a run; where that can't be told, a run says it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from segments import tasks
from segments.freshness import refreshing
from segments.models import Run, Segment
from tests.factories import NOW
from tests.segments.moves import MOVED, move, refreshed

in_earnest = pytest.mark.django_db(transaction=True)


@contextmanager
def counted_by_another(segment: Segment) -> Iterator[None]:
    """A worker over another connection holds the segment."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 7))", [Run.lock_of(segment.pk)])
        yield
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()


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
    def broken(*_: object, **__: object) -> None:
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
