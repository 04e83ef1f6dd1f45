import django.db.models.deletion
from django.db import migrations, models

import segments.models.touched

# Notes whom a statement touched. The argument (segments/noting.py) selects them from the statement's rows: organization,
# customer, account, what. A statement that touched a large share of a table leaves one note, that it was everybody; so
# does whoever says beforehand that it loads a bank (`SET LOCAL tranche.everybody = 'on'`).
TOUCH = """
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  many float;
BEGIN
  SELECT CASE WHEN current_setting('tranche.everybody', true) = 'on' THEN 0 ELSE greatest(10000, reltuples / 20) END
    INTO many FROM pg_class WHERE oid = TG_RELID;
  EXECUTE format($statement$
    WITH member (organization_id, customer_id, account_id, what) AS MATERIALIZED (%s),
    size AS (SELECT count(*) AS of FROM member)
    INSERT INTO segments_touched (organization_id, xact, what, customer_id, account_id)
    SELECT organization_id, pg_current_xact_id(), what, customer_id, account_id FROM member, size WHERE of <= $1
    UNION ALL
    SELECT DISTINCT organization_id, pg_current_xact_id(), what, NULL::uuid, NULL::uuid FROM member, size WHERE of > $1
  $statement$, TG_ARGV[0]) USING many;
  RETURN NULL;
END $$;
"""
# Something that many hang on was called otherwise, such as a ledger: everybody whose rules ask for that.
EVERYBODY = """
CREATE FUNCTION touch_everybody() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO segments_touched (organization_id, xact, what)
  VALUES (NEW.organization_id, pg_current_xact_id(), TG_TABLE_NAME);
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0020_billing_scopes"),
        ("segments", "0011_members_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="freshness",
            name="asked",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="freshness",
            name="ground",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="freshness",
            name="seen",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="freshness",
            name="seen_in",
            field=segments.models.touched.XactField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="looked_at",
            field=models.PositiveIntegerField(help_text="How many; empty: at everyone.", null=True),
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("xact", segments.models.touched.XactField()),
                ("what", models.CharField(max_length=63)),
                ("customer_id", models.UUIDField(null=True)),
                ("account_id", models.UUIDField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "touched",
                "indexes": [models.Index(fields=["organization", "xact"], name="touched_by_xact")],
            },
        ),
        migrations.RunSQL(TOUCH, "DROP FUNCTION touch() CASCADE"),
        migrations.RunSQL(EVERYBODY, "DROP FUNCTION touch_everybody() CASCADE"),
    ]
