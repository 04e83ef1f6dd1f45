"""The few pieces of SQL that definitions are compiled from. Everything a person typed travels as a parameter."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, Field, Value
from django.db.models.query import QuerySet


class Sql(Expression):
    """An SQL template over expressions: `Sql("{} >= {}", F("booked_on"), Value(day))`. A condition by default.

    Templates are written in this code base only, never made from what a person typed; a literal % is written %%. An
    expression may stand more than once: `{0}` repeats its parameters too.
    """

    def __init__(
        self, template: str, *expressions: Any, output_field: "Field[Any, Any] | None" = None
    ) -> None:
        super().__init__(output_field=output_field or BooleanField())
        self.template, self.expressions = template, list(expressions)

    def get_source_expressions(self) -> list[Any]:
        return self.expressions

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.expressions = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(expression) for expression in self.expressions]
        pieces: list[str] = []
        params: list[Any] = []
        unnamed = iter(compiled)
        for literal, name, _, _ in Formatter().parse(self.template):
            pieces.append(literal)
            if name is not None:
                sql, own = compiled[int(name)] if name else next(unnamed)
                pieces.append(sql)
                params.extend(own)
        return "".join(pieces), tuple(params)


@dataclass(frozen=True)
class IdSet:
    """A set of ids as one SELECT of one column, with its parameters. `is_distinct`: it gives no id twice."""

    sql: str
    params: tuple[Any, ...]
    is_distinct: bool = False

    def __hash__(self) -> int:
        """Of the text alone: a path among the parameters is a list."""
        return hash(self.sql)

    @classmethod
    def of(cls, queryset: "QuerySet[Any, Any]") -> "IdSet":
        """The set that a queryset of one column stands for. Sets have no order, and a sort would hide an index."""
        query = queryset.query.chain()
        query.clear_ordering(force=False)
        sql, params = query.sql_with_params()
        return cls(sql, tuple(params))

    @classmethod
    def union(cls, sets: "Sequence[IdSet]") -> "IdSet":
        """Those in any of the sets. Repeats do no harm: sets are only asked who is in them."""
        return cls(
            " UNION ALL ".join(f"({each.sql})" for each in sets),
            tuple(param for each in sets for param in each.params),
        )

    @classmethod
    def all_of(cls, within: "Sequence[IdSet]", without: "Sequence[IdSet]" = ()) -> "IdSet":
        """Those in each of the sets `within` (at least one) and in none of the sets `without`."""
        first, *others = within
        if not others and not without:
            return first
        tests = [f"those.id IN ({each.sql})" for each in others]
        tests += [
            f"NOT EXISTS (SELECT 1 FROM ({each.sql}) AS others(id) WHERE others.id = those.id)"
            for each in without
        ]
        return cls(
            f"SELECT those.id FROM ({first.sql}) AS those(id) WHERE {' AND '.join(tests)}",
            tuple(param for each in (first, *others, *without) for param in each.params),
            is_distinct=first.is_distinct,
        )

    def once(self) -> "IdSet":
        """The same ids, none of them twice."""
        if self.is_distinct:
            return self
        return IdSet(f"SELECT DISTINCT id FROM ({self.sql}) AS those(id)", self.params, is_distinct=True)

    def count(self) -> int:
        """How many there are, each counted once."""
        what = "*" if self.is_distinct else "DISTINCT id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count({what}) FROM ({self.sql}) AS those(id)", self.params)
            return int(cursor.fetchone()[0])

    def cost(self) -> float:
        """What the planner expects a count to cost: 1 is a page read in order, about 2 µs of one core."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN (FORMAT JSON) SELECT count(*) FROM ({self.sql}) AS those(id)", self.params
            )
            plan: Any = cursor.fetchone()[0]
        return float((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Total Cost"])

    def draw(self, number: int) -> list[Any]:
        """So many of them at random, or all where there are no more."""
        with connection.cursor() as cursor:
            sql = f"SELECT id FROM ({self.once().sql}) AS those(id) ORDER BY random() LIMIT %s"
            cursor.execute(sql, (*self.params, number))
            return [id for (id,) in cursor]


class Within(Expression):
    """Whether the row's id is in a set, or not: a semi-join or an anti-join, which PostgreSQL can hash."""

    def __init__(self, key: Any, ids: IdSet, *, negated: bool = False) -> None:
        super().__init__(output_field=BooleanField())
        self.key, self.ids, self.negated = key, ids, negated

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.key,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, key_params = compiler.compile(self.key)
        if self.negated:
            sql = f"NOT EXISTS (SELECT 1 FROM ({self.ids.sql}) AS those(id) WHERE those.id = {key})"
            return sql, (*self.ids.params, *key_params)
        return f"{key} IN ({self.ids.sql})", (*key_params, *self.ids.params)


class Among(Within):
    """Whether the row's id is in a small set that is found first: then a view adds up the rows of those alone."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, key_params = compiler.compile(self.key)
        return f"{key} = ANY(ARRAY({self.ids.sql}))", (*key_params, *self.ids.params)


def every(conditions: Sequence[Any]) -> Any:
    """All of the conditions hold; with none, always."""
    if len(conditions) == 1:
        return conditions[0]
    return Sql("(" + " AND ".join(["{}"] * len(conditions)) + ")", *conditions) if conditions else Sql("TRUE")


def some(conditions: Sequence[Any]) -> Any:
    """At least one of the conditions holds."""
    if len(conditions) == 1:
        return conditions[0]
    return Sql("(" + " OR ".join(["{}"] * len(conditions)) + ")", *conditions)


def fails(condition: Any) -> Any:
    """The exact complement of a condition: true where it is false or unknown, so a missing value does not match."""
    return Sql("({}) IS NOT TRUE", condition)


def json_text(column: Any, path: Sequence[str]) -> Any:
    """The text of a value inside JSON; missing, null and empty text are all NULL-or-empty."""
    if len(path) == 1:
        return Sql("({} ->> {})", column, Value(path[0]))
    return Sql("({} #>> {})", column, Value(list(path)))


def json_number(column: Any, path: Sequence[str]) -> Any:
    """A number inside JSON, NULL where something else stands there."""
    value = Sql("({} #> {})", column, Value(list(path)))
    return Sql("(CASE WHEN jsonb_typeof({0}) = 'number' THEN {0}::numeric END)", value)


def json_boolean(column: Any, path: Sequence[str]) -> Any:
    """Yes or no inside JSON, NULL where something else stands there."""
    value = Sql("({} #> {})", column, Value(list(path)))
    return Sql("(CASE WHEN jsonb_typeof({0}) = 'boolean' THEN {0}::boolean END)", value)


def json_date(column: Any, path: Sequence[str]) -> Any:
    """An ISO date inside JSON as text, which sorts as the date does; NULL where something else stands there.

    So do 0000-00-00 and YYYY-MM-DD, which other systems write for none. A day that its month lacks, such as 2026-02-30,
    stands after the last that it has: to look into the calendar would cost seven times as much.
    """
    is_date = "{0} LIKE '____-__-__' AND {0} BETWEEN '0001-01-01' AND '9999-12-31'"
    return Sql(f"(CASE WHEN {is_date} THEN {{0}} END)", json_text(column, path))
