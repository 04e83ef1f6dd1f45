"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customers_customer
FOR EACH ROW WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')
EXECUTE FUNCTION audit('{"model": "customers.Customer", "shown": ["kind", "communications_enabled", "profiling_objected_at", "erased_at"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customers_attribute
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "customers.Attribute", "name": "key"}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customers_reveal
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "customers.Reveal", "whole": ["customers.Customer", "customer_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customers_erasure
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "customers.Erasure", "whole": ["customers.Customer", "customer_id"], "hidden": ["external_id_hash"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON customers_customer;
DROP TRIGGER audit ON customers_attribute;
DROP TRIGGER audit ON customers_reveal;
DROP TRIGGER audit ON customers_erasure
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_reveals_and_erasures"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
