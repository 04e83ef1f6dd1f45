"""A dispatcher may be killed at any moment: nothing is lost, nothing goes twice unasked, the books balance."""

import random

import pytest

from communications.books import books_of_run
from communications.fault_points import POINTS
from tests.communications.faults.storm import CONCURRENCY, storm

pytestmark = pytest.mark.django_db(transaction=True)


def test_killed_at_each_named_point() -> None:
    with storm(messages=300) as weather:
        for point in POINTS:
            weather.killed_at(point)
        weather.finish()
        assert weather.kills == len(POINTS)
        assert weather.unbalanced == []
        assert weather.lost == []
        assert weather.duplicates == 0
        books = books_of_run(weather.run)
        assert books.planned == 300 == books.sent + books.uncertain
        assert 0 < books.uncertain <= len(POINTS) * CONCURRENCY
        assert weather.decide() == books.uncertain
        weather.finish()
        assert books_of_run(weather.run).sent == 300
        assert set(weather.sink.arrivals) == {
            str(pk) for pk in weather.run.messages.values_list("pk", flat=True)
        }
        assert weather.duplicates <= weather.kills * CONCURRENCY


def test_killed_at_random() -> None:
    with storm(messages=400) as weather:
        for arrived in sorted(random.sample(range(1, 340), 3)):
            weather.killed_when(arrived, batch=40)
        weather.finish()
        assert (weather.lost, weather.unbalanced, weather.duplicates) == ([], [], 0)
        weather.decide()
        weather.finish()
        assert books_of_run(weather.run).sent == 400 == len(weather.sink.arrivals)
        assert weather.duplicates <= weather.kills * CONCURRENCY
