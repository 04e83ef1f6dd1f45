"""Two people at one request at the same moment, 200 times each: one outcome, and only what was approved is active."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from alerts.models import Campaign, Trigger, WrongState
from console.organizations import approving
from console.organizations.approving import NotWaiting
from console.organizations.models import Approval, Role, Staff
from segments.models import Segment
from tests.alerts.bank import account_segment, campaign_on, later
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 200
Act = Callable[[], Any]
AtOnce = Callable[[Act, Act], list[Any]]


@pytest.fixture
def at_once() -> Iterator[AtOnce]:
    """Do two things at the same moment, each in a connection of its own: what they return, or refuse."""
    gate = Barrier(2)

    def one(act: Act) -> Any:
        gate.wait(30)
        try:
            return act()
        except (approving.Refusal, WrongState) as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        yield lambda *acts: [
            each.result() for each in [pool.submit(copy_context().run, one, act) for act in acts]
        ]
        for done in [pool.submit(one, lambda: connection.close()) for _ in range(2)]:
            done.result()


@pytest.fixture
def segment(alice: Staff) -> Segment:
    return account_segment(alice.organization)


@pytest.fixture
def checkers(alice: Staff) -> list[Staff]:
    """Two approvers."""
    return StaffFactory.create_batch(2, organization=alice.organization, role=Role.APPROVER)


def asked(segment: Segment, by: Staff) -> tuple[Campaign, Approval]:
    campaign = campaign_on(segment)
    return campaign, approving.ask("campaign", campaign.pk, by=by, at=NOW)


def now(campaign: Campaign, approval: Approval) -> tuple[str, str, list[str]]:
    """The states of both and what was decided, when the dust has settled; what is active is what was approved."""
    approval.refresh_from_db()
    found = Campaign.objects.select_related("segment__version", "trigger", "approval").get(pk=campaign.pk)
    activated = found.events.filter(kind="activated").count()
    assert activated == (found.state == "active")
    if found.state == "active":
        assert found.approval == approval
        assert approving.covers(approval, found, at=NOW)
    return found.state, approval.state, list(approval.decisions.values_list("verdict", flat=True))


def test_two_approvers_at_once(
    at_once: AtOnce, segment: Segment, alice: Staff, checkers: list[Staff]
) -> None:
    for _ in range(TIMES):
        campaign, approval = asked(segment, alice)
        first, second = (partial(approving.approve, approval, by=by, at=NOW) for by in checkers)
        assert {type(one) for one in at_once(first, second)} == {Approval, NotWaiting}
        assert now(campaign, approval) == ("active", "approved", ["approved"])


def test_approved_and_edited_at_once(
    at_once: AtOnce, segment: Segment, alice: Staff, checkers: list[Staff]
) -> None:
    for _ in range(TIMES):
        campaign, approval = asked(segment, alice)

        def edit(campaign: Campaign = campaign) -> None:
            with transaction.atomic():
                campaign.revise(1, at=NOW)
                campaign.save()
                Trigger.objects.filter(campaign=campaign).update(threshold=1, clear_at=1)

        at_once(partial(approving.approve, approval, by=checkers[0], at=NOW), edit)
        threshold = Trigger.objects.get(campaign=campaign).threshold
        assert (*now(campaign, approval), threshold) in [
            ("active", "approved", ["approved"], 100),
            ("draft", "void", [], 1),
        ]


def test_approved_and_rejected_at_once(
    at_once: AtOnce, segment: Segment, alice: Staff, checkers: list[Staff]
) -> None:
    for _ in range(TIMES):
        campaign, approval = asked(segment, alice)
        at_once(
            partial(approving.approve, approval, by=checkers[0], at=NOW),
            partial(approving.reject, approval, by=checkers[1], at=NOW, comment="No."),
        )
        assert now(campaign, approval) in [
            ("active", "approved", ["approved"]),
            ("draft", "rejected", ["rejected"]),
        ]


def test_approved_and_expired_at_once(
    at_once: AtOnce, segment: Segment, alice: Staff, checkers: list[Staff]
) -> None:
    end = later(days=7)
    for _ in range(TIMES):
        campaign, approval = asked(segment, alice)
        at_once(
            partial(approving.approve, approval, by=checkers[0], at=end - timedelta(microseconds=1)),
            partial(approving.expire, at=end),
        )
        assert now(campaign, approval) in [
            ("active", "approved", ["approved"]),
            ("draft", "expired", []),
        ]


def test_two_of_two_at_once_are_two(
    at_once: AtOnce, alice: Staff, checkers: list[Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where two must approve, both count, and it becomes active once."""
    monkeypatch.setattr(approving, "needed", lambda *_: 2)
    segment = account_segment(alice.organization)
    for _ in range(TIMES):
        campaign, approval = asked(segment, alice)
        first, second = (partial(approving.approve, approval, by=by, at=NOW) for by in checkers)
        assert [type(one) for one in at_once(first, second)] == [Approval, Approval]
        assert now(campaign, approval) == ("active", "approved", ["approved", "approved"])
