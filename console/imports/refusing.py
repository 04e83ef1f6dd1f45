"""Staged rows that the data already stored speaks against: taken out of the stage, each with its reason."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from console.imports import billing, by_name
from console.imports.billing import CUSTOMER, ERASED, OF_PSEUDONYM, WHOSE
from console.imports.mapping import Plan
from console.organizations import hashing

ACCOUNT = "a.organization_id = %(organization)s AND a.external_id = s.account AND a.is_live"
FIND_ACCOUNT = f"UPDATE import_staged s SET account_id = a.id FROM portfolios_account a WHERE {ACCOUNT}"
RESOLVE = (
    billing.RESOLVE
    | by_name.RESOLVE
    | {
        "account_holders": (FIND_ACCOUNT, CUSTOMER),
        "transactions": (FIND_ACCOUNT,),
    }
)

NO_ACCOUNT = """
    DELETE FROM import_staged WHERE account_id IS NULL
    RETURNING line, 'There is no account with this external id. Import accounts first.'
"""
DELETED = """
    DELETE FROM import_staged s USING portfolios_account a
    WHERE a.organization_id = %(organization)s AND a.external_id = s.external_id AND NOT a.is_live
    RETURNING s.line, 'This account was deleted, and a file does not bring it back. Take the row out of the file.'
"""
OTHER_LEDGER = """
    DELETE FROM import_staged s USING portfolios_account a JOIN ledgers_ledger l ON l.id = a.ledger_id
    WHERE a.organization_id = %(organization)s AND a.external_id = s.external_id
        AND a.ledger_id IS DISTINCT FROM %(ledger)s::uuid
    RETURNING s.line, format('The account is in the ledger “%%s” and stays there.', l.name)
"""
ACCOUNT_OF_OTHER_LEDGER = """
    DELETE FROM import_staged s USING portfolios_account a JOIN ledgers_ledger l ON l.id = a.ledger_id
    WHERE %(ledger)s::uuid IS NOT NULL AND a.id = s.account_id AND a.ledger_id <> %(ledger)s::uuid
    RETURNING s.line, format('The account is in the ledger “%%s”, not in the one named for this import.', l.name)
"""
OTHER_CURRENCY = """
    DELETE FROM import_staged s USING portfolios_account a
    WHERE a.organization_id = %(organization)s AND a.external_id = s.external_id AND a.asset_code <> s.asset_code
    RETURNING s.line, format('The account is kept in %%s; its currency can''t change.', a.asset_code)
"""
CURRENCY_OF_OTHER_ACCOUNT = """
    DELETE FROM import_staged s USING portfolios_account a
    WHERE a.id = s.account_id AND a.asset_code <> s.currency
    RETURNING s.line, format('The account is kept in %%s. Book the item in that currency.', a.asset_code)
"""
# An alias that reads as the id of another account, however it is written, would get what is meant for that one.
AS_ID = "regexp_replace(replace(replace(lower(named.alias), 'urn:', ''), 'uuid:', ''), '[-_]', '', 'g')"
ALIAS_TAKEN = f"""
    DELETE FROM import_staged s USING (
        SELECT line, alias, external_id, row_number() OVER (PARTITION BY alias ORDER BY line) AS number
        FROM import_staged WHERE alias <> ''
    ) named
    WHERE named.line = s.line AND (named.number > 1 OR EXISTS (
        SELECT FROM portfolios_account a
        WHERE a.ledger_id = %(ledger)s::uuid AND a.deleted_at IS NULL
            AND a.alias = named.alias AND a.external_id <> named.external_id
    ) OR EXISTS (
        SELECT FROM portfolios_account a
        WHERE a.ledger_id = %(ledger)s::uuid AND a.external_id <> named.external_id
            AND a.id = CASE WHEN {AS_ID} ~ '^[0-9a-f]{{1,32}}$' THEN lpad({AS_ID}, 32, '0')::uuid END
    ))
    RETURNING s.line, 'Another account of the ledger has this alias.'
