"""A hold and its posting in one transaction are one event: what was, of both."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("communications.migrations.0005_events").TELL.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
AFTER = BEFORE.replace(
    "jsonb_build_object('previous', message.details->'previous')",
    "jsonb_build_object('previous', (excluded.details->'previous') || (message.details->'previous'))",
)


class Migration(migrations.Migration):
    dependencies = [("communications", "0005_events"), ("balances", "0001_initial")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
