"""Milestones are set, then counted when nobody can be at work who does not know of them.

A transaction that writes accounts keeps the numbers of the milestones that it sees (the triggers of migration 0009).
Whoever was at work when a milestone came to be does not see it. So a milestone gets its number when all transactions
that are older than its becoming visible are over: their accounts are counted, and those of all others are added by
themselves. Nobody waits for anybody: what can't be counted now is counted next time.
"""

from contextlib import suppress
from typing import Any

from django.db import OperationalError, connection, transaction

from console.ledgers.models import Ledger
from console.portfolios.milestones import LOWEST

STRETCH = 1_000  # accounts from one milestone to the next
SPARE = 100  # the newest, which stay beyond the last: creations under way come to stand among them
MOST = 200  # milestones set at once
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%(lock)s, 13))"
SET = """
WITH reached AS (
    SELECT COALESCE((
        SELECT high FROM portfolios_accountmilestone WHERE ledger_id = %(ledger)s ORDER BY low DESC LIMIT 1
    ), %(lowest)s) AS high
), beyond AS MATERIALIZED (
    SELECT id FROM portfolios_account
    WHERE ledger_id = %(ledger)s AND organization_id = %(organization)s AND deleted_at IS NULL
        AND id >= (SELECT high FROM reached) ORDER BY id LIMIT %(stretch)s * %(most)s + %(spare)s
), ends AS (
    SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM beyond) AS numbered
    WHERE place > 1 AND place %% %(stretch)s = 1 AND place <= (SELECT count(*) FROM beyond) - %(spare)s + 1
)
INSERT INTO portfolios_accountmilestone (organization_id, ledger_id, low, high)
SELECT %(organization)s, %(ledger)s, lag(id, 1, (SELECT high FROM reached)) OVER (ORDER BY id), id FROM ends
"""
# The number of this transaction is higher than that of any that was at work before the milestones were committed. What
# was set in a transaction that is yet to come is from a database that this one was restored from.
DATE = """
UPDATE portfolios_accountmilestone SET set_in = pg_current_xact_id()::text::bigint WHERE id IN (
    SELECT id FROM portfolios_accountmilestone
    WHERE ledger_id = %(ledger)s AND number IS NULL
        AND (set_in IS NULL OR set_in >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    FOR UPDATE SKIP LOCKED
)
"""
HOLD = """
SELECT id FROM portfolios_accountmilestone
WHERE ledger_id = %(ledger)s AND number IS NULL
    AND set_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY low FOR UPDATE SKIP LOCKED
"""
COUNT = """
UPDATE portfolios_accountmilestone milestone SET number = (
    SELECT count(*) FROM portfolios_account account
    WHERE account.ledger_id = %(ledger)s AND account.organization_id = %(organization)s
        AND account.deleted_at IS NULL AND account.id >= milestone.low AND account.id < milestone.high
) WHERE milestone.id = ANY(%(held)s)
"""
# From the first stretch on to which many accounts came afterwards: a long import that began before it was set.
FORGET = """
DELETE FROM portfolios_accountmilestone WHERE id IN (
    SELECT id FROM portfolios_accountmilestone WHERE ledger_id = %(ledger)s AND low >= (
        SELECT low FROM portfolios_accountmilestone
        WHERE ledger_id = %(ledger)s AND COALESCE(number, 0) >= %(least)s ORDER BY low LIMIT 1
    ) ORDER BY low FOR UPDATE NOWAIT
)
"""


def tend(ledger: Ledger) -> None:
    """Set milestones in what the ledger has grown by, and count what can be counted. Not inside a transaction."""
    _count(ledger)
    _forget(ledger, least=3 * STRETCH)
    while _set(ledger) == MOST:
        pass
    _date(ledger)
    _count(ledger)


def again(ledger: Ledger) -> None:
    """Forget the ledger's milestones and set them anew. Not inside a transaction."""
    _forget(ledger, least=0)
    tend(ledger)


@transaction.atomic(durable=True)
def _set(ledger: Ledger) -> int:
    """How many were set: none where another worker is at it."""
    values = {"stretch": STRETCH, "spare": SPARE, "most": MOST, "lowest": LOWEST}
    return _written(SET, ledger, **values) if _is_ours(ledger) else 0


def _forget(ledger: Ledger, *, least: int) -> None:
    """Forget the milestones from the first on that has so many accounts, unless somebody is changing one of them."""
    with suppress(OperationalError), transaction.atomic(durable=True):
        if _is_ours(ledger):
            _written(FORGET, ledger, least=least)


@transaction.atomic(durable=True)
def _date(ledger: Ledger) -> None:
    """Say since when all transactions know of the milestones: they are committed, and this is a later one."""
    _written(DATE, ledger)


@transaction.atomic(durable=True)
def _count(ledger: Ledger) -> None:
    """Hold first, count then: the second statement sees what was written by who held a milestone before."""
    held = [key for (key,) in _asked(HOLD, ledger)]
    if held:
        _written(COUNT, ledger, held=held)


def _is_ours(ledger: Ledger) -> bool:
    """Whether nobody else sets or forgets milestones of the ledger until the transaction ends."""
    ((is_ours,),) = _asked(LOCK, ledger, lock=f"milestones {ledger.pk}")
    return bool(is_ours)


def _asked(statement: str, ledger: Ledger, **more: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(ledger, more))
        return list(cursor.fetchall())


def _written(statement: str, ledger: Ledger, **more: Any) -> int:
    """How many rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(ledger, more))
        return int(cursor.rowcount)


def _values(ledger: Ledger, more: dict[str, Any]) -> dict[str, Any]:
    return {"ledger": ledger.pk, "organization": ledger.organization_id, **more}
