"""Balances worked out anew from the transactions: to prove that what posting keeps is right, and after bulk inserts."""

from typing import Any

from django.db import connection, transaction

from console.organizations.models import Organization

FORGET = """
DELETE FROM balances_dailybalance WHERE organization_id = %(organization)s;
DELETE FROM balances_balance WHERE organization_id = %(organization)s
"""

DAYS = """
WITH day_total AS (
    SELECT account_id, booked_on AS day, sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS change
    FROM balances_transaction WHERE organization_id = %(organization)s GROUP BY account_id, booked_on
)
INSERT INTO balances_dailybalance (account_id, organization_id, day, ledger, cum)
SELECT account_id, %(organization)s, day, sum(change) OVER upto,
    sum(change) OVER upto * (day - DATE '2000-01-01' + 1) - sum(change * (day - DATE '2000-01-01')) OVER upto
FROM day_total WINDOW upto AS (PARTITION BY account_id ORDER BY day)
"""

BALANCES = """
INSERT INTO balances_balance (account_id, organization_id, asset_code, ledger, last_on, items)
SELECT account_id, %(organization)s, asset_code, change, last_on, items
FROM (
    SELECT account_id, sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS change,
        max(booked_on) AS last_on, count(*) AS items
    FROM balances_transaction WHERE organization_id = %(organization)s GROUP BY account_id
) AS total JOIN portfolios_account AS account ON account.id = account_id
"""


@transaction.atomic
def rebuild(organization: Organization) -> None:
    """Write Balance and DailyBalance of every account anew. Two grouped passes over the transactions."""
    values: dict[str, Any] = {"organization": organization.pk}
    with connection.cursor() as cursor:
        for statement in (*FORGET.split(";"), DAYS, BALANCES):
            cursor.execute(statement, values)
