"""Contacts of one customer whose addresses differ in case alone become one, before the database holds it so.

In a transaction of its own: what changed rows must be over before an index can be made.
"""

from django.db import migrations

# Of twins the first stays, and gets the bills if any of them did.
TWINS = """
UPDATE billing_contact first SET send_invoice = true
WHERE deleted_at IS NULL AND NOT send_invoice AND EXISTS (
    SELECT FROM billing_contact twin WHERE twin.customer_id = first.customer_id
        AND lower(twin.email) = lower(first.email) AND twin.deleted_at IS NULL AND twin.send_invoice);
UPDATE billing_contact later SET deleted_at = now(), updated_at = now()
WHERE deleted_at IS NULL AND EXISTS (
    SELECT FROM billing_contact first WHERE first.customer_id = later.customer_id
        AND lower(first.email) = lower(later.email) AND first.deleted_at IS NULL AND first.id < later.id)
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_monitor_asked")]

    operations = [migrations.RunSQL(TWINS, migrations.RunSQL.noop)]
