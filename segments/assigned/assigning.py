"""Assigned segments: tags that accounts carry, one each. Set by staff or the API, many at once in four statements.

Who tags holds the accounts first, in the order of their ids, then every segment that they enter or leave, in the order
of theirs. Memberships of a segment are written by who holds that segment only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from console.ledgers.models import Ledger
from console.organizations import scope
from console.organizations.models import Organization
from segments.models import BulkRun, Population, Segment

CHOSEN = """
CREATE TEMP TABLE tagged ON COMMIT DROP AS
SELECT account.id FROM portfolios_account account
WHERE account.id IN ({chosen}) ORDER BY account.id FOR NO KEY UPDATE OF account
"""
# Two who move accounts between the same segments, each the other way, would wait for each other's counts for ever.
# The segment may have been archived or deleted since it was chosen.
HELD = """
WITH held AS (
    SELECT id, archived_at, deleted_at FROM segments_segment WHERE id = %(segment)s OR id IN (
        SELECT segment_id FROM segments_accountmembership JOIN tagged ON account_id = tagged.id WHERE is_assigned
    ) ORDER BY id FOR NO KEY UPDATE
)
SELECT count(*) FROM held WHERE id = %(segment)s AND (archived_at IS NOT NULL OR deleted_at IS NOT NULL)
"""
LEFT = """
WITH gone AS (
    DELETE FROM segments_accountmembership member {which}
    RETURNING member.account_id, member.segment_id
), told AS (
    INSERT INTO segments_membershipevent (organization_id, segment_id, account_id, change, at, by_id, key_id, bulk_id)
    SELECT %(organization)s, segment_id, account_id, 'left', %(at)s, %(staff)s::bigint, %(key)s::uuid, %(bulk)s::uuid
    FROM gone
), fewer AS (
    UPDATE segments_segment segment SET member_count = greatest(coalesce(member_count, 0) - number, 0)
    FROM (SELECT segment_id, count(*) AS number FROM gone GROUP BY segment_id) left_
    WHERE segment.id = left_.segment_id
)
SELECT count(*), coalesce(array_agg(DISTINCT segment_id), '{{}}') FROM gone
"""
OF_TAGGED = """
USING tagged
WHERE member.account_id = tagged.id AND member.is_assigned AND member.segment_id IS DISTINCT FROM %(segment)s
"""
OF_SEGMENT = "WHERE member.segment_id = %(segment)s AND member.is_assigned"
ENTERED = """
WITH come AS (
    INSERT INTO segments_accountmembership (organization_id, segment_id, account_id, is_assigned, entered_at)
    SELECT %(organization)s, %(segment)s, id, true, %(at)s FROM tagged ORDER BY id
    ON CONFLICT DO NOTHING RETURNING account_id
), told AS (
    INSERT INTO segments_membershipevent (organization_id, segment_id, account_id, change, at, by_id, key_id, bulk_id)
    SELECT %(organization)s, %(segment)s, account_id, 'entered', %(at)s, %(staff)s::bigint, %(key)s::uuid,
        %(bulk)s::uuid
    FROM come
), more AS (
    UPDATE segments_segment SET member_count = coalesce(member_count, 0) + (SELECT count(*) FROM come)
    WHERE id = %(segment)s
)
SELECT count(*) FROM come
"""


class CantCarry(Exception):
    """The segment is no tag for these accounts: it is dynamic, archived, or another ledger's."""

    is_for_staff = True


def blank(organization: Organization, **more: Any) -> Segment:
    """An assigned segment of which nothing was said yet, not stored."""
    return Segment(
        organization=organization,
        kind=Segment.Kind.ASSIGNED,
        population=Population.ACCOUNTS,
        is_marketing=False,
        member_count=0,
        **more,
    )


def tags(organization: Organization, ledger: Ledger | None = None) -> "QuerySet[Segment]":
    """The assigned segments in use, by name; of a ledger those that its accounts may carry."""
    found = organization.segments.filter(kind=Segment.Kind.ASSIGNED, archived_at=None)
    if ledger is not None:
        found = found.filter(Q(ledger=ledger) | Q(ledger=None))
    ordered: QuerySet[Segment] = found.select_related("ledger").order_by("name", "pk")
    return ordered


@transaction.atomic
def assign(
    organization: Organization,
    accounts: "QuerySet[Any]",
    segment: Segment | None,
    *,
    at: datetime,
    bulk: BulkRun | None = None,
) -> int:
    """Let the accounts carry the segment, and no other one; None takes off what they carry.

    `bulk` is the change of many accounts that this is a part of. The events say who is at work, as the audit trail.
    What is made from the segments is counted anew soon. Returns how many carry something else than before.
    Raises CantCarry.
    """
    if segment is not None:
        _check(segment, accounts)
    values = _values(organization, segment, at, bulk)
    chosen, parameters = accounts.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN.format(chosen=chosen), parameters)
        cursor.execute(HELD, values)
        if cursor.fetchone()[0]:
            raise CantCarry(f"“{segment}” can't be carried: it was taken out of use.")
        cursor.execute(LEFT.format(which=OF_TAGGED), values)
        left, changed = cursor.fetchone()
        come = 0
        if segment is not None:
            cursor.execute(ENTERED, values)
            (come,) = cursor.fetchone()
        cursor.execute("DROP TABLE tagged")
    _count_anew(organization, [*changed, *([segment.pk] if segment and come else [])], at)
    return max(left, come)


def _count_anew(organization: Organization, changed: list[UUID], at: datetime) -> None:
    """Have the segments that are made from those that changed refreshed by the next tick, however often it is asked."""
    if changed:
        made_of = organization.segments.filter(version__uses__overlap=changed, archived_at=None)
        for segment in made_of.select_related("organization"):  # in their own order, as refreshes ask
            segment.request_refresh(by=None, at=at, is_urgent=False)


def carriers(accounts: "QuerySet[Any]", segment: Segment | None) -> "QuerySet[Any]":
    """Those of the accounts that carry the segment now."""
    return accounts.filter(memberships__segment=segment, memberships__is_assigned=True)


def clear(segment: Segment, *, at: datetime, bulk: BulkRun | None = None) -> int:
    """Take the segment off every account that carries it; how many did. Whoever calls holds the segment's row."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT.format(which=OF_SEGMENT), _values(segment.organization, segment, at, bulk))
        return int(cursor.fetchone()[0])


def _values(
    organization: Organization, segment: Segment | None, at: datetime, bulk: BulkRun | None = None
) -> dict[str, Any]:
    actor = scope.present().actor
    return {
        "organization": organization.pk,
        "segment": segment.pk if segment else None,
        "at": at,
        "staff": actor.staff or None,
        "key": actor.key or None,
        "bulk": bulk.pk if bulk else None,
    }


def _check(segment: Segment, accounts: "QuerySet[Any]") -> None:
    if segment.kind != Segment.Kind.ASSIGNED or segment.archived_at or segment.deleted_at:
        raise CantCarry(f"“{segment}” can't be carried: it is kept by its definition, or out of use.")
    if segment.ledger_id and accounts.exclude(ledger=segment.ledger_id).exists():
        raise CantCarry(f"“{segment}” is for accounts of the ledger “{segment.ledger}” only.")
