"""Do the books hold? Some promises, each asked of all rows at once; what breaks one is named.

Messages: planned = sent + failed + suppressed + uncertain + dead + queued. Membership: the events folded. Balances: the
transactions summed. Journal: what leaves is what arrives, booked once. Holds: what pending entries hold. Accounts: what
is counted ahead is what there is. Reads only; each check is one statement over one organization.
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

JOURNAL = """
WITH summed AS (
    SELECT line.entry_id, sum(line.amount) FILTER (WHERE line.kind = 'DEBIT') AS debits,
        sum(line.amount) FILTER (WHERE line.kind = 'CREDIT') AS credits,
        count(*) FILTER (WHERE line.kind IN ('DEBIT', 'CREDIT') AND account.type <> 'external') AS booked,
        count(item.id) AS items, count(item.id) FILTER (WHERE item.account_id = line.account_id
            AND item.amount = line.amount AND upper(item.direction) = line.kind) AS matching
    FROM balances_journalline line JOIN portfolios_account account ON account.id = line.account_id
    LEFT JOIN balances_transaction item ON item.line_id = line.id
    WHERE line.organization_id = %(organization)s GROUP BY line.entry_id
)
SELECT entry.id::text, entry.status, entry.amount, coalesce(debits, 0), coalesce(credits, 0), items
FROM balances_journalentry entry LEFT JOIN summed ON summed.entry_id = entry.id
WHERE entry.organization_id = %(organization)s AND CASE WHEN entry.status = 'APPROVED'
    THEN debits IS DISTINCT FROM entry.amount OR credits IS DISTINCT FROM entry.amount
        OR items <> booked OR matching <> booked
    ELSE coalesce(items, 0) <> 0 END
"""
POCKETS = """
WITH held AS (
    SELECT line.account_id, line.key, sum(line.amount) AS on_hold
    FROM balances_journalline line JOIN balances_journalentry entry ON entry.id = line.entry_id
    WHERE entry.organization_id = %(organization)s AND entry.status = 'PENDING' AND line.kind = 'ON_HOLD'
    GROUP BY line.account_id, line.key
), summed AS (
    SELECT line.account_id, line.key,
        sum(CASE item.direction WHEN 'credit' THEN item.amount ELSE -item.amount END) AS ledger
    FROM balances_journalline line JOIN balances_transaction item ON item.line_id = line.id
    WHERE line.organization_id = %(organization)s AND line.key <> 'default' GROUP BY line.account_id, line.key
), kept AS (
    SELECT account_id, key, sum(ledger) AS ledger, sum(on_hold) AS on_hold
    FROM balances_pocket WHERE organization_id = %(organization)s GROUP BY account_id, key
)
SELECT account_id::text, key, coalesce(held.on_hold, 0), coalesce(kept.on_hold, 0), coalesce(summed.ledger, 0),
    coalesce(kept.ledger, 0)
FROM kept FULL JOIN held USING (account_id, key) FULL JOIN summed USING (account_id, key)
WHERE coalesce(held.on_hold, 0) <> coalesce(kept.on_hold, 0) OR coalesce(summed.ledger, 0) <> coalesce(kept.ledger, 0)
"""

ACCOUNTS = """
SELECT ledger_id::text, low::text, number, (
    SELECT count(*) FROM portfolios_account a WHERE a.ledger_id = m.ledger_id AND a.deleted_at IS NULL
        AND a.id >= m.low AND a.id < m.high
), lag(high, 1, '00000000-0000-0000-0000-000000000000') OVER (PARTITION BY ledger_id ORDER BY low) = low
FROM portfolios_accountmilestone m WHERE organization_id = %(organization)s
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
    return [
        messages(organization),
        membership(organization),
        balances(organization),
        journal(organization),
        pockets(organization),
        accounts(organization),
    ]


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


def journal(organization: Organization) -> Check:
    """What leaves an entry's sources reaches its destinations, and each customer's side of it is one item."""
    check = Check("journal", "debits = credits, each booked once", asked=organization.journal_entries.count())
    for entry, status, amount, debits, credits, items in _rows(JOURNAL, organization):
        words = f"{amount} is {status}; {debits} debited, {credits} credited, {items} items booked"
        check.breaks(f"entry {entry}: {words}")
    return check


def pockets(organization: Organization) -> Check:
    """What is held is what pending entries hold, and a balance by key is what was booked under it."""
    check = Check("holds", "on hold = pending entries", asked=organization.pockets.count())
    for account, key, held, on_hold, summed, ledger in _rows(POCKETS, organization):
        words = f"entries hold {held}, it says {on_hold}; items sum to {summed}, it says {ledger}"
        check.breaks(f"account {account}, {key}: {words}")
    return check


def accounts(organization: Organization) -> Check:
    """What is counted ahead of the accounts of a ledger is how many there are, and leaves no stretch out."""
    check = Check("accounts", "accounts counted ahead = accounts")
    for ledger, low, number, counted, follows in _rows(ACCOUNTS, organization):
        check.asked += 1
        if number not in (None, counted) or not follows:
            gap = "" if follows else ", and does not begin where the one before ends"
            check.breaks(
                f"ledger {ledger}: from {low} on {counted} accounts, its milestone says {number}{gap}"
            )
    return check


def _rows(statement: str, organization: Organization) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": organization.pk})
        yield from cursor.fetchall()
