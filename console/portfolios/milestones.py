"""Which accounts stand at a place of a ledger's list, and how many there are: read from milestones, not counted.

Each question is one statement, so that milestones and accounts are those of one moment: the answers are exactly what
OFFSET and COUNT over all accounts would give, at a cost that does not grow with the place.
"""

from typing import Any
from uuid import UUID

from django.db import connection

from console.ledgers.models import Ledger

LOWEST, HIGHEST = UUID(int=0), UUID(int=2**128 - 1)
# Bounds are SELECTs of their own: behind row-level security an index is asked only by what can't tell of rows, and of
# COALESCE PostgreSQL does not know that.
# The milestones up to the first that is not counted yet, and the end of them.
COUNTED = """
WITH counted AS MATERIALIZED (
    SELECT low, high, number FROM portfolios_accountmilestone
    WHERE ledger_id = %(ledger)s AND low < (SELECT COALESCE((
        SELECT low FROM portfolios_accountmilestone
        WHERE ledger_id = %(ledger)s AND number IS NULL ORDER BY low LIMIT 1
    ), %(highest)s))
), beyond AS MATERIALIZED (
    SELECT count(*) AS number FROM portfolios_account
    WHERE ledger_id = %(ledger)s AND organization_id = %(organization)s AND deleted_at IS NULL
        AND id >= (SELECT COALESCE((SELECT high FROM counted ORDER BY low DESC LIMIT 1), %(lowest)s))
)"""
COUNT = f"{COUNTED} SELECT (SELECT COALESCE(sum(number), 0) FROM counted) + (SELECT number FROM beyond)"
OLDEST_FIRST = f"""{COUNTED}, reached AS MATERIALIZED (
    SELECT low, before FROM (
        SELECT low, sum(number) OVER (ORDER BY low) - number AS before FROM counted
    ) AS place WHERE before <= %(start)s ORDER BY low DESC LIMIT 1
)
SELECT id FROM portfolios_account
WHERE ledger_id = %(ledger)s AND organization_id = %(organization)s AND deleted_at IS NULL
    AND id >= (SELECT COALESCE((SELECT low FROM reached), %(lowest)s))
ORDER BY id OFFSET %(start)s - COALESCE((SELECT before FROM reached), 0) LIMIT %(limit)s
"""
NEWEST_FIRST = f"""{COUNTED}, reached AS MATERIALIZED (
    SELECT high, before FROM (
        SELECT low, high, (SELECT number FROM beyond) + sum(number) OVER (ORDER BY low DESC) - number AS before
        FROM counted
    ) AS place WHERE before <= %(start)s ORDER BY low LIMIT 1
)
SELECT id FROM portfolios_account
WHERE ledger_id = %(ledger)s AND organization_id = %(organization)s AND deleted_at IS NULL
    AND id < (SELECT COALESCE((SELECT high FROM reached), %(highest)s))
ORDER BY id DESC OFFSET %(start)s - COALESCE((SELECT before FROM reached), 0) LIMIT %(limit)s
"""


def count(ledger: Ledger) -> int:
    """How many accounts the ledger has, external ones too."""
    ((number,),) = _asked(COUNT, ledger)
    return int(number)


def at(ledger: Ledger, start: int, limit: int, *, is_descending: bool = False) -> list[UUID]:
    """The ids of `limit` accounts of the ledger behind the first `start`, in the order of ids."""
    statement = NEWEST_FIRST if is_descending else OLDEST_FIRST
    return [key for (key,) in _asked(statement, ledger, start=start, limit=limit)]


def _asked(statement: str, ledger: Ledger, **more: int) -> list[Any]:
    values: dict[str, Any] = {
        "ledger": ledger.pk,
        "organization": ledger.organization_id,
        "lowest": LOWEST,
        "highest": HIGHEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values | more)
        return list(cursor.fetchall())
