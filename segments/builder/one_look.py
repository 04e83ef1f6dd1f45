"""The numbers of the funnel with one look at the members: each rule is asked once of each, then combined.

Sixty rules counted one by one would ask the first of them sixty times. Of many members a sample is looked at.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from segments.builder import estimating, funnel
from segments.builder.counting import BUDGET, Counter, TooSlow
from segments.builder.funnel import EVERYONE, Step
from segments.builder.sampling import NEAR, Estimate, Sample, fewer
from segments.builder.tree import Draft, children_of, kind_of
from segments.definition import Compiler
from segments.definition.faults import DefinitionFaults
from segments.definition.parts import Part
from segments.expressions import Sql, Within, every, fails

LESS = 8  # times fewer are looked at where the sample takes too long
MEMORY = "SET LOCAL work_mem = '64MB'"


@dataclass
class Look:
    """What is asked of each member: a column for each rule that is no group, by its JSON."""

    counter: Counter
    sample: Sample | None
    columns: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)

    def take(self, tree: Draft) -> None:
        """Ask the rules of a tree of each member; those with a fault are left out."""
        if kind_of(tree) == "group":
            for rule in children_of(tree):
                self.take(rule)
            return
        key, name = _key(tree), f"rule_{len(self.columns)}"
        if key in self.columns:
            return
        try:
            part = self._part(tree)
        except DefinitionFaults:
            return
        self.columns[key], self.asked[name] = name, Sql("({}) IS TRUE", every(_conditions(part)))

    def _part(self, rule: Draft) -> Part:
        counter = self.counter
        node = counter.read(funnel.every([rule]))
        near = NEAR if self.sample else None
        return Compiler.of(node, counter.organization, counter.at, near=near).part(node)

    def says(self, tree: Draft) -> str:
        """A tree over the columns. Raises KeyError where one of its rules is left out."""
        if tree == EVERYONE:
            return "TRUE"
        if kind_of(tree) != "group":
            return self.columns[_key(tree)]
        inner = [self.says(rule) for rule in children_of(tree)]
        if not inner:
            raise KeyError("an empty group")
        word = " AND " if tree.get("combinator") == "and" else " OR "
        return f"{'NOT ' if tree.get('not') else ''}({word.join(inner)})"

    @property
    def people(self) -> "QuerySet[Any]":
        """Who is looked at: none who are erased, for marketing none who objected to profiling."""
        people = self.counter.people
        if self.sample:
            people = people.filter(Within(F("id"), NEAR.members))
        if self.counter.population == "accounts":
            return people
        since = "profiling_objected_at" if self.counter.is_marketing else "erased_at"
        return people.filter(**{since: None})

    def count(self, trees: Sequence[Draft]) -> list[int]:
        """How many members there are to look at, and how many of them meet each tree."""
        rows = self.people.order_by().annotate(**self.asked).values(*self.asked)
        sql, params = rows.query.sql_with_params()
        numbers = ", ".join(f"count(*) FILTER (WHERE {self.says(tree)})" for tree in trees)
        if self.sample:
            self.sample.gather(asking=sql)
        with connection.cursor() as cursor:
            cursor.execute(MEMORY)
            cursor.execute(
                f"WITH looked_at AS MATERIALIZED ({sql}) SELECT count(*), {numbers} FROM looked_at", params
            )
            return list(cursor.fetchone())


def look(steps: Sequence[Step], counter: Counter) -> dict[str, int | Estimate]:
    """The number of each step by its path: exact of few members, else estimated. Steps over a fault are left out.

    Raises TooSlow.
    """
    sample = estimating.sample_for(counter)
    if sample is None:
        return _looked(steps, counter, None, BUDGET)
    try:
        return _looked(steps, counter, sample, BUDGET / 2)
    except TooSlow:
        parts = sample.parts * LESS
        return _looked(
            steps, counter, replace(sample, people=fewer(sample.people, parts), parts=parts), BUDGET
        )


def _looked(
    steps: Sequence[Step], counter: Counter, sample: Sample | None, within: float
) -> dict[str, int | Estimate]:
    asked, sound = Look(counter, sample), []
    for step in steps:
        with suppress(KeyError):
            for tree in (step.more, step.less or EVERYONE):
                asked.take(tree)
                asked.says(tree)
            sound.append(step)
    if not sound:
        return {}
    trees = [tree for step in sound for tree in (step.more, step.less or EVERYONE)]
    everyone, *numbers = counter.timed(lambda: asked.count(trees), within)
    said: dict[str, int | Estimate] = {}
    for step, more, less in zip(sound, numbers[::2], numbers[1::2], strict=True):
        n = more - less if step.less else more
        said[step.path] = Estimate.of(n, everyone, sample.parts) if sample else n
        if not sample:
            _remember(counter, step, more, less)
    return said


def _remember(counter: Counter, step: Step, more: int, less: int) -> None:
    counter.remember(step.more, more)
    if step.less:
        counter.remember(step.less, less)


def _conditions(part: Part) -> list[Any]:
    """A part as conditions of a column: sets that PostgreSQL hashes there too, which it does not for NOT EXISTS."""
    inside = [Within(F("id"), ids) for ids in part.within]
    return [*part.where, *inside, *(fails(Within(F("id"), ids)) for ids in part.without)]


def _key(rule: Draft) -> str:
    return json.dumps(rule, sort_keys=True)
