"""Two workers at one segment, somebody who edits its rules and somebody who reads, in random order again and again."""

import json
import random
import time
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import connection

from console.organizations.models import Organization, Staff
from segments.freshness import refreshing
from segments.models import MembershipEvent, Run, Segment
from tests.factories import NOW, CustomerFactory, SegmentFactory
from tests.races import TIMES, racing

COUNTRIES = {"AT": 3, "CZ": 5, "DE": 7}
# One statement, so one moment of the database.
SEEN = """
SELECT member_count, shown.definition, ARRAY(
    SELECT country FROM segments_customermembership JOIN customers_customer AS c ON c.id = customer_id
    WHERE segment_id = segment.id
)
FROM segments_segment AS segment LEFT JOIN segments_segmentversion AS shown ON shown.id = refreshed_version_id
WHERE segment.id = %s
"""
PAUSES = ("_lock", "_is_current", "_write", "_end")


def of(*countries: str) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": "country", "operator": "in", "value": list(countries)}]}


@pytest.fixture
def watched(nordbank: Organization) -> Segment:
    for country, number in COUNTRIES.items():
        for _ in range(number):
            CustomerFactory(organization=nordbank, country=country)
    made: Segment = SegmentFactory(organization=nordbank, definition=of("DE"))
    return made


@pytest.fixture
def dice(monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """What decides the order: whoever refreshes pauses before each step for as long as the dice say."""
    dice = random.Random(2026)

    def paused(step: Any) -> Any:
        def later(*given: Any, **named: Any) -> Any:
            time.sleep(dice.random() * 0.004)
            return step(*given, **named)

        return later

    for name in PAUSES:
        monkeypatch.setattr(refreshing, name, paused(getattr(refreshing, name)))
    return dice


@pytest.mark.django_db(transaction=True)
def test_members_are_always_those_of_exactly_one_version_the_one_shown(
    watched: Segment, alice: Staff, dice: random.Random
) -> None:
    """Each of 200 rounds: two workers take runs of it, its rules change, and a reader looks, each at its moment."""
    choices = [of(*some) for some in (("DE",), ("CZ",), ("AT", "CZ"), ("DE", "AT"), ("DE", "CZ", "AT"))]
    states: Counter[str] = Counter()

    def after(pause: float, act: Any) -> Any:
        time.sleep(pause)
        return act()

    with racing(people=4) as at_once:
        for _ in range(TIMES):
            acts: list[Any] = [count, count, partial(edit, dice.choice(choices), alice), check]
            at_once(*(partial(after, dice.random() * 0.012, partial(act, watched.pk)) for act in acts))
            check(watched.pk)
    finish(watched.pk)
    check(watched.pk)
    last = Segment.objects.get(pk=watched.pk)
    assert last.refreshed_version_id == last.version_id
    states.update(Run.objects.values_list("state", flat=True))
    assert states["failed"] == 0
    assert states["done"]
    assert states["superseded"]  # both orders were seen
    assert_told(last)


def count(pk: Any) -> None:
    """A worker: it asks for a run where none waits, and carries it out."""
    run = Segment.objects.get(pk=pk).request_refresh(by=None, at=NOW)
    refreshing.execute(run.pk, at=NOW)


def edit(rules: dict[str, Any], by: Staff, pk: Any) -> None:
    Segment.objects.get(pk=pk).save_definition(rules, by=by, at=NOW)


def check(pk: Any) -> None:
    """Who reads sees in one moment: the version shown, its members and no others, and their number."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [pk])
        number, shown, countries = cursor.fetchone()
    wanted = json.loads(shown)["rules"][0]["value"] if shown else []
    assert Counter(countries) == {country: COUNTRIES[country] for country in wanted}
    assert number == (len(countries) if shown else None)


def finish(pk: Any) -> None:
    """What still waits is carried out, as the clock would have it."""
    run = Segment.objects.get(pk=pk).request_refresh(by=None, at=NOW)
    refreshing.execute(run.pk, at=NOW)


def assert_told(segment: Segment) -> None:
    """Entries and exits, replayed one after the other, give the members of now."""
    inside: set[Any] = set()
    for change, customer in MembershipEvent.objects.order_by("pk").values_list("change", "customer"):
        assert (customer in inside) == (change == "left")
        inside ^= {customer}
    assert inside == set(segment.customer_memberships.values_list("customer", flat=True))
