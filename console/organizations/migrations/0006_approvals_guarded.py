"""Four eyes as the database holds them, whatever code writes: pages, admin, a task or a shell."""

from django.db import migrations

DOWN = """
DROP TRIGGER approval_guarded ON organizations_approval;
DROP TRIGGER decision_guarded ON organizations_decision;
DROP FUNCTION approval_guarded();
DROP FUNCTION decision_guarded();
DROP FUNCTION must_be_approved();
ALTER TABLE organizations_decision DROP CONSTRAINT decision_on_its_approval, DROP CONSTRAINT decision_by_staff_here;
ALTER TABLE organizations_approval DROP CONSTRAINT approval_by_staff_here;
ALTER TABLE organizations_staff DROP CONSTRAINT staff_here;
"""

UP = """
-- Maker and checker work for the organization; a decision repeats its approval's maker, where a CHECK can see it.
ALTER TABLE organizations_staff ADD CONSTRAINT staff_here UNIQUE (id, organization_id);
ALTER TABLE organizations_approval ADD CONSTRAINT approval_by_staff_here
    FOREIGN KEY (maker_id, organization_id) REFERENCES organizations_staff (id, organization_id);
ALTER TABLE organizations_decision ADD CONSTRAINT decision_by_staff_here
    FOREIGN KEY (checker_id, organization_id) REFERENCES organizations_staff (id, organization_id);
ALTER TABLE organizations_decision ADD CONSTRAINT decision_on_its_approval
    FOREIGN KEY (approval_id, organization_id, maker_id)
    REFERENCES organizations_approval (id, organization_id, maker_id);

-- A request begins waiting, is closed once, as its decisions say, and nothing that was asked for changes.
CREATE FUNCTION approval_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    outcome text[] := ARRAY['state', 'closed_at', 'reason', 'announced_at', 'told_at'];
    approving integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' THEN
            RAISE check_violation USING MESSAGE = 'an approval begins waiting';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF current_setting('tranche.taking_away', true) IS DISTINCT FROM 'on' THEN
            RAISE check_violation USING MESSAGE = 'approvals are never deleted';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - outcome IS DISTINCT FROM to_jsonb(OLD) - outcome THEN
        RAISE check_violation USING MESSAGE = 'what was asked for never changes';
    END IF;
    IF OLD.state <> 'waiting' AND (OLD.state, OLD.closed_at, OLD.reason) IS DISTINCT FROM
            (NEW.state, NEW.closed_at, NEW.reason) THEN
        RAISE check_violation USING MESSAGE = 'an approval is closed once';
    END IF;
    IF OLD.state = 'waiting' AND NEW.state = 'approved' THEN
        SELECT count(*) INTO approving FROM organizations_decision
        WHERE approval_id = NEW.id AND verdict = 'approved';
        IF approving < NEW.needed OR NEW.closed_at >= NEW.expires_at THEN
            RAISE check_violation USING MESSAGE = 'approved by too few, or too late';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_guarded BEFORE INSERT OR UPDATE OR DELETE ON organizations_approval
    FOR EACH ROW EXECUTE FUNCTION approval_guarded();

CREATE FUNCTION decision_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT FROM organizations_approval WHERE id = NEW.approval_id AND state = 'waiting' FOR UPDATE
        ) THEN
            RAISE check_violation USING MESSAGE = 'nothing waits for this decision';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND current_setting('tranche.taking_away', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE check_violation USING MESSAGE = 'decisions are never changed';
END $$;
CREATE TRIGGER decision_guarded BEFORE INSERT OR UPDATE OR DELETE ON organizations_decision
    FOR EACH ROW EXECUTE FUNCTION decision_guarded();

-- For the tables above: whatever carries an approval carries one that was given, of this kind, for this very thing.
-- Arguments: the kind, and the column of the thing's id.
CREATE FUNCTION must_be_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    thing uuid := (to_jsonb(NEW) ->> TG_ARGV[1])::uuid;
BEGIN
    IF NEW.approval_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM organizations_approval a WHERE a.id = NEW.approval_id AND a.state = 'approved'
            AND a.kind = TG_ARGV[0] AND a.subject = thing AND a.organization_id = NEW.organization_id
    ) THEN
        RAISE check_violation USING MESSAGE = format('this was not approved for this %s', TG_ARGV[0]);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_approvals")]

    operations = [migrations.RunSQL(UP, DOWN)]
