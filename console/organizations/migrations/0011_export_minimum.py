"""How many customers a file of personal data has at least."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0010_roles_approved"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="export_minimum",
            field=models.PositiveSmallIntegerField(
                default=5, help_text="A file of personal data holds at least so many customers."
            ),
        ),
    ]
