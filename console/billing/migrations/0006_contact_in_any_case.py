"""A customer has a contact once, whatever the case of its address."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_contacts_without_twins"),
        ("customers", "0010_attribute_kept"),
        ("organizations", "0022_attribute_scopes"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="contact", name="contact_once"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                models.F("customer"),
                Lower("email"),
                condition=models.Q(("deleted_at__isnull", True)),
                name="contact_once",
            ),
        ),
    ]
