"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON imports_importrun
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "imports.ImportRun", "name": "name", "left_out": ["heartbeat_at", "byte", "line", "rows", "new", "updated", "unchanged", "rejected"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON imports_importrun
"""


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
