from django.db import migrations, models

from console.organizations.hashing import keyed_hash


def key(apps, schema_editor):
    """An address was known by its SHA-256; from now on by the keyed hash of that."""
    rows = list(apps.get_model("communications", "Suppression").objects.only("address_hash"))
    for row in rows:
        row.address_hash = keyed_hash(row.address_hash)
    apps.get_model("communications", "Suppression").objects.bulk_update(
        rows, ["address_hash"], batch_size=1000
    )


class Migration(migrations.Migration):
    dependencies = [
        ("communications", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="suppression",
            name="reason",
            field=models.CharField(
                choices=[
                    ("unsubscribed", "Opted out of email"),
                    ("bounced", "Address bounced before"),
                    ("complained", "Reported as spam"),
                    ("erased", "Customer erased"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(key),
    ]
