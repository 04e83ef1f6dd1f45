"""What the database says of one member: for each rule whether its compiled condition holds, and the value behind it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F

from segments.catalog import SCOPES
from segments.definition import Compiler
from segments.definition.nodes import Group, Node, Rule, near
from segments.definition.parts import Part
from segments.expressions import Sql, every
from segments.showing.shown import value_of


@dataclass(frozen=True)
class Found:
    """Ticks and values by the rules' paths; each value with the currency of the row that it was read from."""

    belongs: bool
    ticks: dict[str, bool]
    values: dict[str, tuple[Any, str]]

    def holds(self, node: Node) -> bool:
        """Whether a node holds: a group by what it is made of, a rule as the database said."""
        if not isinstance(node, Group):
            return self.ticks[node.path]
        met = [self.holds(each) for each in node.rules]
        return (all(met) if node.combinator == "and" else any(met)) != node.negated


def holds(compiler: Compiler, part: Part) -> Any:
    """Whether a row meets a part, true or false and never unknown."""
    return Sql("(({}) IS TRUE)", every(part.conditions(compiler.key)))


def look(compiler: Compiler, root: Group, is_marketing: bool) -> Found:
    """One query about the one row that the compiler is narrowed to. Raises DoesNotExist where that is gone."""
    asked = [each for each in near(root) if not isinstance(each, Group)]
    columns: dict[str, Any] = {"belongs": holds(compiler, compiler.whole(root, is_marketing))}
    valued = []
    for n, node in enumerate(asked):
        columns[f"tick_{n}"] = holds(compiler, compiler.part(node))
        if (
            isinstance(node, Rule)
            and (value := value_of(node, compiler.organization, compiler.at)) is not None
        ):
            columns[f"value_{n}"] = value
            valued.append(n)
    currency = SCOPES[compiler.scope].currency
    if currency:
        columns["row_currency"] = F(currency)
    row = compiler.rows.annotate(**columns).values(*columns).get()
    return Found(
        row["belongs"],
        {node.path: row[f"tick_{n}"] for n, node in enumerate(asked)},
        {asked[n].path: (row[f"value_{n}"], row.get("row_currency", "")) for n in valued},
    )
