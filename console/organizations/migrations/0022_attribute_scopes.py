import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0021_keys_of_ledgers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="apikey",
            name="key_scopes_known",
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("decisions", "Ask for banners and report clicks"),
                        (
                            "record.read",
                            "Read organizations, ledgers, assets, portfolios, segments and accounts",
                        ),
                        ("record.write", "Create, change and delete them"),
                        ("customers.read", "Read customers, contacts and consents, personal data included"),
                        ("customers.write", "Create and change them, and who holds which account"),
                        ("billing.read", "Read invoices, how customers pay, connectors and monitors"),
                        ("billing.write", "Create, change and delete them, and note payments"),
                        ("attributes.read", "Read which data of the bank’s own is declared"),
                        ("attributes.write", "Declare, change and delete attributes"),
                        ("segments.read", "Read segments with their rules, and who is in them"),
                        ("segments.write", "Create and change segments, and have them counted anew"),
                        ("messages.read", "Read communications and what became of each message"),
                        ("alerts.read", "Read campaigns and alerts"),
                    ],
                    max_length=20,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "decisions",
                            "record.read",
                            "record.write",
                            "customers.read",
                            "customers.write",
                            "billing.read",
                            "billing.write",
                            "attributes.read",
                            "attributes.write",
                            "segments.read",
                            "segments.write",
                            "messages.read",
                            "alerts.read",
                        ],
                    )
                ),
                name="key_scopes_known",
            ),
        ),
    ]
