"""Staged customers, accounts and holders into their tables: new ones added, those that differ changed, others left."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from console.imports.kinds import Field
from console.imports.mapping import Plan

BY_EXTERNAL_ID = "t.organization_id = %(organization)s AND t.external_id = s.external_id"


@dataclass(frozen=True, slots=True)
class Target:
    """A table that a kind of file fills: how a staged row `s` finds its row `t`, what each new row is given, and
    what is noted on one that changes."""

    table: str
    match: str
    unique: str
    given: dict[str, str]
    noted: dict[str, str] = field(default_factory=dict)


TARGETS = {
    "customers": Target(
        "customers_customer",
        BY_EXTERNAL_ID,
        "organization_id, external_id",
        {"organization_id": "%(organization)s", "external_id": "s.external_id"},
    ),
    "accounts": Target(
        "portfolios_account",
        BY_EXTERNAL_ID,
        "organization_id, external_id",
        {"organization_id": "%(organization)s", "ledger_id": "%(ledger)s", "external_id": "s.external_id"},
        {"updated_at": "%(at)s"},
    ),
    "account_holders": Target(
        "portfolios_accountholder",
        "t.account_id = s.account_id AND t.customer_id = s.customer_id",
        "account_id, customer_id",
        {
            "organization_id": "%(organization)s",
            "account_id": "s.account_id",
            "customer_id": "s.customer_id",
            "created_at": "%(at)s",
        },
    ),
}


def merge(plan: Plan, values: dict[str, Any], *, is_dry_run: bool) -> tuple[int, int]:
    """Returns how many rows are new and how many were updated; a dry run only counts them."""
    target = TARGETS[plan.kind.key]
    changes = _changes(plan)
    differs = _differs(changes)
    statement = _counting(target, differs) if is_dry_run else _writing(plan, target, changes, differs)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        new, updated = cursor.fetchone()
    return new, updated


def _counting(target: Target, differs: str) -> str:
    return f"""
        SELECT count(*) FILTER (WHERE t.id IS NULL), count(*) FILTER (WHERE t.id IS NOT NULL AND {differs})
        FROM import_staged s LEFT JOIN {target.table} t ON {target.match}
    """


def _writing(plan: Plan, target: Target, changes: dict[str, str], differs: str) -> str:
    """One statement; both parts see the table as it was before."""
    stored = [field for field in plan.kind.fields if field.is_stored and field.key != "external_id"]
    given = target.given | {field.key: _for_new(field) for field in stored}
    if plan.kind.extra:
        given[plan.kind.extra] = "coalesce(s.extra, '{}')"
    added = f"""
        INSERT INTO {target.table} ({_names(given)}) SELECT {", ".join(given.values())} FROM import_staged s
        ORDER BY s.line ON CONFLICT ({target.unique}) DO NOTHING RETURNING 1
    """
    if not changes:
        return f"WITH added AS ({added}) SELECT count(*), 0 FROM added"
    settings = ", ".join(f'"{name}" = {value}' for name, value in (changes | target.noted).items())
    changed = f"""
        UPDATE {target.table} t SET {settings} FROM import_staged s WHERE {target.match} AND {differs} RETURNING 1
    """
    return f"""
        WITH changed AS ({changed}), added AS ({added})
        SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM changed)
    """


def _changes(plan: Plan) -> dict[str, str]:
    """What each column of an existing row becomes: only columns that the file fills change."""
    changes = {
        field.key: f'coalesce(s."{field.key}", t."{field.key}")' if field.keeps else _for_new(field)
        for field in plan.fields
        if field.is_stored and field.key != "external_id"
    }
    if plan.keys:
        tops = ", ".join(f"'{key}'" for key in dict.fromkeys(key.split(".")[0] for key in plan.keys))
        changes[plan.kind.extra] = f"(t.{plan.kind.extra} - ARRAY[{tops}]) || s.extra"
    return changes


def _differs(changes: dict[str, str]) -> str:
    if not changes:
        return "false"
    old = ", ".join(f't."{name}"' for name in changes)
    return f"ROW({old}) IS DISTINCT FROM ROW({', '.join(changes.values())})"


def _for_new(field: Field) -> str:
    return f'coalesce(s."{field.key}", {field.default})'


def _names(columns: dict[str, str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