"""
OF_ERASED = f"""
    DELETE FROM import_staged s USING customers_erasure e
    WHERE e.organization_id = %(organization)s
        AND e.external_id_hash = {hashing.sql("%(organization)s::text || ':' || s.external_id")}
    RETURNING s.line, '{ERASED}'
"""
PSEUDONYM = f"""
    DELETE FROM import_staged s USING customers_customer c
    WHERE c.organization_id = %(organization)s AND c.external_id = s.external_id AND c.erased_at IS NOT NULL
    RETURNING s.line, '{OF_PSEUDONYM}'
"""
# Field that is at fault, statement. Only those whose field the file fills are run.
REFUSALS = (
    billing.REFUSALS
    | by_name.REFUSALS
    | {
        "customers": [("external_id", OF_ERASED), ("external_id", PSEUDONYM)],
        "accounts": [
            ("external_id", DELETED),
            ("external_id", OTHER_LEDGER),
            ("asset_code", OTHER_CURRENCY),
            ("alias", ALIAS_TAKEN),
        ],
        "account_holders": [("account", NO_ACCOUNT), *WHOSE],
        "transactions": [
            ("account", NO_ACCOUNT),
            ("account", ACCOUNT_OF_OTHER_LEDGER),
            ("currency", CURRENCY_OF_OTHER_ACCOUNT),
        ],
    }
)

SEEN = """
    INSERT INTO imports_seenkey (run_id, key, line) SELECT %(run)s, {key}, line FROM import_staged ORDER BY line
    ON CONFLICT (run_id, key) DO NOTHING
"""
TWICE = """
    DELETE FROM import_staged s USING imports_seenkey k
    WHERE k.run_id = %(run)s AND k.key = {key} AND k.line <> s.line
    RETURNING s.line, format('Line %%s of this file has the same {what}. Keep one of them.', k.line)
"""


def joined(*columns: str) -> str:
    """SQL for one key of several columns: a line break stands in none of them, as a space may."""
    return f"concat_ws(chr(10), {', '.join(columns)})"


# What a row of a kind without an id of its own is known by in its file: in SQL, the column at fault, and in words.
KEYS = {
    "connectors": ("name", "name", "name"),
    "monitors": ("name", "name", "name"),
    "account_holders": (joined("account", "customer"), "account", "account and customer"),
    "connector_links": (joined("connector", "customer"), "customer", "connector and customer"),
    "contacts": (joined("lower(email)", "customer"), "email", "customer and email"),
    "consents": (
        joined("channel", "purpose", "said_at", "is_given", "customer"),
        *("said_at", "customer, channel, purpose, time and answer"),
    ),
}
Refusal = tuple[int, str, str]


def refuse(plan: Plan, values: dict[str, Any]) -> Iterator[Refusal]:
    """Take wrong rows out of the stage: yields line, column at fault, reason. `values` name organization and ledger."""
    with connection.cursor() as cursor:
        for statement in RESOLVE.get(plan.kind.key, ()):
            cursor.execute(statement, values)
        for field, statement in REFUSALS[plan.kind.key]:
            if column := plan.column_of(field):
                cursor.execute(statement, values)
                yield from ((line, column, reason) for line, reason in cursor.fetchall())


def refuse_repeated(plan: Plan, run_id: UUID) -> Iterator[Refusal]:
    """Take out rows whose key an earlier row of this file had, and remember the keys of the others."""
    own = plan.column_of("external_id").replace("'", "''").replace("%", "%%")
    key, column, what = KEYS.get(plan.kind.key, ("external_id", "external_id", own))
    with connection.cursor() as cursor:
        cursor.execute(SEEN.format(key=key), {"run": run_id})
        cursor.execute(TWICE.format(key=key, what=what), {"run": run_id})
        yield from ((line, plan.column_of(column), reason) for line, reason in cursor.fetchall())
