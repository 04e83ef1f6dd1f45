"""Notes of whom something touched go when no segment needs them any more, and not before."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from segments.freshness import refreshing, touching
from segments.models import Run, Segment, Touched
from tests.factories import NOW, AccountFactory, SegmentFactory
from tests.segments.moves import GERMANS, move, names, refreshed

in_earnest = pytest.mark.django_db(transaction=True)


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


@in_earnest
def test_notes_of_what_was_right_without_a_run_are_forgotten(germans: Segment) -> None:
    refreshed(germans)
    AccountFactory(organization=germans.organization)  # of no concern to who is a German
    assert refreshing.renew(germans, at=NOW)
    while Touched.objects.exists():
        assert forgotten(partial(refreshing.renew, germans, at=NOW)) > 0


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
