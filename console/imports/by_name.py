"""Staged connectors and monitors beside those that are known by the same names: `keep_monitor`'s rules in SQL."""

from console.billing.amounts import COUNTED
from console.billing.keeping import HOW_FAR_BACK, WHICH_CURRENCY
from console.billing.models import Monitor
from console.imports.billing import among
from console.imports.exactness import too_exact
from console.imports.merging import BY_NAME

OF_MONEY, OF_DAYS = f"s.figure IN {among(Monitor.OF_MONEY)}", f"s.figure IN {among(Monitor.OF_DAYS)}"
# Who edits one of them waits for the batch, or the batch for them.
HOLD_MONITORS = """
    WITH held AS (
        SELECT FROM billing_monitor t
        WHERE t.organization_id = %(organization)s AND t.name IN (SELECT name FROM import_staged)
        ORDER BY t.id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM held
"""
# A figure that is not money has no currency, one that does not look back no days, whatever the file says.
WHAT_IT_TAKES = f"""
    UPDATE import_staged s SET
        currency = CASE WHEN {OF_MONEY} THEN coalesce(s.currency, known.currency, '') ELSE '' END,
        days = CASE WHEN {OF_DAYS} THEN coalesce(s.days, known.days) END
    FROM (SELECT s.line, t.currency, t.days FROM import_staged s LEFT JOIN billing_monitor t ON {BY_NAME}) known
    WHERE known.line = s.line
"""
NO_CURRENCY = f"""
    DELETE FROM import_staged s WHERE {OF_MONEY} AND s.currency = '' RETURNING s.line, '{WHICH_CURRENCY}'
"""
NO_DAYS = f"""
    DELETE FROM import_staged s WHERE {OF_DAYS} AND s.days IS NULL RETURNING s.line, '{HOW_FAR_BACK}'
"""
NOT_WHOLE = f"""
    DELETE FROM import_staged s WHERE s.currency = '' AND s.threshold <> trunc(s.threshold)
    RETURNING s.line, '{COUNTED}'
"""


def gone(table: str, what: str) -> str:
    """Takes out the rows that name one that was deleted, unless another has the name by now."""
    return f"""
        DELETE FROM import_staged s WHERE EXISTS (
            SELECT FROM {table} t WHERE t.organization_id = %(organization)s AND t.name = s.name
            HAVING bool_and(t.deleted_at IS NOT NULL)
        )
        RETURNING s.line,
            'This {what} was deleted, and a file does not bring it back. Set it up on its page, or take the row out.'
    """


RESOLVE = {"connectors": (), "monitors": (HOLD_MONITORS, WHAT_IT_TAKES)}
REFUSALS = {
    "connectors": [("name", gone("billing_connector", "connector"))],
    "monitors": [
        ("name", gone("billing_monitor", "monitor")),
        ("currency", NO_CURRENCY),
        ("figure", NO_CURRENCY),
        ("days", NO_DAYS),
        ("figure", NO_DAYS),
        ("threshold", NOT_WHOLE),
        ("threshold", too_exact("threshold")),
    ],
}
