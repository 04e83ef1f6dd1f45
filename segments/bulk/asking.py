"""Asking for a change of many accounts: the accounts are chosen now, by one statement, and stay chosen."""

from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from console.organizations.fields import new_keys
from console.organizations.models import Organization, Staff
from segments.models import BulkRun

FREEZE = """
INSERT INTO segments_bulkitem (organization_id, run_id, account_id, refusal)
SELECT %s, %s, chosen.id, '' FROM ({chosen}) AS chosen (id) ORDER BY chosen.id
"""


class NobodyChosen(Exception):
    """No account is among those that were chosen."""


@transaction.atomic
def ask(
    organization: Organization,
    action: str,
    accounts: "QuerySet[Any]",
    *,
    by: Staff | None,
    at: datetime,
    chosen: str = "",
) -> BulkRun:
    """A draft of the change for these accounts; `chosen` says in words how they were. Raises NobodyChosen."""
    (key,) = new_keys(1)
    with connection.cursor() as cursor:
        try:
            statement, parameters = accounts.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet as nobody:
            raise NobodyChosen("No account is chosen. Tick some first.") from nobody
        cursor.execute(FREEZE.format(chosen=statement), [organization.pk, key, *parameters])
        total = cursor.rowcount
    if not total:
        raise NobodyChosen("No account is chosen. Tick some first.")
    return BulkRun.objects.create(
        pk=key,
        organization=organization,
        action=action,
        chosen=chosen,
        requested_by=by,
        created_at=at,
        heartbeat_at=at,
        total=total,
    )
