"""Staged transactions through the one door of console.balances: new ones are booked, others must say the same again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from console.balances import posting
from console.imports.mapping import Plan
from console.imports.refusing import Refusal
from console.organizations.models import Organization

SOURCE = "import"
TEXTS = ("operation", "purpose", "counterparty", "description")
BOOKED = "t.organization_id = %(organization)s AND t.source = 'import' AND t.external_id = s.external_id"
STAGE = """
    INSERT INTO posting_staged (position, account_id, external_id, booked_on, direction, amount,
        operation, purpose, counterparty, description, metadata)
    SELECT line, account_id, external_id, booked_on, direction, amount,
        coalesce(operation, ''), coalesce(purpose, ''), coalesce(counterparty, ''), coalesce(description, ''),
        coalesce(extra, '{}')
    FROM import_staged
"""
DIFFERENT = """
    DELETE FROM import_staged s USING balances_transaction t
    WHERE {booked} AND (t.account_id <> s.account_id {or_differs})
    RETURNING s.line, format('Booked already with other values: %%s. Correct it by a reversal.', concat_ws(', ',
        CASE WHEN t.account_id <> s.account_id THEN 'account' END {differences}))
"""
COUNT_BOOKED = f"SELECT count(*) FROM import_staged s JOIN balances_transaction t ON {BOOKED}"


def book(plan: Plan, organization: Organization, *, at: datetime) -> int:
    """Post what is staged; returns how many were new."""
    posting.stage()
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
    return posting.post(organization, source=SOURCE, at=at)


def refuse_different(plan: Plan, values: dict[str, Any]) -> Iterator[Refusal]:
    """Take out rows whose id is booked with another account, day, amount or text."""
    tests = [
        ("booked_on", "t.booked_on <> s.booked_on", "t.booked_on::text"),
        ("direction", "t.direction <> s.direction", "t.direction"),
        ("amount", "t.amount <> s.amount", "trim_scale(t.amount)::text"),
        *((name, f"t.{name} <> s.{name}", f"t.{name}") for name in TEXTS if plan.column_of(name)),
    ]
    if plan.keys:
        tests.append(("metadata", "NOT t.metadata @> s.extra", "''"))
    statement = DIFFERENT.format(
        booked=BOOKED,
        or_differs="".join(f" OR {test}" for _, test, _ in tests),
        differences="".join(f", CASE WHEN {test} THEN '{name} ' || {was} END" for name, test, was in tests),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        yield from ((line, plan.column_of("external_id"), reason) for line, reason in cursor.fetchall())


def count_booked(values: dict[str, Any]) -> int:
    """How many staged rows are booked already."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_BOOKED, values)
        return int(cursor.fetchone()[0])
