from django.db import migrations, models

# What was answered says in which ledger it is.
FILL = """
UPDATE organizations_idempotencykey SET within = COALESCE((body ->> 'ledgerId')::uuid, organization_id)
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0020_billing_scopes")]

    operations = [
        migrations.RemoveConstraint(model_name="idempotencykey", name="idempotency_key_once"),
        migrations.AddField(
            model_name="idempotencykey",
            name="within",
            field=models.UUIDField(
                help_text="The ledger where it was used, else the organization.", null=True
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="idempotencykey",
            name="within",
            field=models.UUIDField(help_text="The ledger where it was used, else the organization."),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(
                fields=("organization", "within", "name"), name="idempotency_key_once"
            ),
        ),
    ]
