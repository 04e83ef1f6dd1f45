"""Records are deleted by saying when, and say what Midaz's API wants to know of them."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import console.organizations.fields


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0003_records"),
        ("organizations", "0016_records"),
        ("portfolios", "0002_watched"),
        ("segments", "0003_records"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountType",
            fields=[
                ("metadata", models.JSONField(blank=True, db_default={}, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "id",
                    models.UUIDField(
                        db_default=console.organizations.fields.UuidV7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("description", models.CharField(blank=True, max_length=500)),
                (
                    "key_value",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-zA-Z0-9_-]+$", "Letters, digits, _ and - only."
                            )
                        ],
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="account_alias_once",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_by_opening",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_by_type",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_by_portfolio",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_by_currency",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_not_open",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_blocked",
        ),
        migrations.RemoveIndex(
            model_name="account",
            name="account_by_creation",
        ),
        migrations.AddField(
            model_name="account",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="entity_id",
            field=models.CharField(blank=True, db_default="", max_length=256),
        ),
        migrations.AddField(
            model_name="account",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="portfolios.account",
            ),
        ),
        migrations.AddField(
            model_name="portfolio",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="status_description",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
        migrations.AddField(
            model_name="account",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="portfolio",
            name="metadata",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="portfolio",
            name="status",
            field=models.CharField(db_default="ACTIVE", default="ACTIVE", max_length=100),
        ),
        migrations.AddField(
            model_name="portfolio",
            name="status_description",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
        migrations.AddField(
            model_name="portfolio",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="account",
            name="is_live",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Q(
                    ("deleted_at__isnull", True), models.Q(("type", "external"), _negated=True)
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["organization", "external_id"],
                name="account_live",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["organization", "opened_on", "id"],
                name="account_by_opening",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["organization", "type", "id"],
                name="account_by_type",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["organization", "portfolio", "external_id"],
                name="account_by_portfolio",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["organization", "asset_code", "external_id"],
                name="account_by_currency",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True), models.Q(("status", "ACTIVE"), _negated=True)),
                fields=["organization", "status", "external_id"],
                name="account_not_open",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True), ("is_blocked", True)),
                fields=["organization", "external_id"],
                name="account_blocked",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_live", True)),
                fields=["organization", "created_at", "id"],
                name="account_by_creation",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["ledger", "id"],
                name="account_of_ledger",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["parent"], name="account_by_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("alias", ""), _negated=True), ("deleted_at__isnull", True)),
                fields=("ledger", "alias"),
                name="account_alias_once",
            ),
        ),
        migrations.AddField(
            model_name="accounttype",
            name="ledger",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="account_types", to="ledgers.ledger"
            ),
        ),
        migrations.AddField(
            model_name="accounttype",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="account_types",
                to="organizations.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="accounttype",
            index=models.Index(fields=["organization", "name", "id"], name="account_type_by_name"),
        ),
        migrations.AddConstraint(
            model_name="accounttype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=("ledger", "key_value"),
                name="account_type_once",
            ),
        ),
    ]
