"""A stable sample of the members, and what those of it who meet a definition say of everybody."""

from dataclasses import dataclass, replace
from math import ceil, log10, sqrt
from typing import Any

from django.db.models import F, QuerySet

from console.organizations.fields import InSample
from console.organizations.models import Organization
from segments.definition.near import Near, gather
from segments.expressions import IdSet, Sql

PARTS = 64  # those of the index: see console.organizations.fields.InSample
SIZE = 5_000  # members that are enough to look at: of those whom one in ten meets, give or take 8 in 100
SURE = 1.96  # standard errors to either side, within which the truth is found 19 times of 20


NEAR = Near.gathered("sampled")


@dataclass(frozen=True)
class Sample:
    """One in `parts` of the customers or accounts of an organization: always the same ones."""

    people: "QuerySet[Any]"
    parts: int
    population: str

    def gather(self, *, asking: str = "") -> int:
        """Find them, until the transaction ends, for a query that asks of NEAR; how many they are."""
        ids = replace(IdSet.of(self.people.values("pk")), is_distinct=True)
        return gather("sampled", self.population, ids, asking=asking)


def sample_of(organization: Organization, population: str, members: int) -> Sample:
    """The sample for about so many members: at least 1 in 64, and no more than are enough to look at."""
    parts = PARTS
    while members / parts > SIZE:
        parts *= 2
    people: Any = organization.customers.all() if population == "customers" else organization.accounts.all()
    people = people.filter(InSample("id"))
    return Sample(people if parts == PARTS else fewer(people, parts), parts, population)


def fewer(people: "QuerySet[Any]", parts: int) -> "QuerySet[Any]":
    """One in `parts` of all, a power of two, from those in the sample of the index."""
    return people.filter(Sql(f"(uuid_hash({{}}) & {parts - 1:d}) = 0", F("id")))


@dataclass(frozen=True)
class Estimate:
    """About how many of all, give or take `margin`: the truth is within it 19 times of 20."""

    n: int
    margin: int
    looked_at: int

    @classmethod
    def of(cls, found: int, looked_at: int, parts: int) -> "Estimate":
        """From `found` of the `looked_at` members of a sample of one in `parts`; both rounded, to promise no more."""
        others = 1 - found / looked_at if looked_at else 0
        margin = parts * (SURE * sqrt(found * others + SURE**2 / 4) + SURE**2 / 2)
        step = 10 ** max(0, int(log10(margin)) - 1)
        return cls(round(found * parts / step) * step, ceil(margin / step) * step, looked_at)
