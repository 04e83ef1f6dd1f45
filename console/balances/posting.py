"""The one door by which transactions enter: items, balances, days and movements commit together or not at all.

Stage rows (`stage`, then COPY or INSERT into `posting_staged`), then `post`. Everything is a statement over the batch:
a batch of ten thousand costs as many statements as a batch of one. The upsert of Balance locks each touched account,
so that two batches at once on one account come one after the other.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from console.balances.models import Transaction
from console.organizations.models import Organization, Staff

STAGED = (
    *("position", "account_id", "external_id", "booked_on", "direction", "amount"),
    *("operation", "purpose", "counterparty", "description", "metadata", "reverses_id", "line_id"),
)

STAGE = """
DROP TABLE IF EXISTS pg_temp.posting_staged, pg_temp.posting_moved;
CREATE TEMP TABLE posting_staged (
    position bigint NOT NULL, account_id uuid NOT NULL, external_id text NOT NULL, booked_on date NOT NULL,
    direction text NOT NULL, amount numeric NOT NULL, operation text NOT NULL DEFAULT '',
    purpose text NOT NULL DEFAULT '', counterparty text NOT NULL DEFAULT '', description text NOT NULL DEFAULT '',
    metadata jsonb NOT NULL DEFAULT '{}', reverses_id uuid, line_id uuid
) ON COMMIT DROP;
CREATE TEMP TABLE posting_moved (
    account_id uuid NOT NULL, day date NOT NULL, change numeric NOT NULL, items integer NOT NULL
) ON COMMIT DROP
"""

ENTER = """
WITH entered AS (
    INSERT INTO balances_transaction (organization_id, source, recorded_at, account_id, external_id, booked_on,
        direction, amount, operation, purpose, counterparty, description, metadata, reverses_id,
        line_id)
    SELECT %(organization)s, %(source)s, %(at)s, account_id, external_id, booked_on,
        direction, amount, operation, purpose, counterparty, description, metadata, reverses_id, line_id
    FROM posting_staged ORDER BY position
    ON CONFLICT (organization_id, source, external_id) DO NOTHING
    RETURNING account_id, booked_on, CASE direction WHEN 'credit' THEN amount ELSE -amount END AS change
), moved AS (
    INSERT INTO posting_moved
    SELECT account_id, booked_on, sum(change), count(*) FROM entered GROUP BY account_id, booked_on
    RETURNING account_id, items
)
SELECT coalesce(sum(items), 0), count(DISTINCT account_id) FROM moved
"""

BALANCES = """
WITH total AS (
    SELECT account_id, sum(change) AS change, min(day) AS first_on, max(day) AS last_on, sum(items) AS items
    FROM posting_moved GROUP BY account_id
), kept AS (
    INSERT INTO balances_balance AS balance (account_id, organization_id, asset_code, ledger, last_on, items)
    SELECT account_id, %(organization)s, asset_code, change, last_on, items
    FROM total JOIN portfolios_account AS account ON account.id = account_id AND account.deleted_at IS NULL
    ORDER BY account_id FOR KEY SHARE OF account
    ON CONFLICT (account_id) DO UPDATE SET ledger = balance.ledger + excluded.ledger,
        last_on = greatest(balance.last_on, excluded.last_on), items = balance.items + excluded.items
    RETURNING balance.account_id, coalesce(old.ledger, 0) AS previous, new.ledger AS ledger
)
INSERT INTO balances_movement (organization_id, account_id, previous, ledger, moved_on, at)
SELECT %(organization)s, account_id, previous, ledger, first_on, %(at)s FROM kept JOIN total USING (account_id)
"""

# What the batch adds up to on each of its days: with total = sum(x) and weighted = sum(x * e) over days e <= d,
# the sum of x * (d - e + 1) that `cum` grows by is total * (d + 1) - weighted.
RUNNING = """
WITH running AS (
    SELECT account_id, day, sum(change) OVER upto AS total,
        sum(change * (day - DATE '2000-01-01')) OVER upto AS weighted,
        lead(day) OVER upto AS next_day
    FROM posting_moved WINDOW upto AS (PARTITION BY account_id ORDER BY day)
)
"""

DAYS = f"""
{RUNNING}
INSERT INTO balances_dailybalance (account_id, organization_id, day, ledger, cum)
SELECT running.account_id, %(organization)s, running.day, coalesce(carried.ledger, 0) + running.total,
    coalesce(carried.cum + carried.ledger * (running.day - carried.day), 0)
        + running.total * (running.day - DATE '2000-01-01' + 1) - running.weighted
