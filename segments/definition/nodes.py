"""A definition as typed nodes: what parsing gives and the compiler, the read-back and the explanation walk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from segments.catalog import Field, Scope

Anchor = Literal["now", "startOfDay", "startOfMonth", "startOfYear"]
Unit = Literal["minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True)
class Relative:
    """A moment counted from now, in the organization's time zone: `startOfDay, -90, day` is midnight 90 days ago."""

    anchor: Anchor
    offset: int
    unit: Unit

    def resolve(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The moment it stands for when it is `at`. 31 March - 1 month is the end of February."""
        local = at.astimezone(zone)
        if self.anchor != "now":
            local = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if self.anchor == "startOfMonth":
            local = local.replace(day=1)
        if self.anchor == "startOfYear":
            local = local.replace(month=1, day=1)
        if self.unit in ("minute", "hour"):
            step = timedelta(minutes=self.offset) if self.unit == "minute" else timedelta(hours=self.offset)
            return (local.astimezone(ZoneInfo("UTC")) + step).astimezone(zone)
        if self.unit in ("day", "week"):
            return local + timedelta(days=self.offset * (7 if self.unit == "week" else 1))
        return add_months(local, self.offset * (12 if self.unit == "year" else 1))


def add_months(moment: datetime, months: int) -> datetime:
    """The same day and time `months` later, or the month's last day where there is no such day."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


Scalar = str | bool | Decimal | date | Relative | UUID
Value = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True)
class Rule:
    """One field, one test, one value."""

    field: Field
    operator: str
    value: Value
    path: str
    currency: str = ""
    days: int = 0


@dataclass(frozen=True)
class Related:
    """How many rows of something must meet conditions that all bind to the same row."""

    field: Field
    scope: Scope
    mode: str
    threshold: int
    where: "Group"
    path: str


@dataclass(frozen=True)
class Aggregate:
    """A figure over rows of something (sum, count, avg, min, max), compared with a value."""

    field: Field
    scope: Scope
    fn: str
    of: Field | None
    operator: str
    value: Value
    where: "Group | None"
    path: str
    currency: str = ""


@dataclass(frozen=True)
class Group:
    """Rules held together by and/or; negated: none of what it says.

    The outermost group names its population, and the segment that it defines where it is one's `own`.
    """

    combinator: str
    negated: bool
    rules: tuple["Node", ...] = ()
    path: str = ""
    population: str = ""
    own: UUID | None = None

    @property
    def is_everything(self) -> bool:
        """Whether it asks nothing of a row: its only rule is the one that says all."""
        return not self.negated and all(
            isinstance(each, Rule) and each.field.type == "all" for each in self.rules
        )


Node = Group | Rule | Related | Aggregate


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside it."""
    yield node
    inner: tuple[Node | None, ...] = ()
    if isinstance(node, Group):
        inner = node.rules
    elif isinstance(node, Related | Aggregate):
        inner = (node.where,)
    for each in inner:
        if each is not None:
            yield from walk(each)


def near(node: Node) -> Iterator[Node]:
    """A node and what stands in it about the same row: not what is asked of related rows."""
    yield node
    for each in node.rules if isinstance(node, Group) else ():
        yield from near(each)


def segments_of(rule: Rule) -> tuple[UUID, ...]:
    """The segments that a rule names."""
    if rule.field.type != "segment" or rule.value is None:
        return ()
    found = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return tuple(each for each in found if isinstance(each, UUID))


def segments_used(node: Node) -> set[UUID]:
    """Every segment that a definition names."""
    return {segment for each in walk(node) if isinstance(each, Rule) for segment in segments_of(each)}
