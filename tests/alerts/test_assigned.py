"""Campaigns on a segment that accounts carry: who is tagged is watched from then on, whose tag is taken off no more."""

from typing import Any

import pytest

from alerts.models import Campaign
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from segments.assigned.assigning import assign
from segments.models import Segment
from tests.alerts.bank import (
    account_with,
    activate,
    alerts_of,
    book,
    campaign_on,
    judge,
    kinds_of,
    later,
    states_of,
)
from tests.factories import NOW
from tests.segments.tags import a_tag, asked, done

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold(nordbank: Organization) -> Segment:
    return a_tag(nordbank, "Gold")


@pytest.fixture
def campaign(alice: Staff, gold: Segment) -> Campaign:
    campaign = campaign_on(gold)
    activate(campaign, by=alice)
    judge(alice.organization, at=NOW)
    return campaign


def put(account: Account, segment: Segment | None, **when: Any) -> None:
    assign(account.organization, Account.objects.filter(pk=account.pk), segment, at=later(**when))


def test_who_carries_it_is_watched_and_nobody_else(
    nordbank: Organization, gold: Segment, campaign: Campaign
) -> None:
    carries, other = account_with(nordbank, "150"), account_with(nordbank, "150")
    put(carries, gold, minutes=1)
    judge(nordbank, at=later(2))
    for account in (carries, other):
        book(account, "-90", at=later(3))
    judge(nordbank, at=later(4))
    assert (states_of(carries), states_of(other)) == (["firing"], [])
    assert alerts_of(carries)[0].campaign == campaign


def test_a_change_of_many_has_them_watched(
    nordbank: Organization, olga: Staff, gold: Segment, campaign: Campaign
) -> None:
    accounts = [account_with(nordbank, "150") for _ in range(3)]
    assert done(asked(olga, "carry", target=gold)) == (3, 0, 0)
    judge(nordbank, at=later(1))
    for account in accounts:
        book(account, "-90", at=later(2))
    assert judge(nordbank, at=later(3)).fired == 3


def test_whose_tag_is_taken_off_has_its_alert_ended_the_same_day(
    nordbank: Organization, gold: Segment, campaign: Campaign
) -> None:
    account = account_with(nordbank, "150")
    put(account, gold, minutes=1)
    judge(nordbank, at=later(2))
    book(account, "-90", at=later(3))
    judge(nordbank, at=later(4))
    put(account, None, minutes=10)
    judge(nordbank, at=later(11))
    (alert,) = alerts_of(account)
    assert (alert.state, kinds_of(alert)) == ("resolved", ["fired", "left"])
    book(account, "-10", at=later(12))
    judge(nordbank, at=later(13))
    assert states_of(account) == ["resolved"]
