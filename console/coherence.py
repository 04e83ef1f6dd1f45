"""Do the books hold? Three promises, each asked of all rows at once; what breaks one is named.

Messages: planned = sent + failed + suppressed + uncertain + dead + queued. Membership: the events folded. Balances: the
transactions summed. Reads only; each check is one statement over one organization.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from console.organizations.models import Organization

EXAMPLES = 20

MESSAGES = """
SELECT r.id::text, r.planned, count(m.id), count(m.id) FILTER (WHERE m.state IN
    ('sent', 'failed', 'suppressed', 'uncertain', 'dead', 'queued', 'sending'))
FROM communications_run r LEFT JOIN communications_message m ON m.run_id = r.id
WHERE r.organization_id = %(organization)s GROUP BY r.id
"""
MEMBERSHIP = """
WITH latest AS (
    SELECT DISTINCT ON (segment_id, {member}_id) segment_id, {member}_id AS member, change
    FROM segments_membershipevent WHERE organization_id = %(organization)s AND {member}_id IS NOT NULL
    ORDER BY segment_id, {member}_id, at DESC, id DESC
), folded AS (SELECT segment_id, member FROM latest WHERE change = 'entered'),
kept AS (SELECT segment_id, {member}_id AS member FROM {table} WHERE organization_id = %(organization)s)
SELECT segment_id::text, count(*), count(*) FILTER (WHERE kept.member IS NULL),
    count(*) FILTER (WHERE folded.member IS NULL)
FROM folded FULL JOIN kept USING (segment_id, member) GROUP BY segment_id
"""
BALANCES = """
WITH summed AS (
    SELECT account_id, sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS ledger, count(*) AS items
    FROM balances_transaction WHERE organization_id = %(organization)s GROUP BY account_id
), kept AS (
    SELECT b.account_id, b.ledger, b.items, (
        SELECT d.ledger FROM balances_dailybalance d WHERE d.account_id = b.account_id ORDER BY d.day DESC LIMIT 1
    ) AS at_end FROM balances_balance b WHERE b.organization_id = %(organization)s
)
SELECT coalesce(kept.account_id, summed.account_id)::text, coalesce(summed.ledger, 0), kept.ledger, kept.at_end,
    coalesce(summed.items, 0), kept.items
FROM summed FULL JOIN kept ON kept.account_id = summed.account_id
WHERE coalesce(summed.ledger, 0) IS DISTINCT FROM kept.ledger OR kept.ledger IS DISTINCT FROM kept.at_end
    OR coalesce(summed.items, 0) IS DISTINCT FROM kept.items
"""


@dataclass
class Check:
    """A promise, how many things it was asked of, and what breaks it (the first few, in words)."""

    name: str
    promise: str
    asked: int = 0
    broken: int = 0
    examples: list[str] = field(default_factory=list)

    def breaks(self, words: str) -> None:
        """Note one thing that breaks the promise."""
        self.broken += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(words)


def checks(organization: Organization) -> list[Check]:
    """All promises, asked of one organization."""
    return [messages(organization), membership(organization), balances(organization)]


def messages(organization: Organization) -> Check:
    """Every send has as many messages as it planned, each in a state that the books know."""
    check = Check("messages", "planned = sent + failed + suppressed + uncertain + dead + queued")
    for run, planned, written, counted in _rows(MESSAGES, organization):
        check.asked += 1
        if not planned == written == counted:
            check.breaks(f"send {run}: {planned} planned, {written} written, {counted} in a known state")
    return check


def membership(organization: Organization) -> Check:
    """Who is in a segment is who entered it and has not left since."""
    check = Check("membership", "membership = events folded")
    for member, table in (
        ("customer", "segments_customermembership"),
        ("account", "segments_accountmembership"),
    ):
        for segment, members, missing, unexplained in _rows(
            MEMBERSHIP.format(member=member, table=table), organization
        ):
            check.asked += members
            if missing or unexplained:
                words = f"{missing} {member}s entered and are not in it, {unexplained} are in it and never entered"
                check.breaks(f"segment {segment}: {words}")
    return check


def balances(organization: Organization) -> Check:
    """What an account holds, now and at the end of its last day, is the sum of its transactions."""
    check = Check("balances", "balances = transactions summed", asked=organization.accounts.count())
    for account, summed, kept, at_end, items, counted in _rows(BALANCES, organization):
        words = f"transactions sum to {summed} ({items}), the balance says {kept} ({counted}), its last day {at_end}"
        check.breaks(f"account {account}: {words}")
    return check


def _rows(statement: str, organization: Organization) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": organization.pk})
        yield from cursor.fetchall()
