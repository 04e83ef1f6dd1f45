"""Two people at somebody's role at the same moment, 200 times each: one outcome, and the role is the one approved."""

from collections.abc import Iterator
from functools import partial

import pytest

from console.organizations import approving
from console.organizations.approving import NotWaiting
from console.organizations.models import Approval, Role, Staff
from console.staff.approvals import end
from tests.factories import NOW, StaffFactory
from tests.races import TIMES, AtOnce, racing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once() -> Iterator[AtOnce]:
    with racing(approving.Refusal) as at_once:
        yield at_once


@pytest.fixture
def checkers(alice: Staff) -> list[Staff]:
    """An approver and an admin, who are locked at different moments."""
    return [StaffFactory(organization=alice.organization, role=role) for role in (Role.APPROVER, Role.ADMIN)]


def requests(person: Staff, by: Staff) -> Iterator[tuple[str, Approval]]:
    """As many as there are races: that the person work in the other of two roles."""
    for _ in range(TIMES):
        person.refresh_from_db()
        role = Role.MARKETER if person.role != Role.MARKETER else Role.ANALYST
        yield person.role, approving.ask("role", person.user_id, by=by, at=NOW, given={"role": role})


def now(person: Staff, approval: Approval) -> tuple[str, bool, str, int]:
    """The person's role, whether they work here, the request's state, and how many decided."""
    person.refresh_from_db()
    approval.refresh_from_db()
    return person.role, person.ended_at is None, approval.state, approval.decisions.count()


def test_two_approvers_at_once(at_once: AtOnce, vera: Staff, alice: Staff, checkers: list[Staff]) -> None:
    for _, approval in requests(vera, alice):
        first, second = (partial(approving.approve, approval, by=by, at=NOW) for by in checkers)
        assert {type(one) for one in at_once(first, second)} == {Approval, NotWaiting}
        assert now(vera, approval) == (approval.given["role"], True, "approved", 1)
        assert vera.approval == approval


def test_approved_and_let_go_at_once(
    at_once: AtOnce, vera: Staff, alice: Staff, checkers: list[Staff]
) -> None:
    for before, approval in requests(vera, alice):
        at_once(
            partial(approving.approve, approval, by=checkers[0], at=NOW),
            lambda: end(Staff.objects.get(pk=vera.pk), by=alice, at=NOW),
        )
        assert now(vera, approval) in [
            (approval.given["role"], False, "approved", 1),
            (before, False, "void", 0),
        ]
        Staff.objects.filter(pk=vera.pk).update(ended_at=None)
