"""What is sensitive asks for a proof anew, and loses no form over it."""

import pytest
from django.test import Client
from django.urls import reverse

from alerts.models import Campaign
from console.organizations import access
from console.organizations.access import FRESH, POLICY
from console.organizations.models import Staff
from tests.alerts.bank import account_segment, campaign_on
from tests.conftest import signed_in, stale
from tests.factories import PASSWORD
from tests.signin.factors import with_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(alice: Staff, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page that does something sensitive."""
    monkeypatch.setattr(access, "FRESH", frozenset({"campaigns.edit"}))
    campaign = campaign_on(account_segment(alice.organization), "100")
    return alice.organization.url("alerts:campaign_activate", campaign.pk)


def proves(client: Client, door: str) -> str:
    """Write the password once more; returns where that leads."""
    page = client.get(door).content.decode()
    assert "Prove once more that it is you" in page
    return client.post(door, {"password": PASSWORD}).headers["Location"]


def test_only_permissions_of_the_policy_are_sensitive() -> None:
    assert set(POLICY) >= FRESH


def test_a_sign_in_of_long_ago_is_asked_again_and_comes_back(alice: Staff, address: str) -> None:
    with_password(alice.user)
    client = stale(alice)
    door = client.get(address).headers["Location"]
    assert door.startswith(reverse("account_reauthenticate"))
    assert proves(client, door) == address
    assert client.get(address).status_code == 200


def test_a_sign_in_of_just_now_is_enough(alice: Staff, address: str) -> None:
    assert signed_in(alice).get(address).status_code == 200


def test_a_form_that_was_sent_waits_and_is_sent_by_its_sender(alice: Staff, address: str) -> None:
    with_password(alice.user)
    client = stale(alice)
    door = client.post(address, {"comment": "Fine <b>by</b> me", "again": ["1", "2"]}).headers["Location"]
    assert Campaign.objects.get().state == "draft"
    page = client.get(proves(client, door)).content.decode()
    assert f'action="{address}"' in page
    for field in ('name="comment" value="Fine &lt;b&gt;by&lt;/b&gt; me"', 'name="again" value="2"'):
        assert field in page
    assert client.get(reverse("send_again")).status_code == 302, "it is shown once"


def test_htmx_is_led_to_the_proof_and_back_to_its_page(alice: Staff, address: str) -> None:
    answer = stale(alice).post(
        address, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}
    )
    assert answer.headers["HX-Redirect"].startswith(reverse("account_reauthenticate"))
    assert "next=%2Fo%2Fnordbank%2F" in answer.headers["HX-Redirect"]


def test_a_wrong_password_proves_nothing(alice: Staff, address: str) -> None:
    with_password(alice.user)
    client = stale(alice)
    door = client.get(address).headers["Location"]
    assert "not your password" in client.post(door, {"password": "wrong"}).content.decode()
    assert client.get(address).status_code == 302


def test_looking_is_never_too_often_and_proving_ten_times_a_minute_is_said(alice: Staff) -> None:
    with_password(alice.user)
    client, door = stale(alice), reverse("account_reauthenticate")
    assert {client.get(door).status_code for _ in range(12)} == {200}
    answers = [client.post(door, {"password": PASSWORD}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "This was tried too often" in answers[10].content.decode()
