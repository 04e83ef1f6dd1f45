"""Keys that records carry and nobody declared: found by looking at some of them, so it costs the same for all banks.

Only keys leave here, never a value.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet

from console.customers.models import Attribute
from console.customers.models.attribute import KEY
from console.organizations.fields import InSample
from console.organizations.models import Organization
from segments.attributes.indexing import ROWS

MOST = 300  # rows that one way of looking takes
ACCOUNTS, EACH = 100, 5  # accounts whose latest transactions are looked at, and how many of each
SHOWN = 50
# Values by their place, one level of objects deep, with what they look like; lists and nulls say nothing,
# and a key with a dot in it no rule could name.
KINDS = """
    WITH looked AS MATERIALIZED ({rows}),
    top AS (
        SELECT e.key AS path, e.value FROM looked,
            jsonb_each(CASE WHEN jsonb_typeof(data) = 'object' THEN data ELSE '{{}}' END) e
        WHERE strpos(e.key, '.') = 0
    ),
    placed AS (
        SELECT path, value FROM top
        UNION ALL
        SELECT top.path || '.' || e.key, e.value FROM top,
            jsonb_each(CASE WHEN jsonb_typeof(top.value) = 'object' THEN top.value ELSE '{{}}' END) e
    )
    SELECT path,
        CASE jsonb_typeof(value)
            WHEN 'string' THEN
                CASE WHEN value #>> '{{}}' ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' THEN 'date' ELSE 'text' END
            ELSE jsonb_typeof(value)
        END AS kind,
        count(*), (SELECT count(*) FROM looked)
    FROM placed WHERE jsonb_typeof(value) IN ('string', 'number', 'boolean')
    GROUP BY 1, 2
"""


class Statement(NamedTuple):
    """A SELECT of ids, and mostly of what the rows carry, with its parameters."""

    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True)
class Undeclared:
    """A key of some kind of record, the type that it looks like, and in how many of the rows looked at it stands."""

    entity: Attribute.Entity
    key: str
    type: Attribute.Type
    number: int
    looked_at: int

    @property
    def can_be_declared(self) -> bool:
        """Whether a key can be written so."""
        try:
            KEY(self.key)
        except ValidationError:
            return False
        return len(self.key) <= 100

    @property
    def query(self) -> str:
        """What the address of the form says, so that it is filled in."""
        return urlencode({"entity": self.entity.value, "key": self.key, "type": self.type.value})


def undeclared(organization: Organization) -> list[Undeclared]:
    """Those found, by kind of record; of each the most frequent first."""
    declared = set(organization.attributes.values_list("entity", "key"))
    return [
        one
        for entity in Attribute.Entity
        for one in _found(organization, entity)
        if (entity.value, one.key) not in declared
    ][:SHOWN]


def _found(organization: Organization, entity: Attribute.Entity) -> list[Undeclared]:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    rows = _kinds(organization, entity)
    for path, kind, number, _ in rows:
        kinds[path][kind] += number
    looked_at = rows[0][-1] if rows else 0
    return [
        Undeclared(entity, path, _type(found), found.total(), looked_at)
        for path, found in sorted(kinds.items(), key=lambda each: (-each[1].total(), each[0]))
    ]


def _type(kinds: Counter[str]) -> Attribute.Type:
    """What all of them are; text, where they differ, can be read of any."""
    return Attribute.Type(next(iter(kinds))) if len(kinds) == 1 else Attribute.Type.TEXT


def _kinds(organization: Organization, entity: Attribute.Entity) -> list[tuple[str, str, int, int]]:
    """Each path and kind of value, in how many of the rows it stands, and how many rows were looked at."""
    ways = (
        _of_transactions(organization)
        if entity == Attribute.Entity.TRANSACTIONS
        else _of(organization, entity)
    )
    every = " UNION ALL ".join(f"({way.sql})" for way in ways)
    rows = f"SELECT DISTINCT ON (id) id, data FROM ({every}) AS found(id, data)"
    with connection.cursor() as cursor:
        cursor.execute(KINDS.format(rows=rows), [value for way in ways for value in way.params])
        return cursor.fetchall()


def _of(organization: Organization, entity: Attribute.Entity) -> list[Statement]:
    """Some from each end, by an index."""
    column = ROWS[entity][1]
    rows: Any = organization.customers if entity == Attribute.Entity.CUSTOMERS else organization.accounts
    first, latest = rows.order_by("external_id"), rows.filter(InSample("id")).order_by("-id")
    return [_statement(each.values("pk", column)[:MOST]) for each in (first, latest)]


def _of_transactions(organization: Organization) -> list[Statement]:
    """The latest of those that files brought, and the latest of some accounts."""
    items: Any = organization.transactions
    brought = _statement(items.filter(line=None).order_by("-id").values("pk", "metadata")[:MOST])
    accounts = _statement(organization.accounts.order_by("external_id").values("pk")[:ACCOUNTS])
    latest = f"""
        SELECT item.id, item.metadata FROM ({accounts.sql}) AS among(id), LATERAL (
            SELECT id, metadata FROM balances_transaction
            WHERE account_id = among.id ORDER BY booked_on DESC LIMIT {EACH:d}
        ) AS item"""
    return [brought, Statement(latest, accounts.params)]


def _statement(rows: "QuerySet[Any]") -> Statement:
    return Statement(*rows.query.sql_with_params())
