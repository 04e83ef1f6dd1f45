"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_template
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.Template", "name": "name"}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_templateversion
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.TemplateVersion", "whole": ["communications.Template", "template_id"], "through": ["communications_template", "template_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_endpoint
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.Endpoint", "name": "name", "left_out": ["failing_since"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_endpointsecret
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.EndpointSecret", "whole": ["communications.Endpoint", "endpoint_id"], "through": ["communications_endpoint", "endpoint_id"], "hidden": ["sealed"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_configuration
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.Configuration", "name": "name"}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_configurationversion
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.ConfigurationVersion", "whole": ["communications.Configuration", "configuration_id"], "through": ["communications_configuration", "configuration_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_run
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.Run", "whole": ["communications.Configuration", "configuration_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_decision
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.Decision", "whole": ["communications.Message", "message_id"], "through": ["communications_message", "message_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON communications_suppression
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "communications.Suppression", "hidden": ["address_hash"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON communications_template;
DROP TRIGGER audit ON communications_templateversion;
DROP TRIGGER audit ON communications_endpoint;
DROP TRIGGER audit ON communications_endpointsecret;
DROP TRIGGER audit ON communications_configuration;
DROP TRIGGER audit ON communications_configurationversion;
DROP TRIGGER audit ON communications_run;
DROP TRIGGER audit ON communications_decision;
DROP TRIGGER audit ON communications_suppression
"""


class Migration(migrations.Migration):
    dependencies = [("communications", "0003_approvals"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
