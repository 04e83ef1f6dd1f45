from django.db import migrations, models

from console.customers.masking import looks_personal


def mark(apps, schema_editor):
    """What was declared before anybody could say so is personal where its key says so."""
    attributes = apps.get_model("customers", "Attribute").objects
    keys = [one.pk for one in attributes.only("key") if looks_personal(one.key)]
    attributes.filter(pk__in=keys).update(is_personal=True)


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.AddField(
            "attribute",
            "is_personal",
            models.BooleanField(
                db_default=False, default=False, help_text="Masked for roles that do not need it."
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
