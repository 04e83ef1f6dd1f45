"""What is active stays what was approved: the refusal that triggers on the tables above share."""

from django.db import migrations

# The trigger's WHEN says when something else would be active than what was approved.
UP = """
CREATE FUNCTION approved_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'what was approved does not change while it is active';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_staff")]

    operations = [migrations.RunSQL(UP, "DROP FUNCTION approved_stays()")]
