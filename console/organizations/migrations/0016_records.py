"""Records are deleted by saying when, and say what Midaz's API wants to know of them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0015_audit_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="address",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="organization",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="doing_business_as",
            field=models.CharField(blank=True, db_default="", max_length=256),
        ),
        migrations.AddField(
            model_name="organization",
            name="founded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="founded",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="legal_document",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The number under which a register has it.",
                max_length=256,
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="metadata",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="organization",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose part it is.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="status",
            field=models.CharField(db_default="ACTIVE", default="ACTIVE", max_length=100),
        ),
        migrations.AddField(
            model_name="organization",
            name="status_description",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
        migrations.AddField(
            model_name="organization",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
    ]
