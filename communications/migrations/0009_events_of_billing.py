"""Events of billing. Some of its rows go for good, which is told of as a deletion, with the ids of whose they were."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

BEFORE = import_module("communications.migrations.0007_told").AFTER
GONE = """
                WHEN after IS NULL
                    OR before->>'deleted_at' IS NULL AND after->>'deleted_at' IS NOT NULL
"""
AFTER = (
    BEFORE.replace("WHEN before->>'deleted_at' IS NULL AND after->>'deleted_at' IS NOT NULL", GONE.strip())
    .replace(
        "WHERE NOT ($1 ? 'where') OR (row_now->>($1->>'where'))::boolean",
        "WHERE (NOT ($1 ? 'where') OR (row_now->>($1->>'where'))::boolean)\n"
        "            AND NOT (after IS NULL AND before->>'deleted_at' IS NOT NULL)",
    )
    .replace("jsonb_object_agg(name, is_now->col)", "jsonb_object_agg(name, row_now->col)")
    .replace("WHERE is_now ? col", "WHERE row_now ? col")
)


class Migration(migrations.Migration):
    dependencies = [
        ("communications", "0008_purpose"),
        ("billing", "0003_consent_by_letter"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="endpoint",
            name="endpoint_events_known",
        ),
        migrations.AlterField(
            model_name="endpoint",
            name="events",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("organization.created", "An organization was made"),
                        ("organization.updated", "An organization was changed"),
                        ("organization.deleted", "An organization was deleted"),
                        ("ledger.created", "A ledger was made"),
                        ("ledger.updated", "A ledger was changed"),
                        ("ledger.deleted", "A ledger was deleted"),
                        ("asset.created", "An asset was made"),
                        ("asset.updated", "An asset was changed"),
                        ("asset.deleted", "An asset was deleted"),
                        ("portfolio.created", "A portfolio was made"),
                        ("portfolio.updated", "A portfolio was changed"),
                        ("portfolio.deleted", "A portfolio was deleted"),
                        ("segment.created", "A segment was made"),
                        ("segment.updated", "A segment was changed"),
                        ("segment.deleted", "A segment was deleted"),
                        ("account.created", "An account was made"),
                        ("account.updated", "An account was changed, or its segment"),
                        ("account.deleted", "An account was deleted"),
                        ("account-type.created", "An account type was made"),
                        ("account-type.updated", "An account type was changed"),
                        ("account-type.deleted", "An account type was deleted"),
                        ("balance.changed", "A balance changed"),
                        ("invoice.created", "An invoice was made"),
                        ("invoice.updated", "An invoice was changed, or paid"),
                        ("payment-method.created", "A payment method was added"),
                        ("payment-method.updated", "A payment method was changed"),
                        ("payment-method.deleted", "A payment method was taken off"),
                        ("connector.created", "A connector was made"),
                        ("connector.updated", "A connector was changed"),
                        ("connector.deleted", "A connector was deleted"),
                        ("connector-link.created", "A customer was linked on a connector"),
                        ("connector-link.updated", "A link on a connector was changed"),
                        ("connector-link.deleted", "A link on a connector was removed"),
                        ("contact.created", "A contact was added"),
                        ("contact.updated", "A contact was changed"),
                        ("contact.deleted", "A contact was taken off"),
                        ("consent.created", "A customer said something of a purpose for the first time"),
                        ("consent.updated", "A customer said something else of a purpose"),
                        ("consent.deleted", "A consent went with its customer"),
                        ("monitor.created", "A monitor was made"),
                        ("monitor.updated", "A monitor was changed"),
                        ("monitor.deleted", "A monitor was deleted"),
                    ],
                    max_length=40,
                ),
                blank=True,
                db_default=[],
                default=list,
                help_text="What it is told of the record as it happens.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="event",
            field=models.CharField(
                blank=True,
                choices=[
                    ("organization.created", "An organization was made"),
                    ("organization.updated", "An organization was changed"),
                    ("organization.deleted", "An organization was deleted"),
                    ("ledger.created", "A ledger was made"),
                    ("ledger.updated", "A ledger was changed"),
                    ("ledger.deleted", "A ledger was deleted"),
                    ("asset.created", "An asset was made"),
                    ("asset.updated", "An asset was changed"),
                    ("asset.deleted", "An asset was deleted"),
                    ("portfolio.created", "A portfolio was made"),
                    ("portfolio.updated", "A portfolio was changed"),
                    ("portfolio.deleted", "A portfolio was deleted"),
                    ("segment.created", "A segment was made"),
                    ("segment.updated", "A segment was changed"),
                    ("segment.deleted", "A segment was deleted"),
                    ("account.created", "An account was made"),
                    ("account.updated", "An account was changed, or its segment"),
                    ("account.deleted", "An account was deleted"),
                    ("account-type.created", "An account type was made"),
                    ("account-type.updated", "An account type was changed"),
                    ("account-type.deleted", "An account type was deleted"),
                    ("balance.changed", "A balance changed"),
                    ("invoice.created", "An invoice was made"),
                    ("invoice.updated", "An invoice was changed, or paid"),
                    ("payment-method.created", "A payment method was added"),
                    ("payment-method.updated", "A payment method was changed"),
                    ("payment-method.deleted", "A payment method was taken off"),
                    ("connector.created", "A connector was made"),
                    ("connector.updated", "A connector was changed"),
                    ("connector.deleted", "A connector was deleted"),
                    ("connector-link.created", "A customer was linked on a connector"),
                    ("connector-link.updated", "A link on a connector was changed"),
                    ("connector-link.deleted", "A link on a connector was removed"),
                    ("contact.created", "A contact was added"),
                    ("contact.updated", "A contact was changed"),
                    ("contact.deleted", "A contact was taken off"),
                    ("consent.created", "A customer said something of a purpose for the first time"),
                    ("consent.updated", "A customer said something else of a purpose"),
                    ("consent.deleted", "A consent went with its customer"),
                    ("monitor.created", "A monitor was made"),
                    ("monitor.updated", "A monitor was changed"),
                    ("monitor.deleted", "A monitor was deleted"),
                ],
                db_default="",
                default="",
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "events__contained_by",
                        [
                            "organization.created",
                            "organization.updated",
                            "organization.deleted",
                            "ledger.created",
                            "ledger.updated",
                            "ledger.deleted",
                            "asset.created",
                            "asset.updated",
                            "asset.deleted",
                            "portfolio.created",
                            "portfolio.updated",
                            "portfolio.deleted",
                            "segment.created",
                            "segment.updated",
                            "segment.deleted",
                            "account.created",
                            "account.updated",
                            "account.deleted",
                            "account-type.created",
                            "account-type.updated",
                            "account-type.deleted",
                            "balance.changed",
                            "invoice.created",
                            "invoice.updated",
                            "payment-method.created",
                            "payment-method.updated",
                            "payment-method.deleted",
                            "connector.created",
                            "connector.updated",
                            "connector.deleted",
                            "connector-link.created",
                            "connector-link.updated",
                            "connector-link.deleted",
                            "contact.created",
                            "contact.updated",
                            "contact.deleted",
                            "consent.created",
                            "consent.updated",
                            "consent.deleted",
                            "monitor.created",
                            "monitor.updated",
                            "monitor.deleted",
                        ],
                    )
                ),
                name="endpoint_events_known",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
    ]
