"""Assigned segments: tags that accounts carry, one each. Set by staff or the API, many at once in four statements."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from console.organizations.models import Organization
from segments.models import Segment

CHOSEN = """
CREATE TEMP TABLE tagged ON COMMIT DROP AS
SELECT account.id FROM portfolios_account account
WHERE account.id IN ({chosen}) ORDER BY account.id FOR NO KEY UPDATE OF account
"""
# Two who move accounts between the same segments, each the other way, would wait for each other's counts for ever.
HELD = """
SELECT FROM segments_segment WHERE id = %(segment)s OR id IN (
    SELECT segment_id FROM segments_accountmembership JOIN tagged ON account_id = tagged.id WHERE is_assigned
) ORDER BY id FOR NO KEY UPDATE
"""
LEFT = """
WITH gone AS (
    DELETE FROM segments_accountmembership member USING tagged
    WHERE member.account_id = tagged.id AND member.is_assigned AND member.segment_id IS DISTINCT FROM %(segment)s
    RETURNING member.account_id, member.segment_id
), told AS (
    INSERT INTO segments_membershipevent (organization_id, segment_id, account_id, change, at)
    SELECT %(organization)s, segment_id, account_id, 'left', %(at)s FROM gone
), fewer AS (
    UPDATE segments_segment segment SET member_count = greatest(coalesce(member_count, 0) - number, 0)
    FROM (SELECT segment_id, count(*) AS number FROM gone GROUP BY segment_id) left_
    WHERE segment.id = left_.segment_id
)
SELECT count(*) FROM gone
"""
ENTERED = """
WITH come AS (
    INSERT INTO segments_accountmembership (organization_id, segment_id, account_id, is_assigned, entered_at)
    SELECT %(organization)s, %(segment)s, id, true, %(at)s FROM tagged ORDER BY id
    ON CONFLICT DO NOTHING RETURNING account_id
), told AS (
    INSERT INTO segments_membershipevent (organization_id, segment_id, account_id, change, at)
    SELECT %(organization)s, %(segment)s, account_id, 'entered', %(at)s FROM come
), more AS (
    UPDATE segments_segment SET member_count = coalesce(member_count, 0) + (SELECT count(*) FROM come)
    WHERE id = %(segment)s
)
SELECT count(*) FROM come
"""


class CantCarry(Exception):
    """The segment is no tag for these accounts: it is dynamic, archived, or another ledger's."""

    is_for_staff = True


@transaction.atomic
def assign(
    organization: Organization, accounts: "QuerySet[Any]", segment: Segment | None, *, at: datetime
) -> int:
    """Let the accounts carry the segment, and no other one; None takes off what they carry.

    Returns how many carry something else than before. Raises CantCarry.
    """
    if segment is not None:
        _check(segment, accounts)
    values = {"organization": organization.pk, "segment": segment.pk if segment else None, "at": at}
    chosen, parameters = accounts.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.tagged")
        cursor.execute(CHOSEN.format(chosen=chosen), parameters)
        cursor.execute(HELD, values)
        cursor.execute(LEFT, values)
        (left,) = cursor.fetchone()
        come = 0
        if segment is not None:
            cursor.execute(ENTERED, values)
            (come,) = cursor.fetchone()
    return max(left, come)


def _check(segment: Segment, accounts: "QuerySet[Any]") -> None:
    if segment.kind != Segment.Kind.ASSIGNED or segment.archived_at or segment.deleted_at:
        raise CantCarry(f"“{segment}” can't be carried: it is kept by its definition, or out of use.")
    if segment.ledger_id and accounts.exclude(ledger=segment.ledger_id).exists():
        raise CantCarry(f"“{segment}” is for accounts of the ledger “{segment.ledger}” only.")
