"""Counts, sums, averages and extremes over related rows, as sets of the ids whose figure meets a test.

Rows are added up per account (or holder) first; for customers those figures are joined to holders and added up again,
which never multiplies rows as a join of customers, accounts and transactions would. A customer holds an account once,
in one role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum

from console.organizations.models import Organization
from console.portfolios.models import AccountHolder
from segments.expressions import IdSet

HOLDERS = AccountHolder._meta.db_table
INNER: dict[str, Callable[[Any], Any]] = {"sum": Sum, "avg": Sum, "min": Min, "max": Max, "count": Count}
OUTER = {"sum": "sum", "avg": "sum", "min": "min", "max": "max", "count": "sum"}
COMPARE = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


@dataclass(frozen=True)
class Rows:
    """Rows of one kind: each belongs to what `subject` names; `is_lifted` counts them for the account's holders."""

    queryset: "QuerySet[Any]"
    subject: str
    is_lifted: bool
    organization: Organization

    def any(self) -> IdSet:
        """Who has at least one of the rows."""
        ids = IdSet.of(self.queryset.values(self.subject))
        if not self.is_lifted:
            return ids
        sql = f"SELECT h.customer_id FROM {HOLDERS} h WHERE h.organization_id = %s AND h.account_id IN ({ids.sql})"
        return IdSet(sql, (self.organization.pk, *ids.params))

    def having(self, test: "Test", expression: Any = None) -> IdSet:
        """Who has rows, and whose figure meets the test."""
        inner = INNER[test.fn]("pk" if expression is None else expression)
        counted = Count("pk" if expression is None else expression)
        ids = IdSet.of(self.queryset.values(self.subject).annotate(figure=inner, counted=counted))
        rows = f"({ids.sql}) AS r(id, figure, counted)"
        if not self.is_lifted:
            sql, params = test.sql("r.figure", "r.counted")
            return IdSet(f"SELECT r.id FROM {rows} WHERE {sql}", (*ids.params, *params))
        sql, params = test.sql(f"{OUTER[test.fn]}(r.figure)", "sum(r.counted)")
        lifted = (
            f"SELECT h.customer_id FROM {HOLDERS} h JOIN {rows} ON r.id = h.account_id"
            f" WHERE h.organization_id = %s GROUP BY h.customer_id HAVING {sql}"
        )
        return IdSet(lifted, (*ids.params, self.organization.pk, *params))


@dataclass(frozen=True)
class Test:
    """A figure compared with one value, or two for between. Averages are compared as sums: total < value x number."""

    fn: str
    operator: str
    value: Any
    cast: str = "numeric"
    is_failed: bool = False

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
