"""Four eyes: who asks, who decides, what becomes active, and what the database refuses whoever asks it to."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from alerts.models import Campaign
from console.organizations import approving
from console.organizations.approving import DecidedBefore, MayNotDecide, NotWaiting, OwnRequest
from console.organizations.models import Approval, Decision, Organization, Role, Staff
from tests.alerts.bank import account_segment, account_with, activate, banner_on, campaign_on, later
from tests.approvals import approved
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def erika(nordbank: Organization) -> Staff:
    """Approver at Nordbank."""
    return StaffFactory(organization=nordbank, user__name="Erika Approver", role=Role.APPROVER)


@pytest.fixture
def campaign(nordbank: Organization) -> Campaign:
    """A draft on two accounts."""
    accounts = [account_with(nordbank, "150"), account_with(nordbank, "80")]
    return campaign_on(account_segment(nordbank, *accounts, name="Watch these"), name="Low balance")


@pytest.fixture
def asked(campaign: Campaign, alice: Staff) -> Approval:
    """Alice asked to activate it."""
    return approving.ask("campaign", campaign.pk, by=alice, at=NOW, comment="For the autumn.")


def state(campaign: Campaign) -> str:
    return Campaign.objects.values_list("state", flat=True).get(pk=campaign.pk)


def test_what_another_approves_becomes_active(asked: Approval, campaign: Campaign, erika: Staff) -> None:
    done = approving.approve(asked, by=erika, at=later(5), comment="Fine.")
    campaign.refresh_from_db()
    assert (done.state, campaign.state, campaign.approval) == ("approved", "active", done)
    decision = done.decisions.get()
    assert (decision.checker, decision.maker, decision.comment) == (erika, asked.maker, "Fine.")
    assert ("Fires when", "ledger balance falls below 100.00 EUR") in map(tuple, done.after)
    assert (done.before, done.audience) == ([], 2)


def test_nobody_approves_their_own(asked: Approval, campaign: Campaign, alice: Staff) -> None:
    with pytest.raises(OwnRequest):
        approving.approve(asked, by=alice, at=NOW)
    with pytest.raises(OwnRequest):
        approving.reject(asked, by=alice, at=NOW, comment="No.")
    assert state(campaign) == "draft"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.MARKETER, Role.OPERATOR])
def test_other_roles_do_not_decide(asked: Approval, nordbank: Organization, role: str) -> None:
    with pytest.raises(MayNotDecide):
        approving.approve(asked, by=StaffFactory(organization=nordbank, role=role), at=NOW)


def test_nobody_of_another_bank_decides(asked: Approval, charlie: Staff) -> None:
    with pytest.raises(Approval.DoesNotExist):
        approving.approve(asked, by=charlie, at=NOW)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": Role.MARKETER}, "Your role is Marketer"),
        ({"ended_at": NOW}, "Your access has ended"),
        ({"is_active": False}, "Your access has ended"),
    ],
)
def test_who_may_no_more_does_not_decide_whatever_their_page_remembers(
    asked: Approval, erika: Staff, change: dict[str, Any], words: str
) -> None:
    row: Any = erika.user if "is_active" in change else erika
    type(row)._default_manager.filter(pk=row.pk).update(**change)
    with pytest.raises(MayNotDecide, match=words):
        approving.approve(asked, by=erika, at=NOW)
    assert not asked.decisions.exists()


def test_who_says_no_ends_it(asked: Approval, campaign: Campaign, erika: Staff) -> None:
    assert approving.reject(asked, by=erika, at=NOW, comment="Too low.").state == "rejected"
    with pytest.raises(NotWaiting, match="rejected already"):
        approving.approve(asked, by=erika, at=NOW)
    assert state(campaign) == "draft"


def test_a_change_of_the_thing_voids_it_at_once(asked: Approval, campaign: Campaign, erika: Staff) -> None:
    campaign.revise(campaign.version, at=NOW)
    campaign.save()
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("void", "The rule was changed: version 2.")
    with pytest.raises(NotWaiting, match="void already"):
        approving.approve(asked, by=erika, at=NOW)
    assert state(campaign) == "draft"


def test_a_change_by_the_back_door_is_seen_when_it_is_approved(
    asked: Approval, campaign: Campaign, erika: Staff
) -> None:
    campaign.trigger.threshold, campaign.trigger.clear_at = 5000, 5000
    campaign.trigger.save()
    done = approving.approve(asked, by=erika, at=NOW)
    assert (done.state, state(campaign)) == ("void", "draft")
    assert not done.decisions.exists()


def test_it_expires_after_seven_days_whether_the_clock_came_by_or_not(
    asked: Approval, campaign: Campaign, erika: Staff
) -> None:
    assert asked.expires_at - asked.requested_at == timedelta(days=7)
    assert approving.expire(at=later(days=7) - timedelta(seconds=1)) == 0
    assert approving.approve(asked, by=erika, at=later(days=7)).state == "expired"
    again = approving.ask("campaign", campaign.pk, by=asked.maker, at=later(days=7))
    assert approving.expire(at=later(days=14)) == 1
    again.refresh_from_db()
    assert (again.state, state(campaign)) == ("expired", "draft")


def test_above_the_audience_that_the_bank_sets_two_approve(
    nordbank: Organization, campaign: Campaign, alice: Staff, erika: Staff
) -> None:
    nordbank.second_approver_above = 1
    nordbank.save()
    alice.refresh_from_db()
    asked = approving.ask("campaign", campaign.pk, by=alice, at=NOW)
    assert asked.needed == 2
    assert approving.approve(asked, by=erika, at=NOW).state == "waiting"
    with pytest.raises(DecidedBefore):
        approving.approve(asked, by=erika, at=NOW)
    assert state(campaign) == "draft"
    second = StaffFactory(organization=nordbank, role=Role.ADMIN)
    assert approving.approve(asked, by=second, at=NOW).state == "approved"
    assert state(campaign) == "active"


def test_what_grew_over_that_size_meanwhile_is_asked_for_again(
    asked: Approval, nordbank: Organization, erika: Staff
) -> None:
    Organization.objects.update(second_approver_above=1)
    done = approving.approve(Approval.objects.get(pk=asked.pk), by=erika, at=NOW)
    assert (done.state, done.reason) == ("void", "It reaches 2 by now, so two must approve.")


def test_asking_twice_is_one_request_and_for_something_else_another(
    asked: Approval, campaign: Campaign, alice: Staff
) -> None:
    assert approving.ask("campaign", campaign.pk, by=alice, at=later(1)) == asked
    campaign.trigger.clear_at = 120
    campaign.trigger.save()
    other = approving.ask("campaign", campaign.pk, by=alice, at=later(2))
    asked.refresh_from_db()
    assert (other.state, asked.state, asked.reason) == ("waiting", "void", "Something else was asked for.")


def test_beside_it_stands_what_was_approved_last(campaign: Campaign, alice: Staff) -> None:
    activate(campaign, by=alice)
    campaign.pause(by=alice, at=NOW)
    campaign.trigger.threshold = 90
    campaign.trigger.save()
    asked = approving.ask("campaign", campaign.pk, by=alice, at=later(1))
    assert dict(asked.before)["Fires when"] == "ledger balance falls below 100.00 EUR"
    assert dict(asked.after)["Fires when"] == "ledger balance falls below 90.00 EUR"


def test_the_maker_takes_it_back_and_nobody_else_does(
    asked: Approval, campaign: Campaign, alice: Staff, erika: Staff
) -> None:
    with pytest.raises(OwnRequest):
        approving.take_back(asked, by=erika, at=NOW)
    assert approving.take_back(asked, by=alice, at=NOW).reason == "Taken back."
    with pytest.raises(NotWaiting):
        approving.approve(asked, by=erika, at=NOW)


def refused(*changes: Any) -> list[bool]:
    """Whether the database refuses each of these."""
    outcomes = []
    for change in changes:
        try:
            with transaction.atomic():
                change()
                connection.check_constraints()
        except DatabaseError:
            outcomes.append(True)
        else:
            outcomes.append(False)
    return outcomes


def test_the_database_keeps_maker_and_checker_apart(
    asked: Approval, alice: Staff, erika: Staff, charlie: Staff
) -> None:
    def decide(**fields: Any) -> Any:
        row = {
            "organization": asked.organization,
            "approval": asked,
            "maker": alice,
            "checker": erika,
            "at": NOW,
        }
        return lambda: Decision.objects.create(**{**row, "verdict": "approved", **fields})

    assert (
        refused(
            decide(checker=alice),
            decide(maker=erika, checker=alice),  # the maker is not the approval's
            decide(checker=charlie),  # of another bank
            decide(verdict="perhaps"),
        )
        == [True] * 4
    )
    decide()()
    assert (
        refused(
            decide(),
            lambda: Decision.objects.update(checker=alice),
            lambda: Decision.objects.update(comment="Other words."),
            lambda: Decision.objects.all().delete(),
        )
        == [True] * 4
    )


def test_the_database_approves_nothing_by_itself(asked: Approval, erika: Staff, alice: Staff) -> None:
    rows = Approval.objects.filter(pk=asked.pk)
    closed = {"closed_at": NOW}
    assert (
        refused(
            lambda: rows.update(state="approved", **closed),
            lambda: rows.update(fingerprint="0" * 64),
            lambda: rows.update(maker=erika),
            lambda: rows.update(needed=2),
            lambda: rows.delete(),
            lambda: Approval.objects.bulk_create([Approval(**_copy(asked, state="approved", closed_at=NOW))]),
            lambda: Approval.objects.bulk_create([Approval(**_copy(asked))]),  # a second one that waits
        )
        == [True] * 7
    )
    approving.reject(asked, by=erika, at=NOW, comment="No.")
    assert (
        refused(
            lambda: rows.update(state="waiting", closed_at=None),
            lambda: rows.update(state="approved"),
            lambda: Decision.objects.create(
                organization=asked.organization,
                approval=asked,
                maker=alice,
                verdict="approved",
                at=NOW,
                checker=StaffFactory(organization=asked.organization),
            ),
        )
        == [True] * 3
    )


def _copy(approval: Approval, **changes: Any) -> dict[str, Any]:
    fields = {field.attname: getattr(approval, field.attname) for field in Approval._meta.fields}
    return {**{name: value for name, value in fields.items() if name != "id"}, **changes}


def test_nothing_is_active_without_its_own_approval(
    campaign: Campaign, asked: Approval, alice: Staff, erika: Staff
) -> None:
    """Neither a shell nor the admin gets by: the rows themselves say no."""
    rows = Campaign.objects.filter(pk=campaign.pk)
    other = campaign_on(campaign.segment)
    theirs = approved("campaign", other.pk, by=alice)
    banner = banner_on(campaign, alice)
    assert (
        refused(
            lambda: rows.update(state="active"),
            lambda: rows.update(state="active", approval=asked),  # not given yet
            lambda: rows.update(state="active", approval=theirs),  # of another campaign
            lambda: rows.update(state="active", approval=banner.approval),  # of another kind
            lambda: type(banner).objects.update(approval=asked),
        )
        == [True] * 5
    )
    approving.approve(asked, by=erika, at=NOW)
    assert (
        refused(
            lambda: rows.update(approval=None),
            lambda: rows.update(priority=51),
            lambda: type(campaign.trigger).objects.filter(campaign=campaign).update(threshold=5),
            lambda: type(banner).objects.update(title="Other words"),
        )
        == [True] * 4
    )
    assert state(campaign) == "active"
