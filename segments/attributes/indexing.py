"""Indexes for declared attributes that staff filter by often: made while everybody works, and dropped when not wanted.

Each is on what the compiler asks of the attribute, for the rows of the one organization. Only the owner of the tables
can make them, so a process of its own does (`index_attributes --watch`), and notes on the attribute what went wrong.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import DatabaseError, OperationalError, connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import F
from psycopg import errors, sql

from console.balances.models import Transaction
from console.customers.models import Attribute, Customer
from console.customers.models.attribute import INDEXED
from console.portfolios.models import Account
from segments.catalog.scopes import JSON_READERS
from segments.expressions import Sql

ROWS = {
    Attribute.Entity.CUSTOMERS: (Customer, "custom_data"),
    Attribute.Entity.ACCOUNTS: (Account, "metadata"),
    Attribute.Entity.TRANSACTIONS: (Transaction, "metadata"),
}
PREFIX = "attribute_often_"
LOCK = 0x6174_7472  # of the session that makes indexes: two at once would get in each other's way
AGAIN = timedelta(hours=1)  # what could not be made is tried anew
FAULTS: dict[type[Exception], str] = {
    errors.ProgramLimitExceeded: f"A value is too long for an index. Look for texts of more than {INDEXED} characters.",
    errors.DiskFull: "The disk of the database is full.",
    errors.InsufficientPrivilege: "The process that makes indexes is not signed in as the owner of the tables.",
    errors.LockNotAvailable: "Other work held the table for too long.",
    errors.DeadlockDetected: "Other work held the table for too long.",
    errors.QueryCanceled: "It was stopped before it was done.",
}


@dataclass(frozen=True)
class Index:
    """An index by its name, and the statement that makes it. The name says of what, and by which statement."""

    table: str
    attribute: str
    definition: str

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.attribute}_{sha256(self.definition.encode()).hexdigest()[:8]}"

    @property
    def statement(self) -> str:
        return f'CREATE INDEX CONCURRENTLY "{self.name}" ON "{self.table}" {self.definition}'


@dataclass
class Work:
    """What a look at what is wanted led to, each by the name of the index."""

    made: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def often() -> list[Attribute]:
    """Those that are marked. Called by who sees every organization."""
    return list(Attribute.objects.filter(is_filtered_often=True).order_by("pk"))


def index_of(attribute: Attribute) -> Index:
    """The index for an attribute: texts as they are compared, without case and accents; everything else as it is."""
    model, column = ROWS[Attribute.Entity(attribute.entity)]
    read = JSON_READERS[attribute.type](F(column), tuple(attribute.key.split(".")))
    asked = Sql("fold({})", read) if attribute.type == Attribute.Type.TEXT else read
    table = model._meta.db_table
    compiled = model._base_manager.annotate(asked=asked).values("asked").query.sql_with_params()
    expression = _inside(compiled).replace(f'"{table}".', "")
    whose = f"organization_id = {sql.Literal(str(attribute.organization_id)).as_string()}::uuid"
    return Index(table, attribute.pk.hex, f"(({expression})) WHERE {whose}")


def _inside(compiled: tuple[str, tuple[object, ...]]) -> str:
    """The one expression that a query selects, its parameters written into it."""
    return mogrify(*compiled, connection).partition("SELECT ")[2].rpartition(' AS "asked"')[0]


def build(*, at: datetime) -> Work:
    """Make what is wanted and not there, and drop what is there and not wanted.

    One that a stopped process left half made is made anew; what failed within the hour is left alone, unless its
    attribute changed. Nothing where another process is at it. Called outside a transaction by the tables' owner.
    """
    with _alone() as is_mine:
        return _build(at) if is_mine else Work()


def _build(at: datetime) -> Work:
    wanted = {(index := index_of(one)).name: (one, index) for one in often()}
    known = dict(standing())
    work = Work()
    for name in (name for name, is_whole in known.items() if not (is_whole and name in wanted)):
        _drop(name)
        if name not in wanted:
            work.dropped.append(name)
    for name, (attribute, index) in wanted.items():
        if not known.get(name) and _is_due(attribute, at):
            (work.made if _is_made(attribute, index, at) else work.failed).append(name)
    return work


def _is_due(attribute: Attribute, at: datetime) -> bool:
    return attribute.index_failed_at is None or attribute.index_failed_at <= at - AGAIN


def _is_made(attribute: Attribute, index: Index, at: datetime) -> bool:
    """Make an index and look at its values, so that PostgreSQL knows what it is good for; whether that went well."""
    fault = ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(index.statement)
            cursor.execute(f'ANALYZE "{index.table}"')
    except OperationalError as error:
        if connection.connection is None or connection.connection.closed:
            raise
        fault = _words(error)
    except DatabaseError as error:
        fault = _words(error)
    if fault:
        _drop(index.name)
    noted = {"index_failed_at": at if fault else None, "index_fault": fault}
    Attribute.objects.filter(pk=attribute.pk).update(**noted)
    return not fault


def _words(error: DatabaseError) -> str:
    """Why it could not be made; never a value that a record holds."""
    found = (words for kind, words in FAULTS.items() if isinstance(error.__cause__, kind))
    return next(found, f"PostgreSQL refused it ({type(error.__cause__).__name__}).")


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else makes indexes now, nor does until the end of this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine and connection.connection and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def standing(names: Iterable[str] | None = None) -> Iterator[tuple[str, bool]]:
    """Those that are there, or of these names, and whether each is whole."""
    asked = "starts_with(c.relname, %s)" if names is None else "c.relname = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            f" WHERE c.relnamespace = current_schema()::regnamespace AND {asked}",
            [PREFIX if names is None else list(names)],
        )
        yield from cursor.fetchall()
