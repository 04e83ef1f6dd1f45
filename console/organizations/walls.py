"""The second wall: row-level security around every table that keeps rows of a bank.

Nobody has to think of it: a model with an `organization`, or one that hangs on such a model by a foreign key, gets its
wall from `manage.py migrate`, and no migration speaks of it. A row without an organization of its own is seen by who
sees its parent. What hangs on no bank, such as people and their sessions, has no wall.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from console.organizations.models import Organization
from console.organizations.scope import ACROSS

# Never set, or set to nothing, this raises: a scope that was forgotten is an error, not an empty list.
HERE = "current_setting('tranche.organization')::uuid"
Model = type[models.Model]
Key = models.ForeignKey[Any, Any]


@cache
def belonging() -> Mapping[Model, tuple[Key, ...]]:
    """Every model whose rows belong to an organization, with the keys any of which leads there; the nearest first.

    That is the key to the organization, else one to a parent that every row has, else those to parents with which the
    row goes.
    """
    found: dict[Model, tuple[Key, ...]] = {Organization: ()}
    waiting = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model is not Organization
    ]
    while one := next(((m, keys) for m in waiting if (keys := _keys(m, found))), None):
        waiting.remove(one[0])
        found[one[0]] = one[1]
    return found


def _keys(model: Model, found: Mapping[Model, Any]) -> tuple[Key, ...]:
    keys = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    own = [field for field in keys if field.related_model is Organization]
    required = [field for field in keys if not field.null]
    if own or required:
        return tuple(own or [field for field in required if field.related_model in found])[:1]
    parents = [field for field in keys if field.remote_field.on_delete is models.CASCADE]
    return tuple(field for field in parents if field.related_model in found)


def condition(model: Model) -> str:
    """Which rows of the model's table the transaction's organization has, in SQL."""
    return " OR ".join(_leads_here(model, key) for key in belonging()[model]) or f"id = {HERE}"


def _leads_here(model: Model, key: Key) -> str:
    parent: Any = key.related_model
    if parent is Organization:
        return f"{key.column} = {HERE}"
    table, column = parent._meta.db_table, parent._meta.pk.column
    mine = f"{model._meta.db_table}.{key.column}"
    return f"EXISTS (SELECT FROM {table} parent WHERE parent.{column} = {mine})"


def build(connection: BaseDatabaseWrapper) -> list[str]:
    """Have the walls stand as the models say now: the tables around which they did not.

    Called as the owner of the tables, who sees across: migrations must find old rows, and the trigger of the audit
    trail, which works as the owner, the organization that a row concerns. Nothing else signs in as the owner.
    """
    wanted = {model._meta.db_table: condition(model) for model in belonging()}
    standing = _standing(connection)
    lacking = [table for table in wanted if standing.get(table) != wanted[table]]
    with connection.cursor() as cursor:
        for table in lacking:
            cursor.execute(
                f"""
                ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
                DROP POLICY IF EXISTS inside ON {table};
                DROP POLICY IF EXISTS across ON {table};
                CREATE POLICY inside ON {table} USING ({wanted[table]});
                CREATE POLICY across ON {table} TO {ACROSS}, CURRENT_USER USING (true);
                """
            )
            cursor.execute(f"COMMENT ON POLICY inside ON {table} IS %s", [wanted[table]])
    return lacking


def _standing(connection: BaseDatabaseWrapper) -> dict[str, str | None]:
    """By table with a wall: its condition as it was built."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, obj_description(p.oid, 'pg_policy')
            FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'inside'
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
            """
        )
        return dict(cursor.fetchall())
