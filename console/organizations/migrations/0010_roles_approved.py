"""Roles need four eyes: what gave a person theirs stands on the row, and the database asks for it."""

import django.db.models.deletion
from django.db import migrations, models

# People on pages work as tranche_app; an operator's commands and migrations don't, and make the first people.
UP = """
CREATE FUNCTION role_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before organizations_staff;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD;
    END IF;
    IF NEW.approval_id IS NOT DISTINCT FROM before.approval_id OR NOT EXISTS (
        SELECT FROM organizations_approval a
        WHERE a.id = NEW.approval_id AND a.state = 'approved' AND a.organization_id = NEW.organization_id
            AND a.maker_id <> NEW.id
            AND a.closed_at >= coalesce(greatest(before.role_since, before.ended_at), '-infinity')
            AND CASE TG_OP
                WHEN 'UPDATE' THEN a.kind = 'role' AND a.subject = NEW.user_id AND a.given ->> 'role' = NEW.role
                ELSE a.kind = 'invitation' AND EXISTS (
                    SELECT FROM organizations_invitation i
                    WHERE i.id = a.subject AND i.approval_id = a.id AND i.role = NEW.role
                        AND i.accepted_at IS NOT NULL
                ) END
    ) OR EXISTS (
        SELECT FROM organizations_decision d WHERE d.approval_id = NEW.approval_id AND d.checker_id = NEW.id
    ) THEN
        RAISE check_violation USING MESSAGE = 'this role was not approved for this person';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_given BEFORE INSERT ON organizations_staff FOR EACH ROW
    WHEN (current_user = 'tranche_app' AND NEW.role IN ('approver', 'admin'))
    EXECUTE FUNCTION role_given();
CREATE TRIGGER role_changed BEFORE UPDATE ON organizations_staff FOR EACH ROW
    WHEN (current_user = 'tranche_app' AND (
        (NEW.role, NEW.user_id, NEW.organization_id) IS DISTINCT FROM (OLD.role, OLD.user_id, OLD.organization_id)
        OR NEW.role IN ('approver', 'admin') AND NEW.ended_at IS NULL AND OLD.ended_at IS NOT NULL))
    EXECUTE FUNCTION role_given();
CREATE TRIGGER invitation_approved BEFORE INSERT OR UPDATE ON organizations_invitation
    FOR EACH ROW EXECUTE FUNCTION must_be_approved('invitation', 'id');
CREATE TRIGGER invitation_stays BEFORE UPDATE ON organizations_invitation FOR EACH ROW
    WHEN (NEW.approval_id = OLD.approval_id AND (NEW.email, NEW.role) IS DISTINCT FROM (OLD.email, OLD.role))
    EXECUTE FUNCTION approved_stays();
-- What was asked for and what was decided is added to, and only the outcome of a request written.
REVOKE UPDATE, DELETE, TRUNCATE ON organizations_decision FROM tranche_app;
REVOKE DELETE, TRUNCATE ON organizations_approval FROM tranche_app;
"""
DOWN = """
GRANT UPDATE, DELETE ON organizations_decision TO tranche_app;
GRANT DELETE ON organizations_approval TO tranche_app;
DROP TRIGGER invitation_stays ON organizations_invitation;
DROP TRIGGER invitation_approved ON organizations_invitation;
DROP TRIGGER role_changed ON organizations_staff;
DROP TRIGGER role_given ON organizations_staff;
DROP FUNCTION role_given();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0009_audit"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="approval",
            name="approval_one_waiting",
        ),
        migrations.AddField(
            model_name="invitation",
            name="approval",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.approval",
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="approval",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("organization", "kind", "subject"),
                name="approval_one_waiting",
            ),
        ),
        migrations.RunSQL(UP, DOWN),
    ]
