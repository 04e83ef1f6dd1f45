"""How many eyes a request needs is itself a matter of four."""

import pytest

from console.organizations import approving, scope
from console.organizations.models import Organization, Role, Staff
from tests.alerts.bank import later
from tests.approvals import approved
from tests.factories import NOW, StaffFactory
from tests.organizations.test_approving import refused

pytestmark = pytest.mark.django_db


def test_pages_change_no_sizes_that_were_not_approved_last(nordbank: Organization, alice: Staff) -> None:
    rows = Organization.objects.filter(pk=nordbank.pk)
    first = {"second_approver_above": 10, "export_minimum": 5}
    approved("settings", nordbank.pk, by=alice, given=first)
    approved("settings", nordbank.pk, by=alice, at=later(1), given={**first, "export_minimum": 20})
    nordbank.refresh_from_db()
    assert (nordbank.second_approver_above, nordbank.export_minimum) == (10, 20)
    with scope.inside(nordbank):
        assert refused(
            lambda: rows.update(second_approver_above=None),
            lambda: rows.update(export_minimum=0),
            lambda: rows.update(export_minimum=5),  # approved once, and replaced
            lambda: rows.update(name="Nordbank SE"),
        ) == [True, True, True, False]


def test_sizes_that_changed_meanwhile_void_the_request(nordbank: Organization, alice: Staff) -> None:
    erika = StaffFactory(organization=nordbank, role=Role.APPROVER)
    given = {"second_approver_above": None, "export_minimum": 1}
    asked = approving.ask("settings", nordbank.pk, by=alice, at=NOW, given=given)
    Organization.objects.update(second_approver_above=100)
    assert approving.approve(asked, by=erika, at=NOW).state == "void"
    nordbank.refresh_from_db()
    assert nordbank.export_minimum == 5
