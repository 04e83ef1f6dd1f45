"""Counts, sums, averages and extremes over related rows, as sets of the ids whose figure meets a test.

Rows are added up per account (or holder) first; for customers those figures are joined to holders and added up again,
which never multiplies rows as a join of customers, accounts and transactions would. A customer holds an account once,
in one role.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum

from console.balances.models import Transaction
from console.organizations.models import Organization
from console.portfolios.models import AccountHolder
from segments.expressions import IdSet, Sql, every, some

HOLDERS = AccountHolder._meta.db_table
INNER: dict[str, Callable[..., Any]] = {"sum": Sum, "avg": Sum, "min": Min, "max": Max, "count": Count}
OUTER = {"sum": "sum", "avg": "sum", "min": "min", "max": "max", "count": "sum"}
ROW = Sql("*")
COMPARE = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


@dataclass(frozen=True)
class Rows:
    """Rows of one kind that meet `where`: each belongs to what `subject` names.

    `is_lifted` counts the rows of accounts for the accounts' holders.
    """

    queryset: "QuerySet[Any]"
    subject: str
    is_lifted: bool
    organization: Organization
    where: tuple[Any, ...] = ()

    def any(self) -> IdSet:
        """Who has at least one of the rows."""
        ids = IdSet.of(self.queryset.filter(*self.where).values(self.subject))
        test = Test("count", ">=", 1)
        if not self.is_lifted:
            return FigureIds(ids.sql, ids.params, rows=self, test=test)
        sql = f"SELECT h.customer_id FROM {HOLDERS} h WHERE h.organization_id = %s AND h.account_id IN ({ids.sql})"
        return FigureIds(sql, (self.organization.pk, *ids.params), rows=self, test=test)

    def having(self, test: "Test", expression: Any = None) -> IdSet:
        """Who has rows, and whose figure meets the test."""
        rows, figures = self.queryset.filter(*self.where), test.figures(0, expression)
        ids = self.meeting(rows, figures, *test.sql(*self.names(0, test.fn)))
        return FigureIds(ids.sql, ids.params, is_distinct=True, rows=self, test=test, expression=expression)

    def meeting(
        self, rows: "QuerySet[Any]", figures: dict[str, Any], sql: str, params: Sequence[Any]
    ) -> IdSet:
        """Those for whom `sql` holds of the named figures, added up over `rows`."""
        ids = IdSet.of(rows.values(self.subject).annotate(**figures))
        added = f"({ids.sql}) AS r(id, {', '.join(figures)})"
        if not self.is_lifted:
            return IdSet(f"SELECT r.id FROM {added} WHERE {sql}", (*ids.params, *params), is_distinct=True)
        lifted = (
            f"SELECT h.customer_id FROM {HOLDERS} h JOIN {added} ON r.id = h.account_id"
            f" WHERE h.organization_id = %s GROUP BY h.customer_id HAVING {sql}"
        )
        return IdSet(lifted, (*ids.params, self.organization.pk, *params), is_distinct=True)

    def names(self, number: int, fn: str) -> tuple[str, str]:
        """What stands for a figure and for the number of values behind it in the test of `meeting`."""
        figure, counted = f"r.figure_{number}", f"r.counted_{number}"
        return (f"{OUTER[fn]}({figure})", f"sum({counted})") if self.is_lifted else (figure, counted)


@dataclass(frozen=True)
class FigureIds(IdSet):
    """The ids whose figure over rows meets a test, with what it was made from."""

    rows: Rows = field(kw_only=True)
    test: "Test" = field(kw_only=True)
    expression: Any = None


def in_one_look(
    within: Sequence[IdSet], without: Sequence[IdSet]
) -> tuple[tuple[IdSet, ...], tuple[IdSet, ...]]:
    """The same sets with those about transactions put together, so that the longest table is read once for all."""
    asked, barred = (
        [ids for ids in sets if isinstance(ids, FigureIds) and ids.rows.queryset.model is Transaction]
        for sets in (within, without)
    )
    if not asked or len(asked) + len(barred) < 2:
        return tuple(within), tuple(without)
    others, out = (
        [ids for ids in sets if ids not in known] for sets, known in ((within, asked), (without, barred))
    )
    return (_together(asked, barred), *others), tuple(out)


def _together(asked: Sequence[FigureIds], barred: Sequence[FigureIds]) -> IdSet:
    """Those in each of the sets `asked` and in none of `barred`. Who has no rows at all is in no set `asked`."""
    rows, every_ids = asked[0].rows, [*asked, *barred]
    figures: dict[str, Any] = {}
    tests: list[str] = []
    params: list[Any] = []
    for number, ids in enumerate(every_ids):
        condition = every(ids.rows.where)
        figures |= ids.test.figures(number, ids.expression, condition)
        figures[f"rows_{number}"] = Count(ROW, filter=condition)
        there = f"sum(r.rows_{number})" if rows.is_lifted else f"r.rows_{number}"
        sql, own = ids.test.sql(*rows.names(number, ids.test.fn))
        tests.append(f"({there} > 0 AND ({sql}))" + " IS NOT TRUE" * (number >= len(asked)))
        params.extend(own)
    looked_at = rows.queryset.filter(some([every(ids.rows.where) for ids in every_ids]))
    return rows.meeting(looked_at, figures, " AND ".join(tests), params)


@dataclass(frozen=True)
class Test:
    """A figure compared with one value, or two for between. Averages are compared as sums: total < value x number."""

    fn: str
    operator: str
    value: Any
    cast: str = "numeric"
    is_failed: bool = False

    def figures(self, number: int, expression: Any, condition: Any = None) -> dict[str, Any]:
        """The figure and how many values are behind it, of the rows that meet a condition (None: of all)."""
        of = ROW if expression is None else expression
        return {
            f"figure_{number}": INNER[self.fn](of, filter=condition),
            f"counted_{number}": Count(of, filter=condition),
        }

    def sql(self, figure: str, counted: str) -> tuple[str, tuple[Any, ...]]:
        """The test on SQL expressions for the figure and the number of values behind it."""
        times = f" * {counted}" if self.fn == "avg" else ""
        value = f"%s::{self.cast}{times}"
        params: tuple[Any, ...]
        if self.operator == "null":
            text, params = f"{figure} IS NULL", ()
        elif self.operator == "between":
            text, params = f"{figure} BETWEEN {value} AND {value}", tuple(self.value)
        elif self.operator == "in":
            text, params = f"{figure} IN ({', '.join([value] * len(self.value))})", tuple(self.value)
        else:
            text, params = f"{figure} {COMPARE[self.operator]} {value}", (self.value,)
        return (f"({text}) IS NOT TRUE" if self.is_failed else text), params

    def holds_for(self, number: Any) -> bool:
        """Whether the test holds for a given figure: asked for those who have no rows at all (None: no figure)."""
        if self.operator == "null":
            return number is None
        if number is None:
            return False
        if self.operator == "between":
            return bool(self.value[0] <= number <= self.value[1])
        if self.operator == "in":
            return number in self.value
        tests = {"=": number == self.value, "<": number < self.value, ">": number > self.value}
        return tests.get(
            self.operator, number <= self.value if self.operator == "<=" else number >= self.value
        )
