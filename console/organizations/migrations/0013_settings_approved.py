"""How many eyes a request needs is itself decided by four: what pages write must have been approved last."""

from django.db import migrations

# People on pages work as tranche_app; an operator's commands and migrations don't.
UP = """
CREATE FUNCTION sizes_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        SELECT a.given FROM organizations_approval a
        WHERE a.organization_id = NEW.id AND a.kind = 'settings' AND a.subject = NEW.id AND a.state = 'approved'
        ORDER BY a.closed_at DESC, a.id DESC LIMIT 1
    ) IS DISTINCT FROM jsonb_build_object(
        'second_approver_above', NEW.second_approver_above, 'export_minimum', NEW.export_minimum
    ) THEN
        RAISE check_violation USING MESSAGE = 'these sizes were not approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sizes_given BEFORE UPDATE ON organizations_organization FOR EACH ROW
    WHEN (current_user = 'tranche_app' AND
        (NEW.second_approver_above, NEW.export_minimum) IS DISTINCT FROM
        (OLD.second_approver_above, OLD.export_minimum))
    EXECUTE FUNCTION sizes_given();
"""
DOWN = "DROP TRIGGER sizes_given ON organizations_organization; DROP FUNCTION sizes_given()"


class Migration(migrations.Migration):
    dependencies = [("organizations", "0012_small_letters")]

    operations = [migrations.RunSQL(UP, DOWN)]
