"""A banner's words while they are approved, and a campaign's rule while it watches, are not changed by anybody."""

from django.db import migrations

UP = """
CREATE TRIGGER banner_stays BEFORE UPDATE ON alerts_banner FOR EACH ROW
    WHEN (NEW.approval_id = OLD.approval_id
        AND (NEW.campaign_id, NEW.placement, NEW.title, NEW.text, NEW.button_label, NEW.link)
            IS DISTINCT FROM (OLD.campaign_id, OLD.placement, OLD.title, OLD.text, OLD.button_label, OLD.link))
    EXECUTE FUNCTION approved_stays();
CREATE TRIGGER campaign_stays BEFORE UPDATE ON alerts_campaign FOR EACH ROW
    WHEN (NEW.state = 'active' AND OLD.state = 'active'
        AND (NEW.segment_id, NEW.version, NEW.priority, NEW.cooldown, NEW.on_activation)
            IS DISTINCT FROM (OLD.segment_id, OLD.version, OLD.priority, OLD.cooldown, OLD.on_activation))
    EXECUTE FUNCTION approved_stays();
CREATE FUNCTION trigger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM alerts_campaign WHERE id = NEW.campaign_id AND state = 'active') THEN
        RAISE check_violation USING MESSAGE = 'what was approved does not change while it is active';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trigger_stays BEFORE UPDATE ON alerts_trigger FOR EACH ROW EXECUTE FUNCTION trigger_stays();
"""
DOWN = """
DROP TRIGGER trigger_stays ON alerts_trigger;
DROP FUNCTION trigger_stays();
DROP TRIGGER campaign_stays ON alerts_campaign;
DROP TRIGGER banner_stays ON alerts_banner;
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_approvals"), ("organizations", "0008_approved_stays")]

    operations = [migrations.RunSQL(UP, DOWN)]
