"""Whatever changes, data or rules or the day: who was touched, asked alone, gives the members that everybody gives.

INCREMENTAL_CASES says how many worlds of changes are tried.
"""

import os
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segments.freshness import refreshing
from segments.models import Segment, Touched
from tests.factories import SegmentFactory
from tests.segments import definitions, worlds
from tests.segments.edits import EDITS
from tests.segments.test_definition_property import named

CASES = int(os.environ.get("INCREMENTAL_CASES", "30"))
AHEAD = [timedelta(0)] * 8 + [timedelta(hours=5), timedelta(days=1), timedelta(days=31)]


@pytest.fixture(params=range(3))
def world(request: pytest.FixtureRequest, db: None) -> Any:
    bank, _, segments = worlds.make(request.param)
    return bank, segments


@settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, max_examples=CASES)
@given(
    customers=st.lists(definitions.CUSTOMERS, min_size=3, max_size=3),
    accounts=st.lists(definitions.ACCOUNTS, min_size=1, max_size=1),
    instead=definitions.CUSTOMERS,
    seed=st.integers(0, 2**32),
)
def test_who_was_touched_is_enough(
    world: Any, customers: Any, accounts: Any, instead: Any, seed: int
) -> None:
    bank, ids = world
    random = Random(seed)
    with transaction.atomic():
        at, segments = worlds.AT, []
        for population, several in (("customers", customers), ("accounts", accounts)):
            for data in several:
                chance = random.random() < 0.5
                segment: Segment = SegmentFactory(
                    organization=bank, population=population, is_marketing=chance
                )
                segment.save_definition(named(data, ids), by=None, at=at)
                segments.append(segment)
        for _ in range(random.randint(2, 5)):
            refreshed(segments, at)
            at += random.choice(AHEAD)
            for edit in random.choices(EDITS, k=random.randint(1, 3)):
                edit(random, bank)
            if random.random() < 0.1:
                segments[0].save_definition(named(instead, ids), by=None, at=at)
        refreshed(segments, at)
        transaction.set_rollback(True)


def refreshed(segments: list[Segment], at: datetime) -> None:
    """All of them, and each holds whom its rules give by everybody. Then nobody needs the notes any more."""
    for segment in segments:
        expected = set(segment.matching(at).draw(1000))
        run = refreshing.execute(segment.request_refresh(by=None, at=at).pk, at=at)
        assert run is not None
        assert (run.state, run.error) == ("done", "")
        segment.refresh_from_db()
        assert set(segment.members().values_list("pk", flat=True)) == expected, segment.version.definition
        assert segment.member_count == len(expected)
    Touched.objects.all().delete()
