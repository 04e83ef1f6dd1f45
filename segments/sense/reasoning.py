"""Whether claims about one member can hold together, whoever the member is.

A search: each claim either says something of a fact, which is narrowed, or stands for other claims. It ends with yes as
soon as no fact is left without a value, and with no when every way has failed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.db import connection

from console.organizations.models import Organization
from segments.catalog.operators import NEGATIVE, PARTS
from segments.definition.conditions import local_day, moments
from segments.definition.nodes import Aggregate, Group, Node, Related, Rule, walk
from segments.sense.facts import HIGHEST, LOWEST, Fact, Held, Point, Spans, Texts, point

ORDERED = ("number", "money", "date", "datetime")
STEPS = 20_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Claim = tuple[Node, bool]
Way = tuple[tuple[Claim, ...], tuple[Any, Fact] | None]


class Spent(Exception):
    """Too many steps were taken: what is asked can't be shown."""


@dataclass
class Reasoner:
    """Reasons about one definition at the moment `at`, in the organization's zone, in so many steps at most."""

    organization: Organization
    at: datetime
    folded: dict[str, str]
    steps: int = STEPS
    _empty: dict[Any, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Group, organization: Organization, at: datetime) -> "Reasoner":
        """A reasoner that knows the definition's texts as PostgreSQL folds them: without case and accents."""
        texts = {value for node in walk(root) if isinstance(node, Rule) for value in _texts_of(node)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT said, fold(said) FROM unnest(%s::text[]) AS texts(said)", [list(texts)])
            return cls(organization, at, dict(cursor.fetchall()))

    def can_hold(self, *claims: Claim) -> bool:
        """Whether some member could meet all the claims; yes too where the steps do not suffice to tell."""
        try:
            return self._search(_sure_first(claims), {})
        except Spent:
            return True

    def _search(self, claims: list[Claim], known: dict[Any, Fact]) -> bool:
        if not claims:
            return True
        if self.steps <= 0:
            raise Spent
        self.steps -= 1
        (node, is_claimed), rest = claims[0], claims[1:]
        for more, said in self.ways(node, is_claimed):
            narrowed = _narrowed(known, said)
            if narrowed is not None and self._search(_sure_first([*more, *rest]) if more else rest, narrowed):
                return True
        return False

    def ways(self, node: Node, is_claimed: bool) -> list[Way]:
        """The ways in which a node can hold, or fail: other claims, or what is said of a fact."""
        if isinstance(node, Group):
            return _group(node, is_claimed)
        if isinstance(node, Rule):
            return self._rule(node, is_claimed)
        positive = NEGATIVE.get(node.operator) if isinstance(node, Aggregate) else None
        if positive and isinstance(node, Aggregate):
            return self.ways(replace(node, operator=positive), not is_claimed)
        said = self._counted(node) if _counts(node) else self._figure(node)
        limits = self._number_of_rows(node) if _counts(node) else Spans()
        return [((), (key_of(node), (said if is_claimed else said.rest()).meet(limits)))]

    def _rule(self, rule: Rule, is_claimed: bool) -> list[Way]:
        if rule.field.type == "all":
            return [((), None)] if is_claimed else []
        if positive := NEGATIVE.get(rule.operator):
            return self._rule(replace(rule, operator=positive), not is_claimed)
        key = key_of(rule)
        if is_several(rule):
            return [((), (key, each)) for each in self._several(rule, is_claimed)]
        fact: Any = self._spans(rule) if rule.field.type in ORDERED else self._texts(rule)
        said = fact if is_claimed else fact.rest()
        return [((), (key, said.meet(_limits(rule))))]

    def _several(self, rule: Rule, is_claimed: bool) -> list[Held]:
        if rule.operator == "null":
            return [Held(none=frozenset([is_claimed]))]
        test = rule.operator if rule.operator in PARTS and rule.field.type != "list" else "="
        asked = [(test, self._fold(rule, value)) for value in _values(rule)]
        return (
            [Held(has=frozenset([each])) for each in asked] if is_claimed else [Held(lacks=frozenset(asked))]
        )

    def _texts(self, rule: Rule) -> Texts:
        if rule.operator == "null":
            return Texts(among=frozenset())
        values = [self._fold(rule, value) for value in _values(rule)]
        if rule.operator in PARTS:
            return Texts(parts=frozenset([(rule.operator, str(values[0]), True)]), missing=False)
        return Texts(among=frozenset(values), missing=False)

    def _fold(self, rule: Rule, value: Any) -> Any:
        is_plain = rule.field.is_code or rule.field.type == "choice" or not isinstance(value, str)
        return value if is_plain else self.folded.get(value, value)

    def _spans(self, rule: Rule) -> Spans:
        """The spans that a rule lets an ordered fact lie in."""
        return _compared(rule.operator, [self._ends(rule.field.type, value) for value in _values(rule)])

    def _ends(self, type: str, value: Any) -> tuple[Point, Point]:
        """Where a value begins and ends: a day, a moment, or a number, which has no length."""
        zone = self.organization.zone
        if type == "date":
            day = local_day(value, self.at, zone).toordinal()
            return point(day), point(day + 1)
        if type == "datetime":
            start, end = moments(value, self.at, zone)
            return point(start - EPOCH), point(end - EPOCH)
        return point(value), point(value, after=True)

    def _figure(self, node: Any) -> Spans:
        values = node.value if isinstance(node.value, tuple) else (node.value,)
        ends = [] if node.operator == "null" else [self._ends(node.of.type, value) for value in values]
        return _compared(node.operator, ends)

    def _counted(self, node: Any) -> Spans:
        """How many rows: a whole number."""
        if isinstance(node, Aggregate):
            values = node.value if isinstance(node.value, tuple) else (node.value,)
            return _compared(
                node.operator, [] if node.operator == "null" else [_whole(each) for each in values]
            )
        operator, number = {
            "some": (">=", 1),
            "none": ("=", 0),
            "all": ("=", 0),  # of those that fail
            "atLeast": (">=", node.threshold),
            "atMost": ("<=", node.threshold),
            "exactly": ("=", node.threshold),
        }[node.mode]
        return _compared(operator, [_whole(Decimal(number))])

    def _number_of_rows(self, node: Any) -> Spans:
        """From none on; none at all where no row can meet the conditions."""
        end = point(1) if node.where and self._is_impossible(node.where, key_of(node)) else HIGHEST
        return Spans(((point(0), end),), missing=False)

    def _is_impossible(self, where: Group, key: Any) -> bool:
        if key not in self._empty:
            is_of_failing = key[-1]
            self._empty[key] = not self.can_hold((where, not is_of_failing))
        return self._empty[key]


def _group(group: Group, is_claimed: bool) -> list[Way]:
    inner = is_claimed != group.negated
    claims = [(each, inner) for each in group.rules]
    if (group.combinator == "and") == inner:
        return [(tuple(claims), None)]
    return [((claim,), None) for claim in claims]


def _sure_first(claims: Iterable[Claim]) -> list[Claim]:
    """Claims that leave no choice narrow facts before anything is tried out."""
    return sorted(claims, key=_branches)


def _branches(claim: Claim) -> bool:
    node, is_claimed = claim
    if isinstance(node, Group):
        return len(node.rules) > 1 and (node.combinator == "and") != (is_claimed != node.negated)
    return isinstance(node, Rule) and is_several(node) and isinstance(node.value, tuple)


def _narrowed(known: dict[Any, Fact], said: tuple[Any, Fact] | None) -> dict[Any, Fact] | None:
    """What is known with one thing more; None where that leaves a fact without a value."""
    if said is None:
        return known
    key, fact = said
    both: Any = known[key].meet(fact) if key in known else fact  # type: ignore[arg-type]  # one key, so one kind of fact
    return None if both.is_empty else {**known, key: both}


def is_several(rule: Rule) -> bool:
    """Whether the rule asks what a member has of something of which there can be several."""
    of_many = rule.field.type == "segment" and rule.field.key != "assigned_segment"
    return of_many or rule.field.type == "list" or rule.field.via is not None


def _limits(rule: Rule) -> Any:
    """The values that the field can have at all."""
    if rule.field.type in ORDERED:
        is_days = rule.field.key == "overdrawn_days"
        return Spans(((point(0), point(rule.days, after=True)),)) if is_days else Spans()
    if rule.field.type == "boolean":
        return Texts(among=frozenset([True, False]))
    return Texts(among=frozenset(key for key, _ in rule.field.choices)) if rule.field.choices else Texts()


def _compared(operator: str, ends: list[tuple[Point, Point]]) -> Spans:
    """Spans for a test on values, of each of which the beginning and the end are given."""
    if operator == "null":
        return Spans((), missing=True)
    (start, end), last = ends[0], ends[-1][1]
    spans = {
        "=": [(start, end)],
        "<": [(LOWEST, start)],
        "<=": [(LOWEST, end)],
        ">": [(end, HIGHEST)],
        ">=": [(start, HIGHEST)],
        "between": [(start, last)],
        "in": sorted(set(ends)),
    }[operator]
    return Spans(tuple((low, high) for low, high in spans if low < high), missing=False)


def _whole(value: Any) -> tuple[Point, Point]:
    """Where whole numbers that are at least, and at most, a value begin and end."""
    number = Decimal(value)
    low, high = number.to_integral_value(ROUND_CEILING), number.to_integral_value(ROUND_FLOOR)
    return point(int(low)), point(int(high) + 1)


def _values(rule: Rule) -> tuple[Any, ...]:
    if rule.operator in ("null", "notNull"):
        return ()
    return rule.value if isinstance(rule.value, tuple) else (rule.value,)


def _texts_of(rule: Rule) -> list[str]:
    return [value for value in _values(rule) if isinstance(value, str)]


def _counts(node: Node) -> bool:
    return isinstance(node, Related) or (isinstance(node, Aggregate) and node.of is None)


def key_of(node: Node) -> Any:
    """What a rule is about: two rules with the same key narrow the same fact."""
    if isinstance(node, Rule):
        return ("value", node.field.key, node.currency, node.days)
    if isinstance(node, Related):
        return ("rows", node.field.key, _plain(node.where), node.mode == "all")
    if isinstance(node, Aggregate):
        if node.of is None:
            return ("rows", node.field.key, _plain(node.where), False)
        return ("figure", node.field.key, node.fn, node.of.key, node.currency, _plain(node.where))
    return ()


def keys_of(node: Node) -> frozenset[Any]:
    """What all the rules in a node are about."""
    if isinstance(node, Group):
        return frozenset().union(*(keys_of(each) for each in node.rules))
    return frozenset([key_of(node)])


def _plain(node: Node | None) -> Any:
    """A node's content without its place, to tell whether two say the same."""
    if node is None or (isinstance(node, Group) and node.is_everything):
        return ()
    if isinstance(node, Group):
        return (node.combinator, node.negated, tuple(_plain(each) for each in node.rules))
    if isinstance(node, Rule):
        return (key_of(node), node.operator, node.value)
    number = (node.mode, node.threshold) if isinstance(node, Related) else (node.operator, node.value)
    return (key_of(node), number)
