"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON ledgers_ledger
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "ledgers.Ledger", "name": "name"}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON ledgers_asset
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "ledgers.Asset", "name": "code", "whole": ["ledgers.Ledger", "ledger_id"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON ledgers_ledger;
DROP TRIGGER audit ON ledgers_asset
"""


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
