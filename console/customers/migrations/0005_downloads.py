"""Each time that customers leave as a file: written down, and only by who was allowed it."""

import django.db.models.deletion
from django.db import migrations, models

import console.organizations.fields

GUARD = """
-- Taken by who asked for it, as it was approved, within a day.
CREATE FUNCTION download_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('tranche.taking_away', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        RAISE check_violation USING MESSAGE = 'a download is never changed';
    END IF;
    IF NOT EXISTS (
        SELECT FROM organizations_approval a
        WHERE a.id = NEW.approval_id AND a.kind = 'export' AND a.state = 'approved' AND a.maker_id = NEW.staff_id
            AND a.organization_id = NEW.organization_id AND NEW.at < a.closed_at + interval '24 hours'
    ) THEN
        RAISE check_violation USING MESSAGE = 'this export was not approved for this person';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER download_guarded BEFORE INSERT OR UPDATE OR DELETE ON customers_download
    FOR EACH ROW EXECUTE FUNCTION download_guarded();
REVOKE UPDATE, DELETE, TRUNCATE ON customers_download FROM tranche_app;
"""
WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customers_download
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "customers.Download", "whole": ["organizations.Approval", "approval_id"]}');
"""
UNWATCHED = "DROP TRIGGER audit ON customers_download"
UNGUARD = "DROP TRIGGER download_guarded ON customers_download; DROP FUNCTION download_guarded()"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_watched"),
        ("organizations", "0011_export_minimum"),
    ]

    operations = [
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=console.organizations.fields.UuidV7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("rows", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="organizations.approval",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="organizations.organization",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.staff",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(WATCHED, UNWATCHED),
    ]