FROM running LEFT JOIN LATERAL (
    SELECT day, ledger, cum FROM balances_dailybalance
    WHERE account_id = running.account_id AND day <= running.day ORDER BY day DESC LIMIT 1
) AS carried ON true
ON CONFLICT (account_id, day) DO UPDATE SET ledger = excluded.ledger, cum = excluded.cum
"""

LATER_DAYS = f"""
{RUNNING}
UPDATE balances_dailybalance AS stored SET ledger = stored.ledger + running.total,
    cum = stored.cum + running.total * (stored.day - DATE '2000-01-01' + 1) - running.weighted
FROM running
WHERE stored.account_id = running.account_id AND stored.day > running.day
    AND (running.next_day IS NULL OR stored.day < running.next_day)
"""


class CannotReverse(Exception):
    """The item has been reversed already, or is itself a reversal. The text says which."""


class AccountGone(Exception):
    """An account was deleted after rows were found to be of it."""

    is_for_staff = True

    def __init__(self) -> None:
        super().__init__(
            "An account was deleted meanwhile, and nothing is booked on it. Start again without it."
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A transaction to be posted. `amount` is never negative, in the account's asset; `direction` says which way."""

    account_id: UUID
    external_id: str
    booked_on: date
    direction: str
    amount: Decimal
    operation: str = ""
    purpose: str = ""
    counterparty: str = ""
    description: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    reverses_id: UUID | None = None
    line_id: UUID | None = None


def stage() -> None:
    """Make the empty table `posting_staged` (columns STAGED) for the present transaction. Call inside atomic()."""
    with connection.cursor() as cursor:
        cursor.execute(STAGE)


@transaction.atomic
def post(organization: Organization, *, source: str, at: datetime) -> int:
    """Book the staged rows, known since `at`; returns how many were new. Their accounts must be the organization's.

    A row whose (source, external_id) is booked already changes nothing. Back-dated rows shift every later day.
    Raises AccountGone. From here on an account that rows are of can't be deleted until the transaction ends.
    """
    values: dict[str, Any] = {"organization": organization.pk, "source": source, "at": at}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE posting_staged")
        cursor.execute(ENTER, values)
        entered, accounts = cursor.fetchone()
        if entered:
            cursor.execute("ANALYZE posting_moved")
            cursor.execute(BALANCES, values)
            if cursor.rowcount < accounts:
                raise AccountGone
            for statement in (DAYS, LATER_DAYS):
                cursor.execute(statement, values)
        cursor.execute("DROP TABLE posting_staged, posting_moved")
    return int(entered)


@transaction.atomic
def post_items(organization: Organization, items: Iterable[Item], *, source: str, at: datetime) -> int:
    """Book `items` in one batch; see `post`."""
    stage()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY posting_staged ({', '.join(STAGED)}) FROM STDIN") as copy,
    ):
        for position, item in enumerate(items):
            *values, metadata, reverses, line = astuple(item)
            copy.write_row((position, *values, Jsonb(metadata), reverses, line))
    return post(organization, source=source, at=at)


def reverse(booked: Transaction, *, by: Staff | None, at: datetime) -> Transaction:
    """Take an item back by its opposite, effective on the same ledger date and known since `at`.

    `by` is who decided it (None: a system). Raises CannotReverse.
    """
    if booked.reverses_id:
        raise CannotReverse("This is a reversal itself. Book the right item anew instead.")
    opposite = {"credit": "debit", "debit": "credit"}[booked.direction]
    item = Item(
        *(booked.account_id, str(booked.pk), booked.booked_on, opposite, booked.amount),
        description=f"Reversal of {booked.external_id}",
        metadata={"reversed_by": str(by) if by else ""},
        reverses_id=booked.pk,
    )
    if not post_items(booked.organization, [item], source="reversal", at=at):
        raise CannotReverse("This item has been reversed already.")
    return booked.reversals.get()
