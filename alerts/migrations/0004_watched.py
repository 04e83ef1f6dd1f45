"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON alerts_campaign
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "alerts.Campaign", "name": "name", "left_out": ["swept_at", "swept_on", "members_as_of"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON alerts_trigger
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "alerts.Trigger", "whole": ["alerts.Campaign", "campaign_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON alerts_banner
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "alerts.Banner", "name": "title", "whole": ["alerts.Campaign", "campaign_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON alerts_alert
FOR EACH ROW WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')
EXECUTE FUNCTION audit('{"model": "alerts.Alert", "shown": ["campaign_id", "account_id", "state", "assigned_to_id", "snoozed_until", "ended_at"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON alerts_campaign;
DROP TRIGGER audit ON alerts_trigger;
DROP TRIGGER audit ON alerts_banner;
DROP TRIGGER audit ON alerts_alert
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_approved_stays"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
