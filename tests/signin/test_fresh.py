"""What is sensitive asks for a proof anew, and loses no form over it."""

from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from alerts.models import Campaign
from console.organizations import access, proof
from console.organizations.access import FRESH, POLICY
from console.organizations.factors import PASSKEY
from console.organizations.models import Organization, Role, Staff
from tests.alerts.bank import account_segment, campaign_on
from tests.conftest import signed_in, stale
from tests.factories import PASSWORD, StaffFactory, UserFactory
from tests.signin.factors import a_passkey, with_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(nordbank: Organization) -> Staff:
    """Marketer at Nordbank: no passkey is asked of her."""
    return StaffFactory(organization=nordbank, role=Role.MARKETER)


@pytest.fixture
def address(mia: Staff, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page that does something sensitive."""
    monkeypatch.setattr(access, "FRESH", frozenset({"campaigns.edit"}))
    campaign = campaign_on(account_segment(mia.organization), "100")
    return mia.organization.url("alerts:campaign_activate", campaign.pk)


@pytest.fixture
def unread_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passkeys of tests hold no real key, so the browser is asked for any."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])


def proves(client: Client, door: str) -> str:
    """Write the password once more; returns where that leads."""
    page = client.get(door).content.decode()
    assert "Prove once more that it is you" in page
    return client.post(door, {"password": PASSWORD}).headers["Location"]


def test_only_permissions_of_the_policy_are_sensitive() -> None:
    assert set(POLICY) >= FRESH


def test_a_sign_in_of_long_ago_is_asked_again_and_comes_back(mia: Staff, address: str) -> None:
    with_password(mia.user)
    client = stale(mia)
    door = client.get(address).headers["Location"]
    assert door.startswith(reverse("account_reauthenticate"))
    assert proves(client, door) == address
    assert client.get(address).status_code == 200


def test_a_sign_in_of_just_now_is_enough(mia: Staff, address: str) -> None:
    assert signed_in(mia).get(address).status_code == 200


def test_a_form_that_was_sent_waits_and_is_sent_by_its_sender(mia: Staff, address: str) -> None:
    with_password(mia.user)
    client = stale(mia)
    door = client.post(address, {"comment": "Fine <b>by</b> me", "again": ["1", "2"]}).headers["Location"]
    assert Campaign.objects.get().state == "draft"
    page = client.get(proves(client, door)).content.decode()
    assert f'action="{address}"' in page
    for field in ('name="comment" value="Fine &lt;b&gt;by&lt;/b&gt; me"', 'name="again" value="2"'):
        assert field in page
    assert client.get(reverse("send_again")).status_code == 302, "it is shown once"


def test_htmx_is_led_to_the_proof_and_back_to_its_page(mia: Staff, address: str) -> None:
    answer = stale(mia).post(
        address, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}
    )
    assert answer.headers["HX-Redirect"].startswith(reverse("account_reauthenticate"))
    assert "next=%2Fo%2Fnordbank%2F" in answer.headers["HX-Redirect"]


def test_a_wrong_password_proves_nothing(mia: Staff, address: str) -> None:
    with_password(mia.user)
    client = stale(mia)
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


@pytest.mark.parametrize("role", [Role.ADMIN, Role.APPROVER])
def test_who_needs_a_passkey_proves_that_and_no_password(
    nordbank: Organization, role: str, unread_keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that was watched and a session left open approve nothing."""
    monkeypatch.setattr(access, "FRESH", frozenset({"approvals.decide"}))
    staff = StaffFactory(organization=nordbank, role=role, user=with_password(UserFactory()))
    a_passkey(staff.user)
    url, client = nordbank.url("approval_decide", uuid4()), stale(staff)
    door = client.post(url).headers["Location"]
    assert door.startswith(reverse("mfa_reauthenticate_webauthn"))
    page = client.get(door).content.decode()
    assert "Use your passkey" in page
    assert "Use your password" not in page
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(url).headers["Location"] == door
    session = client.session
    proof.record(session, PASSKEY)
    session.save()
    assert client.post(url).status_code == 404, "let through to the view, which has no such request"


def test_a_passkey_that_is_lost_has_a_way_out(alice: Staff, unread_keys: None) -> None:
    a_passkey(alice.user)
    RecoveryCodes.activate(alice.user)
    page = stale(alice).get(reverse("mfa_reauthenticate_webauthn")).content.decode()
    assert f"{reverse('mfa_reauthenticate')}?next=%2Fyou%2Ffactors%2F" in page
