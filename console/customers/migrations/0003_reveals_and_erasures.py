import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import console.organizations.fields


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_masking"),
        ("organizations", "0002_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
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
                ("external_id_hash", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Reveal",
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
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("email", "Email"),
                                ("phone", "Phone"),
                                ("data", "Personal data"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", False)),
                fields=["organization", "id"],
                name="customer_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(
                        ("communications_enabled", False),
                        ("country", ""),
                        ("custom_data", {}),
                        ("email", ""),
                        ("name", ""),
                        ("phone", ""),
                        ("products", []),
                        ("profiling_objected_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="customer_erased_for_good",
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="customer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasures",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="staff",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organizations.staff",
            ),
        ),
        migrations.AddField(
            model_name="reveal",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reveals",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="reveal",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reveals",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="reveal",
            name="staff",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organizations.staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                fields=("organization", "external_id_hash"), name="erased_once"
            ),
        ),
        migrations.AddIndex(
            model_name="reveal",
            index=models.Index(fields=["customer", "-at"], name="reveal_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="reveal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), models.Q(("parts", []), _negated=True)
                ),
                name="reveal_says_what_and_why",
            ),
        ),
        # A reveal says for good who read what and why.
        migrations.RunSQL(
            """
            CREATE FUNCTION customers_reveal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'A reveal is never changed.' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER customers_reveal_stays BEFORE UPDATE OF organization_id, customer_id, parts, reason, at
                ON customers_reveal FOR EACH ROW EXECUTE FUNCTION customers_reveal_stays();
            """,
            "DROP FUNCTION customers_reveal_stays() CASCADE",
        ),
    ]
