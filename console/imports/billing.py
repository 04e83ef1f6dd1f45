"""Staged rows of billing beside what is known: whose they are, what a status and an amount can become."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from console.billing import life
from console.billing.keeping import APPROVED_WITH
from console.imports.exactness import too_exact
from console.organizations import hashing

ERASED = "This customer was erased, and a file does not bring them back. Take the row out of the file."
OF_PSEUDONYM = "This is the pseudonym of an erased customer, and it stays. Take the row out of the file."
Statements = tuple[str, ...]

# Who changes one of these customers, or writes to them, waits for the batch; one that is just erased is not found.
CUSTOMER = """
    WITH held AS (
        SELECT c.id, c.external_id FROM customers_customer c
        WHERE c.organization_id = %(organization)s AND c.external_id IN (SELECT customer FROM import_staged)
        ORDER BY c.id FOR SHARE
    )
    UPDATE import_staged s SET customer_id = held.id FROM held WHERE held.external_id = s.customer
"""
CONNECTOR = """
    UPDATE import_staged s SET connector_id = k.id FROM billing_connector k
    WHERE k.organization_id = %(organization)s AND k.deleted_at IS NULL AND k.name = s.connector
"""
HOLD_INVOICES = """
    WITH held AS (
        SELECT FROM billing_invoice t
        WHERE t.organization_id = %(organization)s AND t.external_id IN (SELECT external_id FROM import_staged)
        ORDER BY t.id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM held
"""
# Who is just writing to them waits, and sees what this file says of their consent.
HOLD_CUSTOMERS = """
    WITH held AS (
        SELECT FROM customers_customer c WHERE c.id IN (SELECT customer_id FROM import_staged)
        ORDER BY c.id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM held
"""
INVOICES_BEFORE = """
    CREATE TEMP TABLE import_before ON COMMIT DROP AS
    SELECT id, external_id, customer_id, status, currency, total, amount_due, number, issued_on, due_on, period_start,
        period_end, payment_link
    FROM billing_invoice t
    WHERE t.organization_id = %(organization)s AND t.external_id IN (SELECT external_id FROM import_staged)
"""


def among(words: Iterable[str]) -> str:
    """SQL for a list of words."""
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


BESIDE = "FROM import_staged x LEFT JOIN import_before b USING (external_id) WHERE x.line = s.line"
IS_CHANGED = " OR ".join(f"coalesce(x.{name}, b.{name}) IS DISTINCT FROM b.{name}" for name in APPROVED_WITH)
# A file that says no status approves nothing: what it changes of what was approved is to be approved again.
STATUS = f"""
    UPDATE import_staged s SET status = coalesce(s.status, CASE
        WHEN b.status IN {among(life.PAYABLE)} AND ({IS_CHANGED}) THEN '{life.EDITED}'
        ELSE b.status END, '{life.DRAFT}'),
        currency = coalesce(s.currency, b.currency, %(currency)s)
    {BESIDE}
"""


SETTLED = among(life.SETTLED)
# What is not said: nothing of what is settled, all of what is new or opened again, else the total less what was paid.
DUE = f"""
    UPDATE import_staged s SET amount_due = CASE
        WHEN s.amount_due IS NOT NULL THEN s.amount_due
        WHEN s.status IN {SETTLED} THEN 0
        WHEN b.id IS NULL OR b.status IN {SETTLED} THEN s.total
        ELSE s.total - (b.total - b.amount_due) END
    {BESIDE}
"""
RESOLVE: dict[str, Statements] = {
    "invoices": (
        CUSTOMER,
        HOLD_INVOICES,
        "DROP TABLE IF EXISTS pg_temp.import_before",
        INVOICES_BEFORE,
        STATUS,
        DUE,
    ),
    "payment_methods": (CUSTOMER, CONNECTOR),
    "connector_links": (CUSTOMER, CONNECTOR),
    "contacts": (CUSTOMER,),
    "consents": (CUSTOMER, HOLD_CUSTOMERS),
}

OF_ERASED = f"""
    DELETE FROM import_staged s USING customers_erasure e
    WHERE e.organization_id = %(organization)s
        AND e.external_id_hash = {hashing.sql("%(organization)s::text || ':' || s.customer")}
    RETURNING s.line, '{ERASED}'
"""
PSEUDONYM = f"""
    DELETE FROM import_staged s USING customers_customer c
    WHERE c.id = s.customer_id AND c.erased_at IS NOT NULL
    RETURNING s.line, '{OF_PSEUDONYM}'
"""
NO_CUSTOMER = """
    DELETE FROM import_staged WHERE customer_id IS NULL
    RETURNING line, 'There is no customer with this external id. Import customers first.'
"""
NO_CONNECTOR = """
    DELETE FROM import_staged WHERE connector_id IS NULL AND connector <> ''
    RETURNING line, 'There is no connector of this name. Add it on the page Connectors first.'
"""
INVOICE_OF_OTHER = """
    DELETE FROM import_staged s USING import_before b
    WHERE b.external_id = s.external_id AND b.customer_id <> s.customer_id
    RETURNING s.line, 'The invoice is another customer''s, and stays theirs.'
"""
OTHER_CURRENCY = """
    DELETE FROM import_staged s USING import_before b
    WHERE b.external_id = s.external_id AND b.currency <> s.currency
    RETURNING s.line, format('The invoice is in %%s; its currency can''t change.', b.currency)
"""
STEPS = among(tuple(f"{was} {status}" for was in life.STATUSES for status in life.reachable(was) | {was}))
UNREACHABLE = f"""
    DELETE FROM import_staged s USING import_before b
    WHERE b.external_id = s.external_id AND b.status || ' ' || s.status NOT IN {STEPS}
    RETURNING s.line, format('The invoice is %%s, and can''t become %%s.',
        replace(b.status, '_', ' '), replace(s.status, '_', ' '))
"""
WRONG_DUE = f"""
    DELETE FROM import_staged s WHERE s.amount_due NOT BETWEEN 0 AND s.total
        OR s.status IN {SETTLED} AND s.amount_due > 0
        OR s.status = '{life.PARTIALLY_PAID}' AND s.amount_due IN (0, s.total)
        OR s.status IN {among((life.APPROVED, life.EDITED))} AND s.amount_due = 0 AND s.total > 0
        OR s.status IN {among((life.UPCOMING, life.DRAFT))} AND s.amount_due <> s.total
    RETURNING s.line, CASE
        WHEN s.amount_due NOT BETWEEN 0 AND s.total
            THEN 'The total is less than what is due of it, or than what was paid already.'
        WHEN s.status IN {SETTLED} THEN 'Nothing is due of what is paid, void or discarded. Write 0 as the amount due.'
        WHEN s.status = '{life.PARTIALLY_PAID}' THEN 'Of what is partly paid a part is due. Write the amount due.'
        WHEN s.amount_due = 0 THEN 'Nothing is due any more. Then its status is paid.'
        ELSE 'Nothing can be paid of it before it is approved: all of it is due.' END
"""
BACKWARDS = """
    DELETE FROM import_staged s USING import_staged x LEFT JOIN import_before b USING (external_id)
    WHERE x.line = s.line AND coalesce(s.period_end, b.period_end) < coalesce(s.period_start, b.period_start)
    RETURNING s.line, 'The period ends before it begins.'
"""
METHOD_OF_OTHER = """
    DELETE FROM import_staged s USING billing_paymentmethod t
    WHERE t.organization_id = %(organization)s AND t.external_id = s.external_id AND t.deleted_at IS NULL
        AND t.customer_id <> s.customer_id
    RETURNING s.line, 'The payment method is another customer''s, and stays theirs.'
"""
TAKEN_OFF = "was taken off, and a file does not bring it back. Take the row out of the file."
METHOD_GONE = f"""
    DELETE FROM import_staged s WHERE EXISTS (
        SELECT FROM billing_paymentmethod t
        WHERE t.organization_id = %(organization)s AND t.external_id = s.external_id
        HAVING bool_and(t.deleted_at IS NOT NULL)
    )
    RETURNING s.line, 'This payment method {TAKEN_OFF}'
"""
CONTACT_GONE = f"""
    DELETE FROM import_staged s WHERE EXISTS (
        SELECT FROM billing_contact t WHERE t.customer_id = s.customer_id AND lower(t.email) = lower(s.email)
        HAVING bool_and(t.deleted_at IS NOT NULL)
    )
    RETURNING s.line, 'This contact {TAKEN_OFF}'
"""
REFERENCE_TAKEN = """
    DELETE FROM import_staged s USING (
        SELECT line, connector_id, reference, customer_id,
            first_value(customer_id) OVER (PARTITION BY connector_id, reference ORDER BY line) AS first
        FROM import_staged WHERE reference <> ''
    ) named
    WHERE named.line = s.line AND (named.first <> named.customer_id OR EXISTS (
        SELECT FROM billing_connectorlink l
        WHERE l.connector_id = named.connector_id AND l.reference = named.reference
            AND l.customer_id <> named.customer_id
    ))
    RETURNING s.line, 'Another customer has this reference on the connector.'
"""
TO_COME = """
    DELETE FROM import_staged s WHERE s.said_at > %(at)s
    RETURNING s.line, 'That is still to come. Write when the customer said so.'
"""
SAME = "t.customer_id = s.customer_id AND t.channel = s.channel AND t.purpose = s.purpose"
# A file that knows days only can have both words at one moment: the no stands, in whatever order they come.
STANDS = "(t.said_at > s.said_at OR t.said_at = s.said_at AND s.is_given AND NOT t.is_given)"
OVERTAKEN = f"""
    DELETE FROM import_staged s USING import_staged t WHERE {SAME} AND {STANDS}
    RETURNING s.line, CASE WHEN t.said_at = s.said_at
        THEN format('Line %%s of this file says no at the same moment. The no stands.', t.line)
        ELSE format('Line %%s of this file has what the customer said later. That stands.', t.line) END
"""
OLDER = f"""
    DELETE FROM import_staged s USING billing_consent t WHERE {SAME} AND {STANDS}
    RETURNING s.line, CASE WHEN t.said_at = s.said_at
        THEN 'The customer said no at the same moment. The no stands.'
        ELSE 'The customer said something later than that. What they said last stays.' END
"""
WHOSE = [("customer", OF_ERASED), ("customer", PSEUDONYM), ("customer", NO_CUSTOMER)]
REFUSALS = {
    "invoices": [
        *WHOSE,
        ("customer", INVOICE_OF_OTHER),
        ("currency", OTHER_CURRENCY),
        ("status", UNREACHABLE),
        ("total", too_exact("total")),
        ("amount_due", too_exact("amount_due")),
        ("total", WRONG_DUE),
        ("period_end", BACKWARDS),
        ("period_start", BACKWARDS),
    ],
    "payment_methods": [
        *WHOSE,
        ("external_id", METHOD_GONE),
        ("customer", METHOD_OF_OTHER),
        ("connector", NO_CONNECTOR),
    ],
    "connector_links": [*WHOSE, ("connector", NO_CONNECTOR), ("reference", REFERENCE_TAKEN)],
    "contacts": [*WHOSE, ("email", CONTACT_GONE)],
    "consents": [*WHOSE, ("said_at", TO_COME), ("said_at", OVERTAKEN), ("said_at", OLDER)],
}

# A customer has one default: the last of the file, in place of the one before.
LAST_DEFAULT = """
    UPDATE import_staged s SET is_default = false FROM import_staged later
    WHERE s.is_default AND later.is_default AND later.customer_id = s.customer_id AND later.line > s.line
"""
NO_DEFAULT_BEFORE = """
    UPDATE billing_paymentmethod t SET is_default = false, updated_at = %(at)s FROM import_staged s
    WHERE s.is_default AND t.customer_id = s.customer_id AND t.is_default AND t.deleted_at IS NULL
        AND t.external_id <> s.external_id
"""
BEFORE: dict[str, Statements] = {"payment_methods": (LAST_DEFAULT, NO_DEFAULT_BEFORE)}
UNPAID = among((life.VOID, life.DISCARDED))
NOTE_STEPS = f"""
    INSERT INTO billing_invoiceevent (invoice_id, before, after, amount, at)
    SELECT id, was, status, paid - paid_before, %(at)s FROM (
        SELECT t.id, coalesce(b.status, '') AS was, t.status,
            CASE WHEN t.status IN {UNPAID} THEN 0 ELSE t.total - t.amount_due END AS paid,
            CASE WHEN b.id IS NULL OR b.status IN {UNPAID} OR t.status IN {UNPAID} THEN 0
                ELSE b.total - b.amount_due END AS paid_before
        FROM import_staged s JOIN billing_invoice t
            ON t.organization_id = %(organization)s AND t.external_id = s.external_id
        LEFT JOIN import_before b ON b.id = t.id
    ) step
    WHERE was <> status OR paid <> paid_before
"""
AFTER: dict[str, Statements] = {"invoices": (NOTE_STEPS,)}


def run(statements: Statements, values: dict[str, Any]) -> None:
    """Each of them, in order."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
