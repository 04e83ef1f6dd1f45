"""What time, membership and people change without any posting: days, entries, pauses, snoozes."""

import pytest

from alerts.models import Campaign
from console.organizations.models import Organization, Staff
from segments.models import AccountMembership
from tests.alerts.bank import (
    account_with,
    activate,
    alerts_of,
    book,
    judge,
    kinds_of,
    later,
    states_of,
    tag,
    watching,
)

pytestmark = pytest.mark.django_db


def test_an_account_that_enters_the_segment_below_is_met_as_on_activation(
    alice: Staff, nordbank: Organization
) -> None:
    account, newcomer = account_with(nordbank, "150"), account_with(nordbank, "80")
    campaign = watching(alice, account)
    tag(campaign.segment, newcomer, at=later(5))
    judge(nordbank, at=later(6))
    assert states_of(newcomer) == []
    assert campaign.account_states.get(account=newcomer).state == "waiting"


def test_a_fall_before_the_entry_does_not_count(alice: Staff, nordbank: Organization) -> None:
    account, newcomer = account_with(nordbank, "150"), account_with(nordbank, "150")
    campaign = watching(alice, account)
    book(newcomer, "-90", at=later(1))
    tag(campaign.segment, newcomer, at=later(5))
    judge(nordbank, at=later(6))
    assert states_of(newcomer) == []


def test_leaving_the_segment_ends_the_alert(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    AccountMembership.objects.filter(account=account).delete()
    judge(nordbank, at=later(days=1))
    (alert,) = alerts_of(account)
    assert (alert.state, kinds_of(alert)) == ("resolved", ["fired", "left"])


def test_an_item_of_a_day_to_come_counts_when_its_day_begins(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-90", at=later(1), on=later(days=3).date())
    judge(nordbank, at=later(2))
    judge(nordbank, at=later(days=2))
    assert states_of(account) == []
    judge(nordbank, at=later(days=3))
    (alert,) = alerts_of(account)
    assert (alert.state, alert.value, alert.evidence["how"]) == ("firing", 60, "day")
    assert [item["amount"] for item in alert.evidence["transactions"]] == ["-90"]


def test_with_an_item_to_come_todays_items_are_judged_by_todays_balance(
    alice: Staff, nordbank: Organization
) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "500", at=later(1), on=later(days=3).date())
    book(account, "-90", at=later(2))
    judge(nordbank, at=later(3))
    (alert,) = alerts_of(account)
    assert (alert.value, alert.evidence["previous"]) == (60, "150")


def test_a_paused_campaign_watches_nothing_and_meets_its_members_anew(
    alice: Staff, nordbank: Organization
) -> None:
    falls, rises = account_with(nordbank, "150"), account_with(nordbank, "150")
    campaign = watching(alice, falls, rises)
    book(rises, "-90", at=later(1))
    judge(nordbank, at=later(1))
    campaign.pause(by=alice, at=later(2))
    book(falls, "-90", at=later(3))
    book(rises, "90", at=later(3))
    judge(nordbank, at=later(4))
    assert (states_of(falls), states_of(rises)) == ([], ["firing"])
    activate(campaign, by=alice, at=later(5))
    judge(nordbank, at=later(6))
    assert (states_of(falls), states_of(rises)) == ([], ["resolved"])
    assert list(campaign.events.values_list("kind", flat=True)) == ["activated", "paused", "resumed"]


def test_snoozed_wakes_or_resolves_by_itself(alice: Staff, nordbank: Organization) -> None:
    sleeper, healed = account_with(nordbank, "150"), account_with(nordbank, "150")
    watching(alice, sleeper, healed)
    for account in (sleeper, healed):
        book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    for account in (sleeper, healed):
        alerts_of(account)[0].snooze(later(days=1), by=alice, at=later(2))
    book(healed, "90", at=later(3))
    judge(nordbank, at=later(4))
    assert (states_of(sleeper), states_of(healed)) == (["snoozed"], ["resolved"])
    judge(nordbank, at=later(days=1))
    assert states_of(sleeper) == ["firing"]
    assert kinds_of(alerts_of(sleeper)[0]) == ["fired", "snoozed", "woke"]


def test_ending_a_campaign_resolves_what_is_open(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    campaign = watching(alice, account)
    book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    campaign.end(by=alice, at=later(2))
    (alert,) = alerts_of(account)
    assert (alert.state, kinds_of(alert)) == ("resolved", ["fired", "campaign_ended"])


def test_evaluating_again_changes_nothing(alice: Staff, nordbank: Organization) -> None:
    accounts = [account_with(nordbank, balance) for balance in ("150", "80", "150")]
    campaign = watching(alice, *accounts, clear_at="110")
    book(accounts[0], "-90", at=later(1))
    judge(nordbank, at=later(2))

    def everything() -> list[object]:
        states = campaign.account_states.order_by("account").values("account", "state", "value", "episode")
        return [*states, *campaign.alerts.order_by("id").values(), *alerts_of(accounts[0])[0].events.values()]

    before = everything()
    judge(nordbank, at=later(3))
    Campaign.objects.update(swept_on=None)  # a second look at every member finds what is known
    judge(nordbank, at=later(4))
    assert everything() == before
    assert states_of(accounts[0]) == ["firing"]
