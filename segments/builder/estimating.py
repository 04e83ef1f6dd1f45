"""The first answer where an exact count takes a moment: a number from a sample of the members, marked ≈."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from segments import definition
from segments.builder.costs import LIMIT
from segments.builder.counting import Counted, Counter, TooSlow
from segments.builder.sampling import NEAR, Estimate, Sample, sample_of
from segments.builder.tree import Draft
from segments.expressions import IdSet

FEW = 20_000  # members of whom everybody is counted at once
# What is as soon exact as estimated, by the planner and by the clock: those who are shown cost an exact count again.
QUICK, PATIENCE = LIMIT / 125, 0.1
AT_MOST = 1.0  # seconds for an estimate: one that takes longer gives way to the exact count
ESTIMATE = (
    "WITH those AS MATERIALIZED ({ids})"
    " SELECT (SELECT count(*) FROM those), ARRAY(SELECT id FROM those ORDER BY random() LIMIT %s)"
)


@dataclass(frozen=True)
class Guess:
    """An estimate, and some of the sample at random who meet the definition."""

    estimate: Estimate
    drawn: list[Any]


def sample_for(counter: Counter) -> Sample | None:
    """The sample to look at; none where the members are few enough to count them all."""
    members = members_about(counter)
    return sample_of(counter.organization, counter.population, members) if members >= FEW else None


def members_about(counter: Counter) -> int:
    """How many there are in the population: counted a moment ago, or as the planner has it."""
    if known := counter.look_up_everyone():
        return known.n
    people = IdSet.of(counter.people.values("pk"))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {people.sql}", people.params)
        plan: Any = cursor.fetchone()[0]
    return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])


def guess(tree: Draft, counter: Counter, draw: int) -> Guess | Counted | None:
    """An estimate with `draw` members; the exact count where that is there as soon; none where all are few.

    Raises DefinitionFaults, or TooSlow where an estimate takes as long as counting.
    """
    sample = sample_for(counter)
    if sample is None:
        return None
    if counter.ids(tree).cost() <= QUICK:
        try:
            return counter.count(tree, within=PATIENCE)
        except TooSlow:
            pass
    given = (counter.read(tree), counter.organization, counter.at)
    found = definition.ids(*given, is_marketing=counter.is_marketing, near=NEAR)
    return counter.timed(lambda: _look(found, sample, draw), AT_MOST)


def _look(found: IdSet, sample: Sample, draw: int) -> Guess:
    looked_at = sample.gather(asking=found.sql)
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE.format(ids=found.sql), (*found.params, draw))
        n, drawn = cursor.fetchone()
    return Guess(Estimate.of(n, looked_at, sample.parts), drawn)
