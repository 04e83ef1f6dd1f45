"""Two people at one campaign: who comes second is told, and nothing of the first one's is undone."""

import pytest

from alerts.models import Campaign, WrongState
from console.organizations.kinds import Impossible
from console.organizations.models import Organization, Staff
from tests.alerts.bank import account_segment, account_with, activate, campaign_on
from tests.alerts.test_campaigns import rule, url
from tests.alerts.test_inbox import words_of
from tests.conftest import signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def stale(nordbank: Organization) -> Campaign:
    """A campaign as a page loaded it."""
    return campaign_on(account_segment(nordbank, account_with(nordbank, "150")), name="Low balance")


def same(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def kinds(campaign: Campaign) -> list[str]:
    return list(campaign.events.values_list("kind", flat=True))


def test_who_activates_second_is_told(stale: Campaign, alice: Staff) -> None:
    activate(same(stale), by=alice, at=NOW)
    Campaign.objects.update(swept_at=NOW)
    with pytest.raises(Impossible, match="is active"):
        activate(stale, by=alice, at=NOW)
    assert kinds(stale) == ["activated"]
    assert same(stale).swept_at == NOW


def test_what_has_ended_is_not_paused_or_activated_from_an_old_page(stale: Campaign, alice: Staff) -> None:
    draft = same(stale)
    activate(stale, by=alice, at=NOW)
    same(stale).end(by=alice, at=NOW)
    for act in (stale.pause, draft.resume, stale.end):
        with pytest.raises(WrongState):
            act(by=alice, at=NOW)
    assert same(stale).state == "ended"
    assert kinds(stale) == ["activated", "ended"]


def test_a_rule_changes_only_while_it_does_not_run(stale: Campaign, alice: Staff) -> None:
    activate(same(stale), by=alice, at=NOW)
    with pytest.raises(WrongState, match="Pause it to change its rule"):
        stale.revise(1, at=NOW)


def test_the_second_of_two_rules_is_kept_on_the_page_and_not_in_the_campaign(
    stale: Campaign, alice: Staff, nordbank: Organization
) -> None:
    client = signed_in(alice)
    assert 'name="based_on" value="1"' in client.get(url(stale, "edit")).content.decode()
    mine, theirs = (rule(nordbank, threshold=each, clear_at="", based_on="1") for each in ("120", "130"))
    assert client.post(url(stale, "edit"), theirs).status_code == 302
    answer = client.post(url(stale, "edit"), mine)
    assert answer.status_code == 422
    assert "Somebody saved version 2 meanwhile" in words_of(answer)
    assert 'value="120"' in answer.content.decode()
    assert same(stale).trigger.threshold == 130
    assert kinds(stale) == ["edited"]
