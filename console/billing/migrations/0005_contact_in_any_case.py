"""A customer has a contact once, whatever the case of its address."""

from django.db import migrations, models
from django.db.models.functions import Lower

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
    dependencies = [
        ("billing", "0004_monitor_asked"),
        ("customers", "0010_attribute_kept"),
        ("organizations", "0022_attribute_scopes"),
    ]

    operations = [
        migrations.RunSQL(TWINS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="contact", name="contact_once"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                models.F("customer"),
                Lower("email"),
                condition=models.Q(("deleted_at__isnull", True)),
                name="contact_once",
            ),
        ),
    ]
