"""Staged rows, all but transactions, into their tables: new ones added, those that differ changed, others left."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from console.imports.fields import Field
from console.imports.mapping import Plan

BY_NAME = "t.organization_id = %(organization)s AND t.name = s.name AND t.deleted_at IS NULL"
NAME_ONCE = "(organization_id, name) WHERE deleted_at IS NULL"
BY_EXTERNAL_ID = "t.organization_id = %(organization)s AND t.external_id = s.external_id"


@dataclass(frozen=True, slots=True)
class Target:
    """A table that a kind of file fills: how a staged row `s` finds its row `t`, by which index there is one, what each
    new row is given, and what is noted on one that changes.

    filled: the column that a field of another name fills, with its value. always: columns that follow from others.
    """

    table: str
    match: str
    unique: str
    given: dict[str, str]
    noted: dict[str, str] = field(default_factory=dict)
    filled: dict[str, tuple[str, str]] = field(default_factory=dict)
    always: tuple[str, ...] = ()


OF_CUSTOMER = {"organization_id": "%(organization)s", "customer_id": "s.customer_id"}
OWN_ID = {"external_id": "s.external_id"}
CHANGED = {"updated_at": "%(at)s"}
CONNECTOR = {"connector": ("connector_id", "s.connector_id")}
NOTED = {"source": "'file'", "noted_by_id": "NULL"}
# It is to be evaluated at once, though it may just be.
ASKED = {"evaluated_at": "NULL", "asked": "t.asked + 1"}
TARGETS = {
    "customers": Target(
        "customers_customer",
        BY_EXTERNAL_ID,
        "(organization_id, external_id)",
        {"organization_id": "%(organization)s", "external_id": "s.external_id"},
    ),
    "accounts": Target(
        "portfolios_account",
        BY_EXTERNAL_ID,
        "(organization_id, external_id)",
        {"organization_id": "%(organization)s", "ledger_id": "%(ledger)s", "external_id": "s.external_id"},
        CHANGED,
    ),
    "account_holders": Target(
        "portfolios_accountholder",
        "t.account_id = s.account_id AND t.customer_id = s.customer_id",
        "(account_id, customer_id)",
        {
            "organization_id": "%(organization)s",
            "account_id": "s.account_id",
            "customer_id": "s.customer_id",
            "created_at": "%(at)s",
        },
    ),
    "invoices": Target(
        "billing_invoice",
        BY_EXTERNAL_ID,
        "(organization_id, external_id)",
        OF_CUSTOMER | OWN_ID,
        CHANGED,
        always=("amount_due", "status"),
    ),
    "connectors": Target(
        "billing_connector", BY_NAME, NAME_ONCE, {"organization_id": "%(organization)s"}, CHANGED
    ),
    "payment_methods": Target(
        "billing_paymentmethod",
        f"{BY_EXTERNAL_ID} AND t.deleted_at IS NULL",
        "(organization_id, external_id) WHERE deleted_at IS NULL",
        OF_CUSTOMER | OWN_ID | {"connector_id": "s.connector_id"},
        CHANGED,
        filled=CONNECTOR,
    ),
    "connector_links": Target(
        "billing_connectorlink",
        "t.connector_id = s.connector_id AND t.customer_id = s.customer_id",
        "(connector_id, customer_id)",
        OF_CUSTOMER | {"connector_id": "s.connector_id"},
    ),
    "contacts": Target(
        "billing_contact",
        "t.customer_id = s.customer_id AND lower(t.email) = lower(s.email) AND t.deleted_at IS NULL",
        "(customer_id, lower(email)) WHERE deleted_at IS NULL",
        OF_CUSTOMER,
        CHANGED,
    ),
    "consents": Target(
        "billing_consent",
        "t.customer_id = s.customer_id AND t.channel = s.channel AND t.purpose = s.purpose",
        "(customer_id, channel, purpose)",
        OF_CUSTOMER | NOTED,
        NOTED,
    ),
    "monitors": Target(
        "billing_monitor",
        BY_NAME,
        NAME_ONCE,
        {"organization_id": "%(organization)s", "created_by_id": "%(by)s"},
        CHANGED | ASKED,
        always=("currency", "days"),
    ),
}


def merge(plan: Plan, values: dict[str, Any], *, is_dry_run: bool) -> tuple[int, int]:
    """Returns how many rows are new and how many were updated; a dry run only counts them."""
    target = TARGETS[plan.kind.key]
    changes = _changes(plan, target)
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
        ORDER BY s.line ON CONFLICT {target.unique} DO NOTHING RETURNING 1
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


def _changes(plan: Plan, target: Target) -> dict[str, str]:
    """What each column of an existing row becomes: only columns that the file fills change."""
    changes = {
        field.key: f'coalesce(s."{field.key}", t."{field.key}")' if field.keeps else _for_new(field)
        for field in plan.fields
        if field.is_stored and field.key != "external_id"
    }
    changes |= dict(target.filled[field.key] for field in plan.fields if field.key in target.filled)
    changes |= {name: f's."{name}"' for name in target.always}
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
