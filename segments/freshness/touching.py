"""Whom a refresh looks at: everybody, or only those whom something touched since the last one.

Only those, if the query is the same as last time, to the letter and with the same values: then nobody else's answer can
be another one. What a transaction touched that the last refresh did not see yet is noted (triggers.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from console.customers.models import Customer
from console.portfolios.models import Account
from segments import definition
from segments.definition.near import COLUMNS, Near, gather
from segments.definition.nodes import Group, Rule, walk
from segments.expressions import IdSet
from segments.freshness import triggers
from segments.freshness.lapsing import lapses_at
from segments.models import Freshness, Population, Run, Segment

# Where more than this share of a population was touched, everybody is looked at as fast; but few are always few.
SHARE, FEW = 0.2, 1000
# In the planner's units: what one of those who were touched costs, and one of those who belong, in a look at everybody.
TOUCHED_COSTS, MEMBER_COSTS = 10.0, 1.0
# Numbers of transactions are those of one server: a copy of the database restored elsewhere may not believe them.
PRESENT = """
SELECT pg_current_snapshot()::text, pg_current_xact_id()::text::bigint,
    (SELECT system_identifier FROM pg_control_system()) || ' '
    || (SELECT oid FROM pg_database WHERE datname = current_database())
"""
NOTES = """
FROM segments_touched
WHERE organization_id = %(organization)s AND what = ANY(%(heeded)s)
    AND xact >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
    AND (xact = %(seen_in)s::text::xid8 OR NOT pg_visible_in_snapshot(xact, %(seen)s::pg_snapshot))
"""
HOW_MANY = f"""
SELECT count(*), coalesce(bool_or(customer_id IS NULL AND account_id IS NULL), false),
    (SELECT reltuples FROM pg_class WHERE oid = %(people)s::regclass) {NOTES}
