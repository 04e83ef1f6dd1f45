"""A question about some members alone: whose rows are read for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from console.organizations.models import Organization
from segments.expressions import Among, IdSet, Within

# Analyzed, since the planner can't tell how many a hash picks: it took 782 for 250 once, and added up a sum 326 times.
GATHER = (
    "DROP TABLE IF EXISTS pg_temp.{name}_member, pg_temp.{name}_beside",
    "CREATE TEMP TABLE {name}_member (id uuid NOT NULL) ON COMMIT DROP",
    "INSERT INTO {name}_member {members}",
    "ANALYZE {name}_member",
)
GATHER_BESIDE = (
    "CREATE TEMP TABLE {name}_beside (id uuid NOT NULL, member uuid NOT NULL) ON COMMIT DROP",
    """
    INSERT INTO {name}_beside SELECT {beside}, {own} FROM portfolios_accountholder
    WHERE {own} IN (SELECT id FROM {name}_member)
    """,
    "ANALYZE {name}_beside",
)
COLUMNS = {"customers": ("customer_id", "account_id"), "accounts": ("account_id", "customer_id")}


@dataclass(frozen=True)
class Near:
    """The members asked about, and what is beside them: the accounts that customers hold, or the holders of accounts.

    Each is a set of ids, or what Django takes for one. Where it is kept which of those accounts each customer holds,
    `held` gives the pairs, as customer_id and account_id: then nobody's holders are looked up.
    """

    members: Any
    beside: Any
    held: IdSet | None = None

    @classmethod
    def one(cls, organization: Organization, population: str, member: UUID) -> "Near":
        """One member alone."""
        own, other = COLUMNS[population]
        return cls([member], organization.account_holders.filter(**{own: member}).values(other))

    @classmethod
    def gathered(cls, name: str) -> "Near":
        """Those that `gather` has put into the temporary tables of that name."""
        return cls(
            IdSet(f"SELECT id FROM {name}_member", (), is_distinct=True),
            IdSet(f"SELECT id FROM {name}_beside", ()),
            IdSet(f"SELECT member AS customer_id, id AS account_id FROM {name}_beside", ()),
        )

    def by_column(self, population: str) -> dict[str, Any]:
        """Whose rows to read, by the column that says whose a row is."""
        own, other = COLUMNS[population]
        return {own: self.members, other: self.beside}


def gather(name: str, population: str, members: IdSet, *, asking: str = "") -> int:
    """Put members, and what is beside them, into temporary tables until the transaction ends; how many they are.

    `members` gives no id twice. With `asking`, the query to come, what is beside them is found only if that reads it.
    Ids never leave the database. Call inside atomic().
    """
    own, beside = COLUMNS[population]
    needs_beside = not asking or f"{name}_beside" in asking
    with connection.cursor() as cursor:
        for statement in GATHER + (GATHER_BESIDE if needs_beside else ()):
            sql = statement.format(name=name, own=own, beside=beside, members=members.sql)
            cursor.execute(sql, members.params if "{members}" in statement else None)
        cursor.execute(f"SELECT count(*) FROM {name}_member")
        (number,) = cursor.fetchone()
    return int(number)


def narrowed(rows: "QuerySet[Any]", column: str, near: Mapping[str, Any]) -> "QuerySet[Any]":
    """The rows whose column is among the ids that `near` has for it; all of them where it has none."""
    ids = near.get(column)
    if not rows.model._meta.managed and isinstance(ids, IdSet | QuerySet):
        return rows.filter(Among(F(column), ids if isinstance(ids, IdSet) else IdSet.of(ids)))
    if isinstance(ids, IdSet):
        return rows.filter(Within(F(column), ids))
    return rows if ids is None else rows.filter(**{f"{column}__in": ids})
