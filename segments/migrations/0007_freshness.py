import django.db.models.deletion
from django.db import migrations, models

# Nobody knows yet when the answers of the segments that are there lapse: each is counted once, and then it is known.
UNKNOWN = """
INSERT INTO segments_freshness (segment_id, organization_id, lapses_at)
SELECT id, organization_id, statement_timestamp() FROM segments_segment WHERE version_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0019_key_scopes"), ("segments", "0006_bulk_empty")]

    operations = [
        migrations.CreateModel(
            name="Freshness",
            fields=[
                (
                    "segment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="freshness",
                        serialize=False,
                        to="segments.segment",
                    ),
                ),
                ("lapses_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "freshness",
                "indexes": [models.Index(fields=["lapses_at"], name="freshness_by_lapse")],
            },
        ),
        migrations.RunSQL(UNKNOWN, migrations.RunSQL.noop),
    ]
