"""Two people at one export at the same moment, 200 times each: one outcome, and what leaves is what was approved."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction
from django.utils.http import urlencode

from console.customers.approvals import subject_of, take
from console.customers.models import Download
from console.organizations import approving
from console.organizations.approving import NotWaiting
from console.organizations.kinds import Impossible
from console.organizations.models import Approval, Organization, Role, Staff
from segments.models import Segment
from tests.factories import NOW, CustomerFactory, SegmentFactory, StaffFactory
from tests.races import TIMES, AtOnce, racing
from tests.segments.test_refresh import CZECHS, GERMANS, refreshed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once() -> Iterator[AtOnce]:
    with racing(approving.Refusal, Impossible) as at_once:
        yield at_once


@pytest.fixture
def checkers(nordbank: Organization) -> list[Staff]:
    """Two approvers."""
    return StaffFactory.create_batch(2, organization=nordbank, role=Role.APPROVER)


@pytest.fixture
def segment(nordbank: Organization) -> Segment:
    CustomerFactory.create_batch(5, organization=nordbank, country="CZ")
    segment = SegmentFactory(organization=nordbank, definition=CZECHS)
    refreshed(segment)
    return segment


def requests(segment: Segment, by: Staff) -> Iterator[Approval]:
    """As many as there are races: the members of the segment as a file, each time for another purpose."""
    query = urlencode({"segment": segment.pk, "sort": "name", "columns": ["", "email"]}, doseq=True)
    for number in range(TIMES):
        given = {"query": query, "purpose": f"Letters {number}"}
        yield approving.ask("export", subject_of(by, query), by=by, at=NOW, given=given)


def taken(approval: Approval, by: Staff) -> bool:
    """Whether the maker gets the file."""
    try:
        with transaction.atomic():
            take(Approval.objects.get(pk=approval.pk), by=by, at=NOW)
    except Impossible:
        return False
    return True


def test_two_approvers_at_once(at_once: AtOnce, segment: Segment, olga: Staff, checkers: list[Staff]) -> None:
    for approval in requests(segment, olga):
        first, second = (partial(approving.approve, approval, by=by, at=NOW) for by in checkers)
        assert {type(one) for one in at_once(first, second)} == {Approval, NotWaiting}
        approval.refresh_from_db()
        assert (approval.state, approval.decisions.count()) == ("approved", 1)
    assert taken(approval, olga)


def test_approved_and_its_segment_edited_at_once(
    at_once: AtOnce, segment: Segment, olga: Staff, bob: Staff, checkers: list[Staff]
) -> None:
    """Approved before the edit or void after it; once it is edited nothing leaves either way."""
    outcomes = set()
    for number, approval in enumerate(requests(segment, olga)):
        rules = GERMANS if number % 2 else CZECHS
        edit = partial(Segment.objects.get(pk=segment.pk).save_definition, rules, by=bob, at=NOW)
        at_once(partial(approving.approve, approval, by=checkers[0], at=NOW), edit)
        approval.refresh_from_db()
        assert (approval.state, approval.decisions.count()) in [("approved", 1), ("void", 0)]
        assert not taken(approval, olga)
        outcomes.add(approval.state)
    assert outcomes <= {"approved", "void"}
    assert not Download.objects.exists()
