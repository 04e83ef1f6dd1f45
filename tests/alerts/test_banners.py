"""Banners on pages: prepared with a preview, asked for, approved by another, withdrawn; plain words, safe links."""

import pytest
from django.utils import timezone

from alerts.models import Banner, Campaign
from console.organizations import approving
from console.organizations.models import Organization, Staff
from tests.alerts.bank import account_segment, account_with, banner_on, campaign_on
from tests.alerts.test_campaigns import url
from tests.alerts.test_inbox import words_of
from tests.approvals import another
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Cover the gap",
    "text": "Your balance has been low lately.",
    "button_label": "See how",
    "link": "https://nordbank.example/cover",
    "placement": "home",
}


@pytest.fixture
def campaign(nordbank: Organization) -> Campaign:
    """A draft on an account that is below already."""
    return campaign_on(account_segment(nordbank, account_with(nordbank, "80")), name="Low balance")


def test_a_banner_is_prepared_previewed_approved_and_withdrawn(
    alice: Staff, nordbank: Organization, campaign: Campaign
) -> None:
    client, address = signed_in(alice), nordbank.url("alerts:banner_create", campaign.pk)
    preview = client.post(address, WORDS, headers={"HX-Request": "true", "HX-Target": "banner-preview"})
    assert "<html" not in preview.content.decode()
    assert "Cover the gap" in words_of(preview)
    assert not Banner.objects.exists()
    client.post(address, WORDS)
    banner = Banner.objects.get()
    assert (banner.prepared_by, banner.is_shown) == (alice, False)
    ask = nordbank.url("alerts:banner_ask", banner.pk)
    assert "Customers see it once somebody else approves it" in words_of(client.post(ask, follow=True))
    approval = approving.approve(nordbank.approvals.get(), by=another(alice), at=timezone.now())
    banner.refresh_from_db()
    assert (banner.approval, banner.is_shown) == (approval, True)
    client.post(nordbank.url("alerts:banner_withdraw", banner.pk))
    banner.refresh_from_db()
    assert not banner.is_shown
    assert "Withdrawn" in words_of(client.get(url(campaign)))
    assert "is shown again" in words_of(client.post(ask, follow=True))
    kinds = ["banner_prepared", "banner_approved", "banner_withdrawn", "banner_shown_again"]
    assert list(campaign.events.values_list("kind", flat=True)) == kinds


def test_other_words_end_the_approval(alice: Staff, nordbank: Organization, campaign: Campaign) -> None:
    banner = banner_on(campaign, alice)
    address = nordbank.url("alerts:banner_edit", banner.pk)
    assert "Customers see this banner now" in words_of(signed_in(alice).get(address))
    signed_in(alice).post(address, WORDS | {"title": "Other words"})
    banner.refresh_from_db()
    assert (banner.title, banner.is_shown) == ("Other words", False)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "//evil.example",
        "http://plain.example",
        "/\\evil",
        "data:text/html,x",
        "https:// x",
    ],
)
def test_a_link_leads_to_https_or_a_path_only(
    alice: Staff, nordbank: Organization, campaign: Campaign, link: str
) -> None:
    address = nordbank.url("alerts:banner_create", campaign.pk)
    response = signed_in(alice).post(address, WORDS | {"link": link})
    assert response.status_code == 422
    assert "begins with https://" in words_of(response)


def test_a_banner_is_words_never_html(alice: Staff, nordbank: Organization, campaign: Campaign) -> None:
    banner_on(campaign, alice, title="<b>Now</b>")
    page = signed_in(alice).get(url(campaign)).content.decode()
    assert "<b>Now</b>" not in page
    assert "&lt;b&gt;Now&lt;/b&gt;" in page
