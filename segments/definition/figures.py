"""Counts, sums, averages and extremes over related rows, as sets of the ids whose figure meets a test.

Rows are added up per account (or holder) first; for customers those figures are joined to holders and added up again,
which never multiplies rows as a join of customers, accounts and transactions would. A customer holds an account once,
in one role. Which currency an account is in is asked once for its figures, not once a row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Min, QuerySet, Sum, Value

from console.balances.models import Balance, Transaction
from console.organizations.models import Organization
from console.portfolios.models import AccountHolder
from segments.expressions import IdSet, Sql, every, some

HOLDERS, BALANCES = AccountHolder._meta.db_table, Balance._meta.db_table
INNER: dict[str, Callable[..., Any]] = {"sum": Sum, "avg": Sum, "min": Min, "max": Max, "count": Count}
OUTER = {"sum": "sum", "avg": "sum", "min": "min", "max": "max", "count": "sum"}
ROW = Sql("*")
COMPARE = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


class InCurrency(Sql):
    """Whether a row is in a currency. `of_account`: all rows of an account are in the same."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__("{} = {}", F(path), Value(code))
        self.code, self.of_account = code, path == "account__asset_code"


class Column(NamedTuple):
    """A figure of each account, added up for holders with `outer`; `code`: of accounts in that currency alone.

    `is_number`: it counts something, so that without anything to count it is 0.
    """

    figure: Any
    outer: str
    code: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Figures:
    """A SELECT of ids, none twice, and of named figures of each."""

    sql: str
    params: tuple[Any, ...]
    names: tuple[str, ...]

    @property
    def head(self) -> str:
        """What the columns are called."""
        return f"(id, {', '.join(self.names)})"

    def meeting(self, sql: str, params: Sequence[Any], kept: "list[Figures] | None" = None) -> IdSet:
        """Those for whom `sql` holds of the named figures. What is in `kept` is not selected here: see `beside`."""
        if kept is None:
            source, own = f"({self.sql})", self.params
        else:
            if self not in kept:
                kept.append(self)
            source, own = _called(kept.index(self)), ()
        return IdSet(
            f"SELECT f.id FROM {source} AS f{self.head} WHERE {sql}", (*own, *params), is_distinct=True
        )


def beside(ids: IdSet, kept: Sequence[Figures]) -> IdSet:
    """The set with the figures that it refers to beside it. PostgreSQL computes each once, however often it is asked;
    one that is asked once it selects where that is, with all that limits it there.
    """
    asked, used = ids.sql, list[int]()
    for n in reversed(range(len(kept))):
        if re.search(rf"\b{_called(n)}\b", asked):
            used.insert(0, n)
            asked += kept[n].sql
    if not used:
        return ids
    selects = ", ".join(f"{_called(n)} {kept[n].head} AS ({kept[n].sql})" for n in used)
    params = (param for n in used for param in kept[n].params)
    return IdSet(f"WITH {selects} {ids.sql}", (*params, *ids.params), is_distinct=ids.is_distinct)


def _called(number: int) -> str:
    return f"figures_{number}"