"""
NOTED = (
    "DROP TABLE IF EXISTS pg_temp.touched_note",
    "CREATE TEMP TABLE touched_note (customer_id uuid, account_id uuid) ON COMMIT DROP",
    f"INSERT INTO touched_note SELECT DISTINCT customer_id, account_id {NOTES}",
    "ANALYZE touched_note",
)
# An account's change concerns who holds it, and a customer's the accounts that they hold.
TOUCHED = """
SELECT {own} FROM touched_note WHERE {own} IS NOT NULL
UNION SELECT {own} FROM portfolios_accountholder
WHERE {beside} IN (SELECT {beside} FROM touched_note WHERE {own} IS NULL)
"""
# Who is not counted for that long asks everybody the next time, and needs no notes.
WITHOUT = timedelta(days=2)
LET_GO = """
UPDATE segments_freshness SET seen = '' WHERE segment_id IN (
    SELECT f.segment_id FROM segments_freshness f JOIN segments_segment s ON s.id = f.segment_id
    WHERE f.seen <> '' AND (s.archived_at IS NOT NULL OR s.deleted_at IS NOT NULL OR s.refreshed_at < %s)
    FOR UPDATE OF f SKIP LOCKED
)
"""
# A refresh under way that leaves its first snapshot may have seen less than is there now: it needs every note.
FORGET = """
DELETE FROM segments_touched note USING (
    SELECT o.id, coalesce(min(pg_snapshot_xmin(nullif(f.seen, '')::pg_snapshot)),
        pg_snapshot_xmax(pg_current_snapshot())) AS before
    FROM organizations_organization o LEFT JOIN segments_freshness f ON f.organization_id = o.id
    WHERE NOT EXISTS (
        SELECT FROM segments_run r LEFT JOIN segments_freshness mine ON mine.segment_id = r.segment_id
        WHERE r.organization_id = o.id AND r.state = 'running' AND coalesce(mine.seen, '') = '')
    GROUP BY o.id
) AS kept
WHERE note.organization_id = kept.id AND note.xact < kept.before
"""
NEAR = Near.gathered("touched")


@dataclass(frozen=True)
class Look:
    """What a refresh is about to ask, and what it leaves for the next one.

    `number`: of how many it is asked, those in the temporary table touched_member; none where of everybody. With 0
    there is nothing to ask. `before`: how many belonged, as last counted.
    """

    ids: IdSet
    left_over: dict[str, Any]
    number: int | None = None
    before: int = 0


def look(segment: Segment, at: datetime, *, is_brief: bool = False) -> Look:
    """What to ask at the moment `at`, and of whom. Called in the transaction that writes the answer, the segment held.

    `is_brief`: only whether there is anything to ask; nobody who was touched is looked up. Raises NoDefinition,
    DefinitionFaults.
    """
    kept = Freshness.objects.select_for_update(of=["self"]).select_related("segment")
    last = kept.filter(segment=segment).first() or Freshness(segment=segment)
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        seen, seen_in, ground = cursor.fetchone()
    node, organization = segment.rules(), segment.organization
    whole = definition.ids(node, organization, at, is_marketing=segment.is_marketing)
    asked = sha256(repr((whole.sql, whole.params)).encode()).hexdigest()
    is_same = (last.asked, last.ground) == (asked, ground)
    holds = is_same and (last.lapses_at is None or at < last.lapses_at)
    used = definition.segments_used(node)
    heeded = None if _asks_any_segment(node) else triggers.heeded(whole.sql, used)
    left_over = {
        "organization_id": organization.pk,
        "lapses_at": last.lapses_at if holds else lapses_at(node, organization, at),
        "asked": asked,
        "ground": ground,
        "seen": "" if heeded is None or _moves(used) else seen,
        "seen_in": seen_in,
    }
    before = last.segment.member_count
    if not (is_same and last.seen) or heeded is None or before is None:
        return Look(whole, left_over)
    since = {"organization": organization.pk, "heeded": heeded, "seen": last.seen, "seen_in": last.seen_in}
    notes = _notes(segment, since)
    if notes == 0:
        return Look(whole, left_over, 0, before)
    if notes is None or is_brief or _is_everybody_cheaper(whole, notes, before):
        return Look(whole, left_over)
    near = definition.ids(node, organization, at, is_marketing=segment.is_marketing, near=NEAR)
    number = _gathered(segment, since, asking=near.sql)
    return Look(whole, left_over) if number is None else Look(near, left_over, number, before)


def _asks_any_segment(node: Group) -> bool:
    """Whether it asks who is in no segment at all: then it reads them all."""
    rules = [each for each in walk(node) if isinstance(each, Rule)]
    return any(each.field.type == "segment" and each.value is None for each in rules)


def _moves(used: Iterable[UUID]) -> bool:
    """Whether one of the segments is being counted: what changes in it is noted only by who saw that it is used."""
    return Run.objects.filter(segment__in=list(used), state=Run.State.RUNNING).exists()


def _notes(segment: Segment, since: dict[str, Any]) -> int | None:
    """How many notes there are since the last refresh; None where they concern everybody."""
    with connection.cursor() as cursor:
        cursor.execute(HOW_MANY, {**since, "people": _table(segment)})
        notes, is_everybody, population = cursor.fetchone()
    return None if is_everybody or notes > max(FEW, population) else int(notes)


def _is_everybody_cheaper(whole: IdSet, notes: int, members: int) -> bool:
    """Whether asking everybody, and comparing with all who belong, takes less than finding those who were touched."""
    return notes > FEW and whole.cost() + members * MEMBER_COSTS < notes * TOUCHED_COSTS


def _gathered(segment: Segment, since: dict[str, Any], *, asking: str) -> int | None:
    """How many members the notes concern, put into touched_member; None where nearly everybody may as well be asked."""
    with connection.cursor() as cursor:
        for statement in NOTED:
            cursor.execute(statement, since if "%(" in statement else None)
    own, beside = COLUMNS[segment.population]
    touched = IdSet(TOUCHED.format(own=own, beside=beside), (), is_distinct=True)
    number = gather("touched", segment.population, touched, asking=asking)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [_table(segment)])
        (population,) = cursor.fetchone()
    return number if number <= max(FEW, SHARE * population) else None


def _table(segment: Segment) -> str:
    return str((Customer if segment.population == Population.CUSTOMERS else Account)._meta.db_table)


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Delete the notes that no refresh needs any more at the moment `at`, everywhere; how many those were."""
    with connection.cursor() as cursor:
        cursor.execute(LET_GO, [at - WITHOUT])
        cursor.execute(FORGET)
        return int(cursor.rowcount)
