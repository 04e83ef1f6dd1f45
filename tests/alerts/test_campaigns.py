"""Campaigns on pages: written as a sentence, activated with the number that matters, paused, ended; their banners."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from alerts.models import Campaign, NotApproved
from console.organizations.models import Organization, Role, Staff
from tests.alerts.bank import (
    account_segment,
    account_with,
    activate,
    alerts_of,
    banner_on,
    book,
    campaign_on,
    judge,
    later,
)
from tests.alerts.test_inbox import words_of
from tests.approvals import another
from tests.conftest import signed_in
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(nordbank: Organization) -> Campaign:
    """A draft on two accounts, one of them below already."""
    accounts = [account_with(nordbank, "150"), account_with(nordbank, "80")]
    return campaign_on(account_segment(nordbank, *accounts, name="Watch these"), name="Low balance")


def url(campaign: Campaign, action: str = "detail") -> str:
    return campaign.organization.url(f"alerts:campaign_{action}", campaign.pk)


def rule(nordbank: Organization, **changes: Any) -> dict[str, Any]:
    segment = nordbank.segments.first() or account_segment(nordbank)
    return {
        "name": "Low balance, retail",
        "segment": str(segment.pk),
        "threshold": "1,000.00",
        "currency": "EUR",
        "clear_at": "1,100",
        "cooldown": "30",
        "on_activation": "wait",
        "priority": "50",
    } | changes


def test_an_empty_list_says_what_to_do(alice: Staff, vera: Staff) -> None:
    page = alice.organization.url("alerts:campaign_list")
    assert "Write the first one" in words_of(signed_in(alice).get(page))
    assert "A marketer or an admin" in words_of(signed_in(vera).get(page))


def test_write_a_rule_and_read_it_back(alice: Staff, nordbank: Organization) -> None:
    account_segment(nordbank, name="Retail")
    response = signed_in(alice).post(nordbank.url("alerts:campaign_create"), rule(nordbank), follow=True)
    campaign = nordbank.campaigns.get()
    assert (campaign.state, campaign.cooldown, campaign.version) == ("draft", timedelta(days=30), 1)
    assert (campaign.trigger.threshold, campaign.trigger.clear_at) == (Decimal(1000), Decimal(1100))
    words = words_of(response)
    for part in (
        "“Retail”",
        "falls below 1,000.00 EUR",
        "clears at 1,100.00 EUR",
        "may fire again after 30 days",
    ):
        assert part in words
    assert list(campaign.events.values_list("kind", "by")) == [("created", alice.pk)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"threshold": "lots"}, "Write an amount such as 1,000.00"),
        ({"threshold": ""}, "Write an amount such as 1,000.00"),
        ({"clear_at": "900"}, "Write at least 1,000.00"),
        ({"threshold": "1.000,00"}, "with a point before the cents"),
        ({"threshold": "1000,50"}, "with a point before the cents"),
        ({"threshold": "1.000"}, "with a point before the cents"),
        ({"segment": ""}, "Segment: Choose the segment."),
        ({"name": "Low balance"}, "Another campaign is called “Low balance”"),
        ({"priority": "101"}, "100"),
    ],
)
def test_a_fault_is_told_and_nothing_typed_is_lost(
    alice: Staff, nordbank: Organization, campaign: Campaign, changes: dict[str, str], words: str
) -> None:
    response = signed_in(alice).post(nordbank.url("alerts:campaign_create"), rule(nordbank, **changes))
    assert response.status_code == 422
    assert words in words_of(response)
    assert 'value="30" selected' in response.content.decode()
    assert nordbank.campaigns.count() == 1


def test_editing_makes_the_next_version(alice: Staff, nordbank: Organization, campaign: Campaign) -> None:
    page = signed_in(alice).get(url(campaign, "edit")).content.decode()
    assert 'value="100.00"' in page
    signed_in(alice).post(
        url(campaign, "edit"), rule(nordbank, threshold="120", clear_at="", name="Low balance")
    )
    campaign = nordbank.campaigns.select_related("trigger").get()
    assert (campaign.version, campaign.trigger.threshold, campaign.trigger.clear_at) == (2, 120, 120)
    assert campaign.events.get().note == "version 2: below 120.00, clears at 120.00 EUR"


def test_activation_says_how_many_are_below_asks_and_watches_once_approved(
    alice: Staff, nordbank: Organization, campaign: Campaign
) -> None:
    client = signed_in(alice)
    words = words_of(client.get(url(campaign, "activate")))
    assert "1 account is below already and is left alone" in words
    response = client.post(url(campaign, "activate"), {"comment": "For the autumn."}, follow=True)
    assert "begins to watch once somebody else approves it" in words_of(response)
    assert "It waits for approval" in words_of(response)
    campaign.refresh_from_db()
    assert campaign.state == "draft"
    approval = nordbank.approvals.get()
    assert (approval.maker, approval.comment, approval.audience) == (alice, "For the autumn.", 2)
    page = signed_in(another(alice)).post(
        nordbank.url("approval_decide", approval.pk), {"verdict": "approved"}, follow=True
    )
    assert "Approved: it is active now." in words_of(page)
    assert "It meets its accounts within a minute" in words_of(client.get(url(campaign)))
    judge(nordbank, at=later(1))
    campaign.refresh_from_db()
    assert (campaign.state, campaign.swept_at) == ("active", later(1))
    assert not nordbank.alerts.exists()


def test_what_did_not_change_is_resumed_without_asking_and_what_did_is_not(
    alice: Staff, nordbank: Organization, campaign: Campaign
) -> None:
    activate(campaign, by=alice, at=NOW)
    campaign.pause(by=alice, at=NOW)
    client = signed_in(alice)
    assert "Nothing changed since it was approved" in words_of(client.get(url(campaign, "activate")))
    assert "is watching" in words_of(client.post(url(campaign, "activate"), follow=True))
    campaign.pause(by=alice, at=NOW)
    client.post(url(campaign, "edit"), rule(nordbank, threshold="5", clear_at="", name="Low balance"))
    with pytest.raises(NotApproved):
        nordbank.campaigns.get().resume(by=alice, at=NOW)
    assert "Ask for approval" in words_of(client.get(url(campaign, "activate")))


def test_an_active_campaign_is_paused_before_its_rule_changes(
    alice: Staff, nordbank: Organization, campaign: Campaign
) -> None:
    activate(campaign, by=alice, at=NOW)
    client = signed_in(alice)
    assert "Pause it to change its rule" in words_of(client.get(url(campaign, "edit"), follow=True))
    client.post(url(campaign, "edit"), rule(nordbank, threshold="5"))
    assert nordbank.campaigns.select_related("trigger").get().trigger.threshold == 100
    assert "is paused" in words_of(client.post(url(campaign, "pause"), follow=True))
    assert "only an active campaign can be paused" in words_of(
        client.post(url(campaign, "pause"), follow=True)
    )
    assert "Resume “Low balance”" in words_of(client.get(url(campaign, "activate")))


def test_ending_asks_first_and_resolves(alice: Staff, nordbank: Organization, campaign: Campaign) -> None:
    member = campaign.segment.account_memberships.first()
    assert member
    account = member.account
    activate(campaign, by=alice, at=NOW)
    judge(nordbank, at=NOW)
    book(account, "-90", at=later(1))
    judge(nordbank, at=later(2))
    client = signed_in(alice)
    assert "open alert" in words_of(client.get(url(campaign, "end")))
    assert "has ended" in words_of(client.post(url(campaign, "end"), follow=True))
    assert {alert.state for alert in alerts_of(account)} <= {"resolved"}
    assert "has ended already" in words_of(client.post(url(campaign, "end"), follow=True))
    assert "“Low balance” is ended." in words_of(client.post(url(campaign, "activate"), follow=True))


def test_same_queries_for_one_and_three(
    alice: Staff, nordbank: Organization, django_assert_max_num_queries: Any
) -> None:
    segment = account_segment(nordbank)

    def queries() -> int:
        with django_assert_max_num_queries(40) as seen:
            signed_in(alice).get(nordbank.url("alerts:campaign_list"))
        return len(seen)

    campaign_on(segment)
    one = queries()
    campaign_on(segment)
    campaign_on(segment)
    assert queries() == one


def test_the_list_alone_when_asked_for(alice: Staff, nordbank: Organization, campaign: Campaign) -> None:
    address = f"{nordbank.url('alerts:campaign_list')}?q=low&state=draft"
    rows = signed_in(alice).get(address, headers={"HX-Request": "true", "HX-Target": "campaign-rows"})
    assert "<html" not in rows.content.decode()
    assert "Low balance" in words_of(rows)
    assert "Nothing matches" in words_of(signed_in(alice).get(f"{address}&q=nothing"))


def test_who_may_what(
    alice: Staff, bob: Staff, charlie: Staff, nordbank: Organization, campaign: Campaign
) -> None:
    banner = banner_on(campaign, alice)
    approver = StaffFactory(organization=nordbank, role=Role.APPROVER)
    foreign = charlie.organization
    gets = ["edit", "activate", "end"]
    for action in gets:
        assert signed_in(bob).get(url(campaign, action)).status_code == 403
        assert signed_in(charlie).get(url(campaign, action)).status_code == 404
        assert (
            signed_in(charlie).get(foreign.url(f"alerts:campaign_{action}", campaign.pk)).status_code == 404
        )
        assert signed_in(alice).delete(url(campaign, action)).status_code == 405
    assert signed_in(bob).get(url(campaign)).status_code == 200
    assert signed_in(charlie).get(url(campaign)).status_code == 404
    assert signed_in(alice).post(url(campaign)).status_code == 405
    assert signed_in(bob).get(nordbank.url("alerts:campaign_create")).status_code == 403
    assert signed_in(alice).get(url(campaign, "pause")).status_code == 405
    for name in ("ask", "withdraw"):
        address = nordbank.url(f"alerts:banner_{name}", banner.pk)
        assert signed_in(bob).post(address).status_code == 403
        assert signed_in(approver).post(address).status_code == 403
        assert signed_in(charlie).post(foreign.url(f"alerts:banner_{name}", banner.pk)).status_code == 404
    assert signed_in(charlie).get(foreign.url("alerts:banner_edit", banner.pk)).status_code == 404
    assert signed_in(charlie).get(foreign.url("alerts:banner_create", campaign.pk)).status_code == 404


def test_a_foreign_segment_is_no_choice(alice: Staff, charlie: Staff, nordbank: Organization) -> None:
    account_segment(nordbank)
    foreign = account_segment(charlie.organization)
    response = signed_in(alice).post(
        nordbank.url("alerts:campaign_create"), rule(nordbank, segment=str(foreign.pk))
    )
    assert response.status_code == 422
    assert not nordbank.campaigns.exists()
