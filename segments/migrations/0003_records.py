"""Records are deleted by saying when, and say what Midaz's API wants to know of them."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0003_records"),
        ("organizations", "0016_records"),
        ("segments", "0002_watched"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="segment",
            name="segment_name_once",
        ),
        migrations.RemoveConstraint(
            model_name="segment",
            name="segment_name_once_in_ledger",
        ),
        migrations.AddField(
            model_name="segment",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="segment",
            name="metadata",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="segment",
            name="status",
            field=models.CharField(db_default="ACTIVE", default="ACTIVE", max_length=100),
        ),
        migrations.AddField(
            model_name="segment",
            name="status_description",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
        migrations.AddField(
            model_name="segment",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("archived_at__isnull", True), ("deleted_at__isnull", True), ("ledger__isnull", True)
                ),
                fields=("organization", "name"),
                name="segment_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("archived_at__isnull", True), ("deleted_at__isnull", True)),
                fields=("ledger", "name"),
                name="segment_name_once_in_ledger",
            ),
        ),
    ]
