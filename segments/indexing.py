"""Indexes for declared attributes that staff filter by often: made while everybody works, and dropped when not wanted.

Each is on what the compiler asks of the attribute, for the rows of the one organization. Only the owner of the tables
can make them, so a command does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import F
from psycopg import sql

from console.balances.models import Transaction
from console.customers.models import Attribute, Customer
from console.portfolios.models import Account
from segments.catalog import JSON_READERS
from segments.expressions import Sql

ROWS = {
    Attribute.Entity.CUSTOMERS: (Customer, "custom_data"),
    Attribute.Entity.ACCOUNTS: (Account, "metadata"),
    Attribute.Entity.TRANSACTIONS: (Transaction, "metadata"),
}
PREFIX = "attribute_often_"


@dataclass(frozen=True)
class Index:
    """An index by its name, and the statement that makes it."""

    name: str
    statement: str


def wanted() -> list[Index]:
    """Those that attributes are marked for. Called by who sees every organization."""
    often = Attribute.objects.filter(is_filtered_often=True).order_by("pk")
    return [index_of(attribute) for attribute in often]


def index_of(attribute: Attribute) -> Index:
    """The index for an attribute: texts as they are compared, without case and accents; everything else as it is."""
    model, column = ROWS[Attribute.Entity(attribute.entity)]
    read = JSON_READERS[attribute.type](F(column), tuple(attribute.key.split(".")))
    asked = Sql("fold({})", read) if attribute.type == Attribute.Type.TEXT else read
    table, name = model._meta.db_table, f"{PREFIX}{attribute.pk}_{attribute.type}"
    compiled = model._base_manager.annotate(asked=asked).values("asked").query.sql_with_params()
    expression = _inside(compiled).replace(f'"{table}".', "")
    whose = f"organization_id = {sql.Literal(str(attribute.organization_id)).as_string()}::uuid"
    return Index(name, f'CREATE INDEX CONCURRENTLY "{name}" ON "{table}" (({expression})) WHERE {whose}')


def _inside(compiled: tuple[str, tuple[object, ...]]) -> str:
    """The one expression that a query selects, its parameters written into it."""
    return mogrify(*compiled, connection).partition("SELECT ")[2].rpartition(' AS "asked"')[0]


def build() -> tuple[list[str], list[str]]:
    """Make what is wanted and not there, and drop what is there and not wanted: the names of both.

    One that a stopped command left half made is made anew. Called outside a transaction by the tables' owner.
    """
    asked = {index.name: index for index in wanted()}
    standing = dict(_standing())
    gone = [name for name, is_whole in standing.items() if name not in asked or not is_whole]
    made = [name for name in asked if not standing.get(name)]
    with connection.cursor() as cursor:
        for name in gone:
            cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        for name in made:
            cursor.execute(asked[name].statement)
    return made, [name for name in gone if name not in asked]


def _standing() -> Iterator[tuple[str, bool]]:
    """Those that are there, and whether each is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND starts_with(c.relname, %s)",
            [PREFIX],
        )
        yield from cursor.fetchall()
