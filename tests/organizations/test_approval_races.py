"""Two people at one request at the same moment, 200 times each: one outcome, and only what was approved is active."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from alerts.models import Campaign, Trigger, WrongState
from communications.models import Endpoint
from console.organizations import approving
from console.organizations.approving import MayNotDecide, NotWaiting
from console.organizations.models import Approval, Decision, Role, Staff
from tests.alerts.bank import account_segment, campaign_on, later
from tests.factories import NOW, StaffFactory
from tests.races import TIMES, AtOnce, racing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once() -> Iterator[AtOnce]:
    with racing(approving.Refusal, WrongState) as at_once:
        yield at_once


@pytest.fixture
def checkers(alice: Staff) -> list[Staff]:
    """Two approvers."""
    return StaffFactory.create_batch(2, organization=alice.organization, role=Role.APPROVER)


def requests(by: Staff) -> Iterator[tuple[Endpoint, Approval]]:
    """As many as there are races: each to send webhooks to an address of its own, which of all things takes least."""
    for number in range(TIMES):
        endpoint = Endpoint.objects.create(
            organization=by.organization, name=f"Core {number}", url="https://core.bank.example"
        )
        yield endpoint, approving.ask("endpoint", endpoint.pk, by=by, at=NOW)


def now(endpoint: Endpoint, approval: Approval) -> tuple[bool, str, list[str]]:
    """Whether it is enabled, the request's state and what was decided; what is enabled is what was approved."""
    approval.refresh_from_db()
    endpoint.refresh_from_db()
    assert endpoint.transitions.filter(state="enabled").count() == endpoint.is_enabled
    assert not endpoint.is_enabled or approving.covers(endpoint.approval, endpoint, at=NOW)
    return endpoint.is_enabled, approval.state, list(approval.decisions.values_list("verdict", flat=True))


def test_two_approvers_at_once(at_once: AtOnce, alice: Staff, checkers: list[Staff]) -> None:
    for endpoint, approval in requests(alice):
        first, second = (partial(approving.approve, approval, by=by, at=NOW) for by in checkers)
        assert {type(one) for one in at_once(first, second)} == {Approval, NotWaiting}
        assert now(endpoint, approval) == (True, "approved", ["approved"])


def test_approved_and_rejected_at_once(at_once: AtOnce, alice: Staff, checkers: list[Staff]) -> None:
    for endpoint, approval in requests(alice):
        at_once(
            partial(approving.approve, approval, by=checkers[0], at=NOW),
            partial(approving.reject, approval, by=checkers[1], at=NOW, comment="No."),
        )
        assert now(endpoint, approval) in [
            (True, "approved", ["approved"]),
            (False, "rejected", ["rejected"]),
        ]


def test_approved_and_expired_at_once(at_once: AtOnce, alice: Staff, checkers: list[Staff]) -> None:
    end = later(days=7)
    for endpoint, approval in requests(alice):
        at_once(
            partial(approving.approve, approval, by=checkers[0], at=end - timedelta(microseconds=1)),
            partial(approving.expire, at=end),
        )
        assert now(endpoint, approval) in [(True, "approved", ["approved"]), (False, "expired", [])]


def test_two_of_two_at_once_are_two(
    at_once: AtOnce, alice: Staff, checkers: list[Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where two must approve, both count, and it becomes active once."""
    monkeypatch.setattr(approving, "needed", lambda *_: 2)
    for endpoint, approval in requests(alice):
        first, second = (partial(approving.approve, approval, by=by, at=NOW) for by in checkers)
        assert [type(one) for one in at_once(first, second)] == [Approval, Approval]
        assert now(endpoint, approval) == (True, "approved", ["approved", "approved"])


def test_who_is_let_go_while_deciding_decided_before_or_not_at_all(
    at_once: AtOnce, alice: Staff, checkers: list[Staff]
) -> None:
    checker = checkers[0]

    def let_go() -> int:
        """What the checker had decided when their access ended."""
        with transaction.atomic():
            Staff.objects.get(pk=checker.pk).end(by=alice, at=NOW)
            return Decision.objects.filter(checker=checker).count()

    for endpoint, approval in requests(alice):
        done, decided = at_once(partial(approving.approve, approval, by=checker, at=NOW), let_go)
        assert checker.decisions.count() == decided
        if isinstance(done, MayNotDecide):
            assert now(endpoint, approval) == (False, "waiting", [])
        else:
            assert now(endpoint, approval) == (True, "approved", ["approved"])
        Staff.objects.filter(pk=checker.pk).update(ended_at=None)


def test_approved_and_edited_at_once(at_once: AtOnce, alice: Staff, checkers: list[Staff]) -> None:
    """A campaign, which is pages of rules: approved as it was, or not at all."""
    segment = account_segment(alice.organization)
    for _ in range(TIMES):
        campaign = campaign_on(segment)
        approval = approving.ask("campaign", campaign.pk, by=alice, at=NOW)

        def edit(campaign: Campaign = campaign) -> None:
            with transaction.atomic():
                campaign.revise(1, at=NOW)
                campaign.save()
                Trigger.objects.filter(campaign=campaign).update(threshold=1, clear_at=1)

        at_once(partial(approving.approve, approval, by=checkers[0], at=NOW), edit)
        approval.refresh_from_db()
        found = Campaign.objects.select_related("segment__version", "trigger", "approval").get(pk=campaign.pk)
        assert found.events.filter(kind="activated").count() == (found.state == "active")
        assert (found.state, approval.state, found.trigger.threshold) in [
            ("active", "approved", 100),
            ("draft", "void", 1),
        ]
        assert found.state == "draft" or approving.covers(approval, found, at=NOW)
