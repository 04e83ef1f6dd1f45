"""The roles under which the console works, and what they may do to the tables that every later migration makes."""

from pathlib import Path

from django.db import migrations

ROLES = Path(__file__).parents[2] / "embedded" / "roles.sql"
GRANTS = """
GRANT USAGE ON SCHEMA public TO tranche_app, tranche_across;
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON ALL TABLES IN SCHEMA public TO tranche_app, tranche_across;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO tranche_app, tranche_across;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON TABLES TO tranche_app, tranche_across;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO tranche_app, tranche_across;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.RunSQL(ROLES.read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
