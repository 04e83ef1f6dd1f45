"""Whoever writes an event says so by a notice: no question of its own finds out whether there is something to send."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("communications.migrations.0006_events_of_holds").AFTER
AFTER = BEFORE.replace("  pairs text;", "  pairs text;\n  number integer;").replace(
    "USING told;",
    """USING told;
  GET DIAGNOSTICS number = ROW_COUNT;
  IF number > 0 THEN
    RAISE NOTICE 'told';
  END IF;""",
)


class Migration(migrations.Migration):
    dependencies = [("communications", "0006_events_of_holds")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
