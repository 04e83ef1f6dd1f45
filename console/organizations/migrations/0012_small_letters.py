"""People's addresses in small letters: others could be written at the door for ever, and never came in."""

from django.db import migrations, models
from django.db.models.functions import Lower

LOWER = """
UPDATE organizations_user SET email = lower(email) WHERE email <> lower(email);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0011_export_minimum")]

    operations = [
        migrations.RunSQL(LOWER, migrations.RunSQL.noop),
        migrations.RemoveConstraint("user", "user_email_once"),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_in_small_letters"
            ),
        ),
    ]
