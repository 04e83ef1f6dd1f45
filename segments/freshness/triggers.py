"""Who notes whom a change touched: triggers on every table that a definition can read, as the catalogue says.

Each writes, in the transaction that changes a table, whom it concerns (segments.models.Touched), once a statement.
`manage.py migrate` makes them for the catalogue as it stands, also for what the apps above add to it. Which of the
notes concern a definition its compiled query says, by the tables that stand in it; one that reads a table of which
nothing is noted is always asked of everybody.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ExpressionWrapper, F, QuerySet, TextField

from console.balances.models import Balance, DailyBalance, Income, Transaction
from console.customers.models import Customer
from console.organizations.models import Organization
from console.portfolios.models import Account, AccountHolder
from segments.catalog import SCOPES, Row, Scope
from segments.expressions import IdSet
from segments.models import AccountMembership, CustomerMembership

# What a statement leaves to look at: the rows as they are now, and as they were.
LEFT = {"INSERT": ("now_rows",), "UPDATE": ("now_rows", "old_rows"), "DELETE": ("old_rows",)}
TABLES = {"now_rows": "NEW TABLE AS now_rows", "old_rows": "OLD TABLE AS old_rows"}
NOTHING = "NULL::uuid"
# Who is in a segment is noted where another is made from it, or somebody's hand is at work.
MADE_FROM = """segment_id IN (SELECT unnest(v.uses) FROM segments_segment s JOIN segments_segmentversion v
    ON v.id = s.version_id UNION ALL SELECT id FROM segments_segment WHERE kind = 'assigned')"""


@dataclass(frozen=True)
class Noted:
    """A table of which it is noted whom its rows concern: the columns that say so.

    on: what happens to its rows. is_fixed: the columns never change. only: which rows.
    """

    customer: str = ""
    account: str = ""
    on: tuple[str, ...] = tuple(LEFT)
    is_fixed: bool = False
    only: str = ""

    def triggers(self, table: str) -> dict[str, str]:
        """By name: what follows AFTER in the statement that makes it."""
        return {f"touch_{operation.lower()}": self._trigger(table, operation) for operation in self.on}

    def _trigger(self, table: str, operation: str) -> str:
        sources = LEFT[operation][
            : 1 if self.is_fixed else 2
        ]  # each that is named is kept for the trigger: it costs
        clause = " ".join(TABLES[source] for source in sources)
        rows = " UNION ".join(self._rows(table, source) for source in sources)
        return f"{operation} ON {table} REFERENCING {clause} FOR EACH STATEMENT EXECUTE FUNCTION touch({_quoted(rows)})"

    def _rows(self, table: str, source: str) -> str:
        what = "'segment ' || segment_id" if self.only else f"'{table}'"
        columns = f"organization_id, {self.customer or NOTHING}, {self.account or NOTHING}, {what}"
        where = self.only or f"{self.customer or self.account} IS NOT NULL"
        return f"SELECT {'' if self.is_fixed else 'DISTINCT '}{columns} FROM {source} WHERE {where}"


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


# Items and days are posted together with the balance that they move (console/balances/posting.py): its note is theirs.
BY_POSTING = [model._meta.db_table for model in (Transaction, DailyBalance, Balance)]
MEMBERSHIPS = {model._meta.db_table for model in (CustomerMembership, AccountMembership)}
OF_INCOME = [model._meta.db_table for model in (Transaction, Balance, Account, AccountHolder)]


@cache
def noted() -> dict[str, Noted]:
    """By table: whom its rows concern."""
    found = {
        Customer._meta.db_table: Noted(customer="id", is_fixed=True),
        Account._meta.db_table: Noted(account="id", is_fixed=True),
        AccountHolder._meta.db_table: Noted(customer="customer_id", account="account_id"),
        Balance._meta.db_table: Noted(account="account_id", is_fixed=True),
        Transaction._meta.db_table: Noted(account="account_id", on=("UPDATE", "DELETE")),
        CustomerMembership._meta.db_table: Noted(customer="customer_id", only=MADE_FROM),
        AccountMembership._meta.db_table: Noted(account="account_id", only=MADE_FROM),
    }
    for scope in SCOPES.values():
        if scope.rows and (model := scope.rows(_nowhere()).model)._meta.managed:
            is_own = scope.whose == "customer_id"
            mine = Noted(customer=scope.whose) if is_own else Noted(account=scope.whose)
            found.setdefault(model._meta.db_table, mine)
    return found


@cache
def names() -> dict[str, frozenset[str]]:
    """By table: the columns that rows of noted tables are asked for over there, such as the name of a ledger."""
    found: dict[str, set[str]] = {}
    for scope in SCOPES.values():
        sql = " ".join(_reading(scope))
        for table in tables_in(sql) - set(noted()) - set(BY_POSTING) - {Income._meta.db_table}:
            columns = set(re.findall(rf'"{table}"\."(\w+)"', sql)) - {"id", "organization_id"}
            found.setdefault(table, set()).update(columns)
    return {table: frozenset(columns) for table, columns in found.items()}


def _reading(scope: Scope) -> Iterable[str]:
    """A query of each field of the scope."""
    row = Row("", _nowhere(), date(2026, 1, 1), 1)
    rows = _rows_of(scope)
    for field in scope.fields.values():
        if field.read:
            value = ExpressionWrapper(field.read(row), output_field=TextField())
            yield IdSet.of(rows.annotate(asked=value).values("asked")).sql
    if scope.currency:
        yield IdSet.of(rows.annotate(asked=F(scope.currency)).values("asked")).sql


def _rows_of(scope: Scope) -> "QuerySet[Any]":
    if scope.rows:
        return scope.rows(_nowhere())
    people = {"customers": Customer, "accounts": Account}
    return people.get(scope.name, AccountHolder)._default_manager.all()


def _nowhere() -> Organization:
    return Organization(pk=uuid4())


@cache
def _tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def tables_in(sql: str) -> frozenset[str]:
    """The tables that stand in an SQL text."""
    return _tables().intersection(re.findall(r"\w+", sql))


def heeded(sql: str, segments: Iterable[UUID]) -> list[str] | None:
    """What notes must be of to concern a compiled query that names `segments`; None where not all it reads is noted."""
    found: set[str] = set()
    for table in tables_in(sql):
        if table in MEMBERSHIPS:
            found |= {f"segment {each}" for each in segments}
        elif table in BY_POSTING:
            found |= {table, Balance._meta.db_table}
        elif table == Income._meta.db_table:
            found |= set(OF_INCOME)
        elif table in noted() or _asks_names_alone(table, sql):
            found.add(table)
        else:
            return None
    return sorted(found)


def _asks_names_alone(table: str, sql: str) -> bool:
    """Whether only columns of which it is noted when they change are read over there. Not known of aliases."""
    has_alias = re.search(rf'\b{table}"?\s+(?!ON\b|WHERE\b|INNER\b|LEFT\b|GROUP\b)\w', sql)
    columns = set(re.findall(rf'"{table}"\."(\w+)"', sql)) - {"id"}
    return not has_alias and bool(columns) and columns <= names().get(table, frozenset())


def build(connection: BaseDatabaseWrapper) -> list[str]:
    """Have the triggers stand as the catalogue says now: the tables at which they did not. Called as their owner."""
    wanted = {
        (table, name): made for table, how in noted().items() for name, made in how.triggers(table).items()
    }
    for table, columns in names().items():
        differs = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in sorted(columns))
        wanted[table, "touch_names"] = (
            f"UPDATE ON {table} FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION touch_everybody()"
        )
    standing = _standing(connection)
    lacking = [key for key, made in wanted.items() if standing.get(key) != made]
    gone = [key for key in standing if key not in wanted]
    with connection.cursor() as cursor:
        for table, name in gone:
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
        for table, name in lacking:
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} AFTER {wanted[table, name]}")
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
            cursor.execute(f"COMMENT ON TRIGGER {name} ON {table} IS %s", [wanted[table, name]])
    return sorted({table for table, _ in [*gone, *lacking]})


def _standing(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """By table and trigger: how it was made."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, t.tgname, coalesce(obj_description(t.oid, 'pg_trigger'), '')
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE p.proname IN ('touch', 'touch_everybody') AND t.tgenabled = 'A'
                AND c.relnamespace = current_schema()::regnamespace
            """
        )
        rows: list[Any] = cursor.fetchall()
        return {(table, name): made for table, name, made in rows}
