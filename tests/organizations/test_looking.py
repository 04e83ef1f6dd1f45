"""What a checker looks at before deciding: rules in words, the parts, who it reaches now, what customers see."""

from typing import Any

import pytest
from django.utils import timezone

from console.organizations import approving
from console.organizations.models import Approval, Organization, Role, Staff
from segments.models import CustomerMembership
from tests.alerts.bank import account_segment, account_with, banner_on, campaign_on
from tests.alerts.test_inbox import words_of
from tests.communications.factories import communication, segment_with
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, StaffFactory
from tests.segments.test_refresh import CZECHS, GERMANS

pytestmark = pytest.mark.django_db


@pytest.fixture
def erika(nordbank: Organization) -> Staff:
    """Approver at Nordbank: sees names masked."""
    return StaffFactory(organization=nordbank, user__name="Erika Approver", role=Role.APPROVER)


def seen(approval: Approval, by: Staff) -> str:
    return words_of(signed_in(by).get(approval.get_absolute_url()))


def asked(kind: str, subject: Any, by: Staff, **given: Any) -> Approval:
    return approving.ask(kind, subject, by=by, at=timezone.now(), given=given)


def test_a_send_shows_rules_parts_numbers_and_the_letter(
    nordbank: Organization, alice: Staff, erika: Staff
) -> None:
    jana = CustomerFactory(organization=nordbank, name="Jana Nováková", country="CZ")
    segment = segment_with(nordbank, jana, name="Czechs", definition=CZECHS)
    sent = communication(nordbank, segment)
    approval = asked("send", sent.pk, alice)
    text = seen(approval, erika)
    for words in (
        "Customers where country is CZ.",
        "Segment “Czechs”",
        "Template “",
        "In the segment 1 never counted",
        "As 1 of them get it",
        "Dear J••• N•••",
    ):
        assert words in text, words
    other = CustomerFactory(organization=nordbank, country="CZ")
    CustomerMembership.objects.create(organization=nordbank, segment=segment, customer=other, entered_at=NOW)
    text = seen(approval, erika)
    assert "Approving it now would void it" in text
    assert "In the segment 2" in text
    approval.refresh_from_db()
    assert approval.state == "waiting"


def test_a_campaign_shows_its_rule_and_how_many_it_meets(
    nordbank: Organization, alice: Staff, erika: Staff
) -> None:
    accounts = [account_with(nordbank, "150"), account_with(nordbank, "80")]
    segment = account_segment(nordbank, *accounts, name="Watch these")
    campaign = campaign_on(segment)
    text = seen(asked("campaign", campaign.pk, alice), erika)
    for words in (
        "When the ledger balance of one of the accounts in “Watch these”",
        "Accounts watched 2 members put in by hand",
        "Below already 1 wait until they cross again",
        "Accounts are put in by hand.",
    ):
        assert words in text, words
    banner = banner_on(campaign, alice)
    banner.title = "Other words"
    banner.prepare(by=alice, at=NOW)
    text = seen(asked("banner", banner.pk, alice), erika)
    assert "What the customer sees" in text
    assert "Cover the gap Other words changed" in text


def test_a_role_shows_what_it_means(vera: Staff, alice: Staff, erika: Staff) -> None:
    text = seen(asked("role", vera.user_id, alice, role=Role.OPERATOR), erika)
    assert "May then" in text
    assert "Import files of what they may edit, and mend what was refused" in text
    assert "May no more" not in text


def test_an_export_shows_its_segment(nordbank: Organization, olga: Staff, erika: Staff) -> None:
    five = CustomerFactory.create_batch(5, organization=nordbank)
    segment = segment_with(nordbank, *five, definition=GERMANS)
    query = f"segment={segment.pk}&sort=name&columns=email"
    approval = asked("export", segment.pk, olga, query=query, purpose="Letters")
    text = seen(approval, erika)
    for words in ("Segment that it filters by", "Customers in it now 5", "Customers where country is DE."):
        assert words in text, words


def test_what_is_decided_shows_no_figures_of_now(nordbank: Organization, alice: Staff, erika: Staff) -> None:
    approval = asked("campaign", campaign_on(account_segment(nordbank)).pk, alice)
    approving.approve(approval, by=erika, at=timezone.now())
    assert "Who it reaches now" not in seen(approval, erika)
