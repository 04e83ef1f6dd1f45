"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON portfolios_portfolio
FOR EACH ROW WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')
EXECUTE FUNCTION audit('{"model": "portfolios.Portfolio", "shown": ["ledger_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON portfolios_account
FOR EACH ROW WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')
EXECUTE FUNCTION audit('{"model": "portfolios.Account", "shown": ["ledger_id", "portfolio_id", "type", "asset_code", "status", "is_blocked", "has_overdraft_protection", "opened_on"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON portfolios_accountholder
FOR EACH ROW WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')
EXECUTE FUNCTION audit('{"model": "portfolios.AccountHolder", "whole": ["portfolios.Account", "account_id"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON portfolios_portfolio;
DROP TRIGGER audit ON portfolios_account;
DROP TRIGGER audit ON portfolios_accountholder
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0001_initial"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
