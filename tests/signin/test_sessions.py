"""What a session must have proved, how long it lasts, and that nobody's absence is taken for presence."""

import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.organizations import proof
from console.organizations.factors import APP, CODES, PASSKEY
from console.organizations.models import Invitation, Organization, Role, Staff
from console.organizations.tasks import forget_sessions
from tests.conftest import proven, signed_in
from tests.factories import UserFactory
from tests.signin.factors import an_app

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/o/nordbank/segments/?q=a"}


def seen(client: Client, *, ago: float, began: float | None = None) -> Client:
    """The session of a person who did nothing for so many seconds."""
    session, now = client.session, time.time()
    session[proof.SEEN] = int(now - ago)
    session[proof.RECORDS] = [{"method": "mfa", "type": PASSKEY, "at": now - (began or ago)}]
    session.save()
    return client


def test_a_password_alone_leads_to_enrolment(nordbank: Organization, bob: Staff) -> None:
    client = Client()
    client.force_login(bob.user)
    answer = client.get(nordbank.url("overview"))
    assert answer.headers["Location"] == f"{reverse('enrol')}?next=%2Fo%2Fnordbank%2F"
    assert client.get(reverse("enrol")).status_code == 200
    assert client.get(reverse("you")).status_code == 302


def test_who_has_a_factor_proves_it_and_adds_none_before(nordbank: Organization, bob: Staff) -> None:
    an_app(bob.user)
    client = Client()
    client.force_login(bob.user)
    for page in (nordbank.url("overview"), reverse("mfa_add_webauthn"), reverse("mfa_activate_totp")):
        assert client.get(page).headers["Location"].startswith(reverse("mfa_reauthenticate")), page


@pytest.mark.parametrize(
    ("role", "kind", "is_in"),
    [
        (Role.ANALYST, APP, True),
        (Role.ANALYST, CODES, True),
        (Role.OPERATOR, APP, True),
        (Role.APPROVER, APP, False),
        (Role.APPROVER, CODES, False),
        (Role.ADMIN, APP, False),
        (Role.APPROVER, PASSKEY, True),
        (Role.ADMIN, PASSKEY, True),
    ],
)
def test_who_approves_or_administers_proves_a_passkey(
    nordbank: Organization, bob: Staff, role: Role, kind: str, is_in: bool
) -> None:
    Staff.objects.filter(pk=bob.pk).update(role=role)
    answer = proven(bob.user, kind=kind).get(nordbank.url("overview"))
    assert answer.status_code == (200 if is_in else 302)
    assert is_in or answer.headers["Location"].startswith(reverse("mfa_add_webauthn"))


@pytest.mark.parametrize("kind", [APP, PASSKEY])
def test_platform_admins_need_a_passkey(kind: str) -> None:
    client = proven(UserFactory(is_staff=True, is_superuser=True), kind=kind)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == (200 if kind == PASSKEY else 302)


@pytest.mark.parametrize(
    ("ago", "began", "is_in"),
    [
        (settings.SESSION_IDLE_SECONDS - 30, None, True),
        (settings.SESSION_IDLE_SECONDS + 30, None, False),
        (30, settings.SESSION_COOKIE_AGE - 60, True),
        (30, settings.SESSION_COOKIE_AGE + 60, False),
    ],
)
def test_a_session_ends_by_itself(
    nordbank: Organization, bob: Staff, ago: float, began: float | None, is_in: bool
) -> None:
    client = seen(signed_in(bob), ago=ago, began=began)
    answer = client.get(nordbank.url("overview"))
    assert answer.status_code == (200 if is_in else 302)
    if not is_in:
        assert answer.headers["Location"] == f"{reverse('account_login')}?next=%2Fo%2Fnordbank%2F"
        assert "You were away" in client.get(answer.headers["Location"]).content.decode()


def test_what_a_page_asks_by_itself_keeps_no_session_awake(nordbank: Organization, bob: Staff) -> None:
    client = seen(signed_in(bob), ago=600)
    before = client.session[proof.SEEN]
    polled = client.get(nordbank.url("overview"), headers={**HTMX, "Unattended": "1"})
    assert polled.status_code == 200
    assert client.session[proof.SEEN] == before
    client.get(nordbank.url("overview"), headers=HTMX)
    assert client.session[proof.SEEN] > before


def test_being_there_is_written_down_once_a_minute(
    nordbank: Organization, bob: Staff, django_assert_num_queries: Any
) -> None:
    client = signed_in(bob)
    client.get(reverse("you"))
    before = client.session[proof.SEEN]
    for _ in range(3):
        client.get(reverse("you"))
    assert client.session[proof.SEEN] == before


def test_an_ended_session_leads_htmx_to_the_door_and_back_to_the_page(
    nordbank: Organization, bob: Staff
) -> None:
    client = seen(signed_in(bob), ago=10_000)
    answer = client.post(nordbank.url("segments:preview"), headers=HTMX)
    back = "%2Fo%2Fnordbank%2Fsegments%2F%3Fq%3Da"
    assert answer.headers["HX-Redirect"] == f"{reverse('account_login')}?next={back}"
    assert not answer.content


def test_nobody_is_led_to_a_page_that_is_not_ours(nordbank: Organization, bob: Staff) -> None:
    client = seen(signed_in(bob), ago=10_000)
    evil = {**HTMX, "HX-Current-URL": "https://evil.example/o/"}
    answer = client.post(nordbank.url("segments:preview"), headers=evil)
    assert answer.headers["HX-Redirect"] == f"{reverse('account_login')}?next=%2F"


def test_what_is_over_is_deleted_by_the_clock_and_what_is_not_stays(bob: Staff, alice: Staff) -> None:
    gone, here = proven(bob.user), proven(alice.user)
    for client, staff in ((gone, bob), (here, alice)):
        UserSession.objects.create(
            user=staff.user, session_key=client.session.session_key, ip="10.0.0.7", user_agent="Firefox/140"
        )
    Session.objects.filter(pk=gone.session.session_key).update(expire_date=timezone.now())
    forget_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [here.session.session_key]
    assert UserSession.objects.get().user == alice.user
    assert here.get(reverse("you")).status_code == 200


def test_a_session_that_is_over_accepts_no_invitation(bob: Staff, charlie: Staff) -> None:
    """Its page is for everybody, and would take the button of who went away for theirs."""
    _, token = Invitation.objects.invite(
        charlie.organization, email=bob.user.email, role=Role.VIEWER, by=charlie, at=timezone.now()
    )
    page, client = (
        reverse("invitation", args=[token]),
        seen(signed_in(bob), ago=settings.SESSION_IDLE_SECONDS + 5),
    )
    assert client.post(page).status_code == 200, "it asks them to sign in"
    assert not charlie.organization.staff.filter(user=bob.user).exists()
    assert "_auth_user_id" not in client.session
    signed_in(bob).post(page)
    assert charlie.organization.staff.filter(user=bob.user).exists()
