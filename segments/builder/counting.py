"""Counts for the page while somebody edits: exact, each with its age, within a few seconds in all, else none."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from console.organizations.models import Organization
from segments import definition
from segments.builder import funnel
from segments.builder.tree import Draft as Tree
from segments.catalog import Field
from segments.definition.faults import DefinitionFaults
from segments.definition.nodes import Group
from segments.expressions import IdSet
from segments.models import Draft, Segment

BUDGET = 5.0
PATIENCE = 600.0
FRESH = timedelta(minutes=2)
KEPT = 60
EVERYONE = "everyone"
Answer = TypeVar("Answer")


class TooSlow(Exception):
    """The counts took longer than the page may wait."""


@dataclass(frozen=True)
class Counted:
    """How many, and when that was."""

    n: int
    at: datetime


@dataclass(frozen=True)
class Change:
    """How many would enter and leave against the members of now."""

    entering: int
    leaving: int
    members: int


@dataclass
class Counter:
    """Counts definitions of one population; what was counted a moment ago is not counted again.

    `known` is kept with the draft: {key: [n, ISO time]}. `catalogue` is what `definition.parse` calls `known`.
    `own` is the segment that they define, if there is one. All queries together take `budget` seconds at most.
    """

    organization: Organization
    population: str
    is_marketing: bool
    at: datetime
    known: dict[str, Any] = field(default_factory=dict)
    catalogue: dict[str, dict[str, Field]] = field(default_factory=dict)
    budget: float = BUDGET
    own: UUID | None = None
    _began: float = field(default_factory=time.monotonic)
    _read: dict[str, Group] = field(default_factory=dict)

    def read(self, tree: Tree) -> Group:
        """A definition as typed nodes, each read once. Raises DefinitionFaults."""
        key = json.dumps(tree)
        if key not in self._read:
            given = (tree, self.population, self.organization)
            self._read[key] = definition.parse(*given, own=self.own, known=self.catalogue)
        return self._read[key]

    def ids(self, tree: Tree) -> IdSet:
        """Who meets a definition; for marketing without those who objected. Raises DefinitionFaults."""
        return definition.ids(self.read(tree), self.organization, self.at, is_marketing=self.is_marketing)

    @property
    def people(self) -> "QuerySet[Any]":
        """The whole population."""
        organization = self.organization
        return (
            organization.customers.filter(erased_at=None)
            if self.population == "customers"
            else organization.accounts.all()
        )

    def key(self, tree: Tree) -> str:
        """The same for the same members: what a definition is counted under."""
        rules = {name: part for name, part in tree.items() if name != "schema_version"}
        return funnel.key({"marketing": self.is_marketing, **rules}, self.population)

    def look_up(self, tree: Tree) -> Counted | None:
        """A count of this definition that is still fresh."""
        return self._fresh(self.key(tree))

    def _fresh(self, key: str) -> Counted | None:
        n, since = self.known.get(key, (None, ""))
        at = parse_datetime(since) if n is not None else None
        return Counted(n, at) if at and self.at - at < FRESH else None

    def count(self, tree: Tree, *, within: float = PATIENCE) -> Counted:
        """The exact count. Raises DefinitionFaults, or TooSlow when the time or so many seconds are over."""
        if found := self.look_up(tree):
            return found
        ids = self.ids(tree)
        return self.remember(tree, self.timed(ids.count, within))

    def everyone(self) -> Counted:
        """All of the population, whatever the segment is for. Raises TooSlow."""
        if found := self.look_up_everyone():
            return found
        n = self.timed(self.people.count)
        self.known[f"{EVERYONE} {self.population}"] = [n, self.at.isoformat()]
        return Counted(n, self.at)

    def look_up_everyone(self) -> Counted | None:
        return self._fresh(f"{EVERYONE} {self.population}")

    def against(self, tree: Tree, segment: Segment) -> Change | None:
        """Who would enter and leave if a definition were saved; none before the first count.

        Raises DefinitionFaults, TooSlow.
        """
        if segment.refreshed_at is None:
            return None
        n, members = self.count(tree).n, segment.members()
        staying = self.timed(IdSet.all_of([self.ids(tree), IdSet.of(members.values("pk"))]).count)
        now = self.timed(members.count)
        return Change(n - staying, now - staying, now)

    def remember(self, tree: Tree, n: int) -> Counted:
        self.known[self.key(tree)] = [n, self.at.isoformat()]
        for old in list(self.known)[:-KEPT]:
            del self.known[old]
        return Counted(n, self.at)

    def timed(self, ask: Callable[[], Answer], within: float = PATIENCE) -> Answer:
        """Ask the database within what is left of the time, and so many seconds. Raises TooSlow."""
        with time_limit(min(within, self.budget - (time.monotonic() - self._began))):
            return ask()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let the database answer within so many seconds, else raise TooSlow and leave the transaction usable."""
    if seconds <= 0.01:
        raise TooSlow
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":
            raise
        raise TooSlow from error


def count_draft(draft_id: UUID, *, at: datetime) -> int | None:
    """Count a draft with a worker's patience; None when it is gone, can't be compiled, or takes longer still."""
    draft = Draft.objects.select_related("organization").filter(pk=draft_id).first()
    if draft is None:
        return None
    asked = (draft.organization, draft.population, draft.is_marketing, at)
    counter = Counter(*asked, budget=PATIENCE, own=draft.segment_id)
    try:
        n = counter.count(draft.definition).n
    except (DefinitionFaults, TooSlow):
        n = None
    with transaction.atomic():
        kept = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if kept is not None:
            kept.counts.pop(f"queued {counter.key(draft.definition)}", None)
            kept.counts |= counter.known
            kept.save(update_fields=["counts"])
    return n
