"""What the database says of a member's related rows: how many meet the conditions and each part of them, and a few."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet

from console.customers.masking import Sight
from console.templatetags.console import money
from segments.catalog import SCOPES
from segments.catalog.field import Field, Scope, Via
from segments.definition import Compiler
from segments.definition.figures import INNER
from segments.definition.nodes import Aggregate, Related, Rule, near
from segments.explaining.rows import holds
from segments.expressions import every
from segments.showing.said import NOT_SET, Said, as_said, per_day, written
from segments.showing.shown import value_of

FEW = 3
COLUMNS = 6
MEASURED = ("money", "number", "date", "datetime")
# Whose rows are called by what they lead to, which has a page of its own.
CALLED = {"holdings": "account", "holders": "customer"}


@dataclass(frozen=True)
class Example:
    """One related row: whether it meets the conditions, what it leads to, and its values."""

    is_met: bool
    name: str
    url: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Examples:
    """A few related rows, those that meet the conditions first."""

    heads: tuple[str, ...] = ()
    rows: tuple[Example, ...] = ()
    more: int = 0

    @property
    def is_named(self) -> bool:
        """Whether each row leads to something with a page of its own."""
        return bool(self.rows and self.rows[0].url)


@dataclass(frozen=True)
class Seen:
    """How many related rows there are and meet the conditions; `counts` of each part of these by its path."""

    total: int
    met: int
    counts: dict[str, int]
    figure: Any = None
    values: int = 0
    examples: Examples = field(default_factory=Examples)


def look(compiler: Compiler, node: Related | Aggregate, sight: Sight) -> Seen:
    """Two queries about the related rows of the member that the compiler is narrowed to."""
    inside = compiler.inside(node.scope.name)
    rows = (
        compiler.added(node)
        if isinstance(node, Aggregate)
        else compiler.matching(node.scope.name, node.where)
    )
    meets = every(rows.where)
    parts = [each for rule in (node.where.rules if node.where else ()) for each in near(rule)]
    counts: dict[str, Any] = {
        f"part_{n}": Count("pk", filter=holds(inside, inside.part(each))) for n, each in enumerate(parts)
    }
    if isinstance(node, Aggregate) and node.of is not None:
        of = compiler.read(node.of, 0)
        counts |= {"row_figure": INNER[node.fn](of, filter=meets), "row_values": Count(of, filter=meets)}
    found = inside.rows.aggregate(row_count=Count("pk"), rows_met=Count("pk", filter=meets), **counts)
    examples = few(inside, node, meets, sight) if found["row_count"] else Examples()
    return Seen(
        found["row_count"],
        found["rows_met"],
        {each.path: found[f"part_{n}"] for n, each in enumerate(parts)},
        found.get("row_figure", found["rows_met"]),
        found.get("row_values", found["rows_met"]),
        replace(examples, more=found["row_count"] - len(examples.rows)),
    )


def through(compiler: Compiler, rule: Rule, via: Via, sight: Sight) -> Said:
    """A fact of the member that stands on related rows: what it is on the first few of those that are meant."""
    inside, there = compiler.inside(via.scope), replace(rule, field=SCOPES[via.scope].fields[via.field])
    rows = (
        inside.rows.filter(**via.rows)
        .order_by("-pk")
        .annotate(row_value=value_of(there, inside.organization, inside.at))
    )
    values = list(rows.values_list("row_value", flat=True)[: FEW + 1])
    words = [
        written(there.field, value, rule.currency, sight, compiler.organization.zone)
        for value in values[:FEW]
    ]
    return Said(", ".join(words) or NOT_SET, "And more." if len(values) > FEW else "")


def figure(node: Aggregate, value: Any, number: int, sight: Sight, compiler: Compiler) -> tuple[str, str]:
    """The figure in words, and of an average the sum behind it, which is what is compared."""
    zone = compiler.organization.zone
    if node.of is None:
        return f"{number:,}", ""
    if node.fn == "sum" and value is None:
        value = Decimal(0)
    if node.fn != "avg" or value is None:
        return written(node.of, value, node.currency, sight, zone), ""
    total = money(value, node.currency)
    return written(node.of, per_day(value, number), node.currency, sight, zone), f"Sum {total} of {number:,}."


def few(inside: Compiler, node: Related | Aggregate, meets: Any, sight: Sight) -> Examples:
    """The first rows with the values that the conditions look at; those that meet them first."""
    looked = shown_of(node)
    columns = {f"value_{n}": value_of(rule, inside.organization, inside.at) for n, rule in enumerate(looked)}
    extra = {"row_currency": F(node.scope.currency)} if node.scope.currency else {}
    called = CALLED.get(node.scope.name, "")
    rows: QuerySet[Any] = inside.rows.select_related(called) if called else inside.rows
    rows = rows.annotate(row_meets=meets, **extra, **columns).order_by("-row_meets", "-pk")[:FEW]
    return Examples(
        tuple(rule.field.label for rule in looked),
        tuple(_example(row, looked, called, sight, inside) for row in rows),
    )


def _example(row: Any, looked: list[Rule], called: str, sight: Sight, inside: Compiler) -> Example:
    zone, currency = inside.organization.zone, getattr(row, "row_currency", "")
    cells = tuple(
        written(rule.field, as_said(rule, getattr(row, f"value_{n}")), currency, sight, zone)
        for n, rule in enumerate(looked)
    )
    if not called:
        return Example(row.row_meets, "", "", cells)
    thing = getattr(row, called)
    thing.organization = inside.organization
    name = thing.external_id if called == "account" else sight.name(thing)
    return Example(row.row_meets, name, thing.get_absolute_url(), cells)


def shown_of(node: Related | Aggregate) -> list[Rule]:
    """What is shown of a related row: what its conditions look at, what can be measured first; of one without a
    name its first date and its first amount before that."""
    found: dict[Any, Rule] = {}
    if node.scope.name not in CALLED:
        found = {(each.key, 0): _bare(each) for each in facts(node.scope)}
    if isinstance(node, Aggregate) and node.of is not None:
        found[node.of.key, 0] = _bare(node.of)
    rules = [each for each in (near(node.where) if node.where else ()) if isinstance(each, Rule)]
    for each in sorted(rules, key=lambda one: one.field.type not in MEASURED):
        if each.field.read is not None:
            found[each.field.key, each.days] = each
    return list(found.values())[:COLUMNS]


def facts(scope: Scope) -> list[Field]:
    """The first date and the first amount that rows of a scope have: enough to tell one from another."""
    plain = [each for each in scope.fields.values() if each.read is not None and not each.is_windowed]
    firsts = (next((each for each in plain if each.type == kind), None) for kind in ("date", "money"))
    return [each for each in firsts if each is not None]


def _bare(field: Field) -> Rule:
    return Rule(field, "notNull", None, "")
