"""Records are deleted by saying when, and say what Midaz's API wants to know of them."""

import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0002_watched"),
        ("organizations", "0016_records"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="asset",
            name="asset_name_once",
        ),
        migrations.RemoveConstraint(
            model_name="ledger",
            name="ledger_name_once",
        ),
        migrations.AddField(
            model_name="asset",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="asset",
            name="metadata",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="asset",
            name="status",
            field=models.CharField(db_default="ACTIVE", default="ACTIVE", max_length=100),
        ),
        migrations.AddField(
            model_name="asset",
            name="status_description",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
        migrations.AddField(
            model_name="asset",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="ledger",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ledger",
            name="metadata",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="ledger",
            name="status",
            field=models.CharField(db_default="ACTIVE", default="ACTIVE", max_length=100),
        ),
        migrations.AddField(
            model_name="ledger",
            name="status_description",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
        migrations.AddField(
            model_name="ledger",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=("ledger", "name"),
                name="asset_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledger",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("deleted_at__isnull", True)),
                name="ledger_name_once",
            ),
        ),
    ]
