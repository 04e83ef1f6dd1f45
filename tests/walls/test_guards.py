"""Who writes SQL as the console's role can't deceive the functions of our triggers, nor use them for something else."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from alerts.models import Campaign
from console.organizations import approving, guards, scope
from console.organizations.models import Approval, AuditEvent, Role, Staff
from tests.alerts.bank import account_segment, account_with, campaign_on
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SHADOW = """
CREATE TEMP TABLE organizations_approval ON COMMIT DROP AS SELECT * FROM public.organizations_approval;
UPDATE pg_temp.organizations_approval SET state = 'approved', closed_at = now();
"""


def test_every_function_of_a_trigger_is_guarded() -> None:
    with scope.nobody():
        assert guards.build(connection) == []
        with connection.cursor() as cursor:
            cursor.execute("ALTER FUNCTION role_given() RESET search_path")
            cursor.execute("GRANT EXECUTE ON FUNCTION audit() TO PUBLIC")
        assert guards.build(connection) == ["public.audit()", "public.role_given()"]
        assert guards.build(connection) == []


def test_a_role_is_not_approved_by_a_table_of_ones_own(alice: Staff, bob: Staff, vera: Staff) -> None:
    asked = approving.ask("role", vera.user_id, by=alice, at=NOW, given={"role": Role.ADMIN})
    with scope.inside(alice.organization), pytest.raises(DatabaseError, match="was not approved"):
        deceive(
            "UPDATE organizations_staff SET role = 'admin', approval_id = %s WHERE id = %s", asked, vera.pk
        )


def test_nor_is_a_campaign(alice: Staff) -> None:
    segment = account_segment(alice.organization, account_with(alice.organization, "80"), name="Watch these")
    campaign: Campaign = campaign_on(segment, name="Low balance")
    asked = approving.ask("campaign", campaign.pk, by=alice, at=NOW)
    with scope.inside(alice.organization), pytest.raises(DatabaseError, match="approved"):
        deceive(
            "UPDATE alerts_campaign SET state = 'active', approval_id = %s WHERE id = %s", asked, campaign.pk
        )


def test_nobody_has_the_trail_write_what_never_happened(alice: Staff) -> None:
    before = AuditEvent.objects.count()
    with (
        scope.inside(alice.organization),
        pytest.raises(DatabaseError, match="permission denied for function"),
    ):
        forge(alice)
    assert AuditEvent.objects.count() == before


def forge(alice: Staff) -> None:
    """Put the trail's own trigger on a table that one has made, and write there what the trail is to say."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE mine (id uuid, organization_id uuid) ON COMMIT DROP")
        cursor.execute(
            "CREATE TRIGGER forged AFTER INSERT ON mine FOR EACH ROW"
            """ EXECUTE FUNCTION audit('{"model": "organizations.Staff"}')"""
        )
        cursor.execute("INSERT INTO mine VALUES (gen_random_uuid(), %s)", [alice.organization_id])


def deceive(statement: str, asked: Approval, subject: int | UUID) -> None:
    """Run the statement where a temporary table of the same name says that it was approved."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHADOW)
        cursor.execute(statement.replace("UPDATE ", "UPDATE public."), [asked.pk, subject])
