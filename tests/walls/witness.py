"""What stands in the tables of two banks, and whether anything of one has come to stand in the other's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

from django.db import connection

from console.organizations import scope, walls
from console.organizations.chain import extend_all
from console.organizations.models import Organization

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Rows = frozenset[tuple[str, str]]
# People belong to no bank, so they have no wall; who works at a bank is the bank's all the same.
PEOPLE = (
    "SELECT 'organizations_user', u::text FROM organizations_user u"
    " WHERE id IN (SELECT user_id FROM organizations_staff)"
)


@contextmanager
def first_wall_alone() -> Iterator[None]:
    """The second wall is open: a page that enters its organization is shown the rows of all."""
    with mock.patch.object(scope, "APP", scope.ACROSS):
        yield


@cache
def tables() -> tuple[str, ...]:
    return tuple(model._meta.db_table for model in walls.belonging())


def rows_of(bank: Organization) -> Rows:
    """Every row of a bank in every table, as text: row-level security says which are its own."""
    every = " UNION ALL ".join([*(f"SELECT '{table}', t::text FROM {table} t" for table in tables()), PEOPLE])
    with scope.inside(bank), connection.cursor() as cursor:
        cursor.execute(every)
        return frozenset(cursor.fetchall())


def ids_in(rows: Rows) -> set[str]:
    return {found for _, text in rows for found in ID.findall(text)}


def written() -> int:
    """How many rows this transaction has written so far, in whatever table but that of sessions."""
    with scope.nobody(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_xact_user_tables"
            " WHERE relname <> 'django_session'"
        )
        return int(cursor.fetchone()[0])


class Witness:
    """Knows two banks as they stood, and says what is wrong after something was tried at the first."""

    def __init__(self, ours: Organization, theirs: Organization) -> None:
        extend_all()  # else each request that writes would link what making the banks left in the audit trail
        self.ours, self.theirs = ours, theirs
        self.before = rows_of(theirs)
        self.foreign = ids_in(self.before) - ids_in(rows_of(ours))
        self.likes = {model: self._of(theirs, model) for model in walls.belonging()}
        # Ids of ours, each with that of its like: both banks were furnished in the same order.
        self.twins = {
            here: there
            for model, others in self.likes.items()
            for here, there in zip(self._of(ours, model), others, strict=False)
        }

    def _of(self, bank: Organization, model: Any) -> list[str]:
        """The bank's ids of a kind, in the order in which they were made."""
        if model._meta.pk.get_internal_type() != "UUIDField":
            return []
        with scope.inside(bank):
            return [str(pk) for pk in model._base_manager.order_by("pk").values_list("pk", flat=True)]

    def like(self, model: Any) -> list[str]:
        """Ids of theirs, of one kind."""
        return self.likes.get(model, [])[:3]

    def is_theirs(self, value: str) -> bool:
        """Whether an id of theirs stands in it."""
        return bool(self.foreign & set(ID.findall(value)))

    def swapped(self, value: str) -> str:
        """The value with each id of ours replaced by that of its like."""
        return ID.sub(lambda found: self.twins.get(found[0], found[0]), value)

    def faults(self) -> list[str]:
        """Rows of theirs that changed, and rows of ours in which an id of theirs stands: in a key, JSON or text."""
        changed = rows_of(self.theirs) ^ self.before
        crossing = [row for row in rows_of(self.ours) if self.foreign & set(ID.findall(row[1]))]
        return [f"{table}: {text[:400]}" for table, text in [*changed, *crossing]]