@dataclass(frozen=True)
class Rows:
    """Rows of one kind that meet `where`: each belongs to what `subject` names.

    `is_lifted` counts the rows of accounts for the accounts' holders: those whom `held` gives, or all.
    """

    queryset: "QuerySet[Any]"
    subject: str
    is_lifted: bool
    organization: Organization
    where: tuple[Any, ...] = ()
    held: IdSet | None = None

    @property
    def holders(self) -> IdSet:
        """Who holds which account: pairs of customer_id and account_id."""
        everybody = f"SELECT customer_id, account_id FROM {HOLDERS} WHERE organization_id = %s"
        return self.held or IdSet(everybody, (self.organization.pk,))

    def any(self) -> IdSet:
        """Who has at least one of the rows."""
        ids = IdSet.of(self.queryset.filter(*self.where).values(self.subject))
        test = Test("count", ">=", 1)
        if not self.is_lifted:
            return FigureIds(ids.sql, ids.params, rows=self, test=test)
        holders = self.holders
        sql = f"SELECT h.customer_id FROM ({holders.sql}) AS h WHERE h.account_id IN ({ids.sql})"
        return FigureIds(sql, (*holders.params, *ids.params), rows=self, test=test)

    def having(self, test: "Test", expression: Any = None, kept: list[Figures] | None = None) -> IdSet:
        """Who has rows, and whose figure meets the test. The figure goes to `kept`, for others that ask for it."""
        where, code = self.by_account(self.where)
        ids = self.figures(where, test.columns(0, expression, code=code)).meeting(*test.sql(0), kept=kept)
        return FigureIds(ids.sql, ids.params, is_distinct=True, rows=self, test=test, expression=expression)

    def by_account(self, where: tuple[Any, ...]) -> tuple[tuple[Any, ...], str]:
        """Conditions without the one on the account's currency, and that currency ("" where there is none)."""
        codes = [each for each in where if isinstance(each, InCurrency) and each.of_account]
        if self.subject != "account_id" or len(codes) != 1:
            return where, ""
        return tuple(each for each in where if each is not codes[0]), codes[0].code

    def figures(self, where: Sequence[Any], columns: dict[str, Column]) -> Figures:
        """Figures of the rows that meet `where`, by name, of each account or of its holders; else of each subject."""
        of_rows = {name: column.figure for name, column in columns.items()}
        ids = IdSet.of(self.queryset.filter(*where).values(self.subject).annotate(**of_rows))
        codes, names = {column.code for column in columns.values()}, tuple(columns)
        if not self.is_lifted and codes == {""}:
            return Figures(ids.sql, ids.params, names)
        here = self.organization.pk
        source, params = f"({ids.sql}) AS r(id, {', '.join(names)})", [*ids.params]
        if codes != {""}:
            source += f" JOIN {BALANCES} b ON b.account_id = r.id AND b.organization_id = %s"
            params.append(here)
        if "" not in codes and len(codes) == 1:
            source += " AND b.asset_code = %s"
            params.extend(codes)
            columns = {name: column._replace(code="") for name, column in columns.items()}
        added = ", ".join(self.added(name, column) for name, column in columns.items())
        in_codes = [column.code for column in columns.values() if column.code]
        if not self.is_lifted:
            return Figures(f"SELECT r.id, {added} FROM {source}", (*in_codes, *params), names)
        holders = self.holders
        sql = (
            f"SELECT h.customer_id, {added} FROM {source} JOIN ({holders.sql}) AS h ON h.account_id = r.id"
            " GROUP BY h.customer_id"
        )
        return Figures(sql, (*in_codes, *params, *holders.params), names)

    def added(self, name: str, column: Column) -> str:
        """SQL for a figure of an account, or of all accounts of a holder; one parameter where it names a currency."""
        figure = f"CASE WHEN b.asset_code = %s THEN r.{name} END" if column.code else f"r.{name}"
        whole = f"{column.outer}({figure})" if self.is_lifted else figure
        return f"COALESCE({whole}, 0)" if column.is_number and column.code else whole


@dataclass(frozen=True)
class FigureIds(IdSet):
    """The ids whose figure over rows meets a test, with what it was made from."""

    rows: Rows = field(kw_only=True)
    test: "Test" = field(kw_only=True)
    expression: Any = None

    __hash__ = IdSet.__hash__


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
    split = [rows.by_account(ids.rows.where) for ids in every_ids]
    common = [each for each in split[0][0] if all(each in where for where, _ in split[1:])]
    wheres = [[each for each in where if each not in common] for where, _ in split]
    columns: dict[str, Column] = {}
    tests: list[str] = []
    params: list[Any] = []
    for number, (ids, where) in enumerate(zip(every_ids, wheres, strict=True)):
        condition, code = every(where) if where else None, split[number][1]
        columns |= ids.test.columns(number, ids.expression, condition, code=code)
        sql, own = ids.test.sql(number)
        if ids.test.holds_without_values:
            columns[f"rows_{number}"] = Column(Count(ROW, filter=condition), "sum", code, is_number=True)
            sql = f"(f.rows_{number} > 0 AND ({sql}))"
        tests.append(f"({sql})" + " IS NOT TRUE" * (number >= len(asked)))
        params.extend(own)
    looked_at = [*common, some([every(where) for where in wheres])] if all(wheres) else common
    return rows.figures(looked_at, columns).meeting(" AND ".join(tests), params)


@dataclass(frozen=True)
class Test:
    """A figure compared with one value, or two for between. Averages are compared as sums: total < value x number."""

    fn: str
    operator: str
    value: Any
    cast: str = "numeric"
    is_failed: bool = False

    def columns(
        self, number: int, expression: Any, condition: Any = None, *, code: str = ""
    ) -> dict[str, Column]:
        """The figure of the rows that meet a condition (None: of all), and of an average the number behind it."""
        of = ROW if expression is None else expression
        figure = INNER[self.fn](of, filter=condition)
        found = {f"figure_{number}": Column(figure, OUTER[self.fn], code, is_number=self.fn == "count")}
        if self.fn == "avg":
            counted = Count(of, filter=condition)
            found[f"counted_{number}"] = Column(counted, "sum", code, is_number=True)
        return found

    @property
    def holds_without_values(self) -> bool:
        """Whether the test may hold where a figure has no value: then it is to be asked whether there are rows."""
        return self.fn != "count" and (self.is_failed or self.operator == "null")

    def sql(self, number: int) -> tuple[str, tuple[Any, ...]]:
        """The test on the columns of that number."""
        figure = f"f.figure_{number}"
        times = f" * f.counted_{number}" if self.fn == "avg" else ""
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
