"""One's own account: name, password, factors, sessions."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from console.organizations.factors import APP, CODES
from console.organizations.models import Staff
from tests.conftest import proven, signed_in, stale
from tests.factories import PASSWORD
from tests.signin.factors import an_app, code_for, with_password

pytestmark = pytest.mark.django_db
NEW = "another horse with a battery"


def test_the_name_and_colours_are_ones_own(bob: Staff) -> None:
    signed_in(bob).post(reverse("you"), {"name": "Bob the Builder", "theme": "dark"})
    bob.user.refresh_from_db()
    assert (bob.user.name, bob.user.theme) == ("Bob the Builder", "dark")


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "at least 15"), ("1q2w3e4r5t6y7u8i", "too common"), ("Bob Analyst at work", "too similar")],
)
def test_a_weak_password_is_refused(bob: Staff, password: str, words: str) -> None:
    with_password(bob.user)
    said = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert words in signed_in(bob).post(reverse("account_change_password"), said).content.decode()


def test_a_changed_password_ends_the_other_sessions(bob: Staff) -> None:
    with_password(bob.user)
    here, there = signed_in(bob), signed_in(bob)
    here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert here.get(reverse("you")).status_code == 200
    assert there.get(reverse("you")).status_code == 302


def test_an_app_is_added_with_its_first_code_and_codes_are_shown_once(bob: Staff) -> None:
    client = Client()
    client.force_login(with_password(bob.user))
    again = client.get(reverse("mfa_activate_totp")).headers["Location"]
    client.post(again, {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert "shown <b>only now</b>" in shown
    assert "can’t be read again" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert client.get(reverse("home")).status_code == 302
    kept = Authenticator.objects.get(type=APP).data["secret"]
    assert secret not in kept, "it lies sealed"
    assert set(Authenticator.objects.values_list("type", flat=True)) == {APP, CODES}


def test_the_last_factor_stays(bob: Staff) -> None:
    an_app(bob.user)
    page = proven(bob.user, kind=APP).post(reverse("mfa_deactivate_totp"))
    assert "Add another one first" in page.content.decode()
    assert Authenticator.objects.filter(type=APP).exists()


@pytest.mark.parametrize(
    "name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes"]
)
def test_changing_factors_asks_for_a_proof_anew(bob: Staff, name: str) -> None:
    with_password(bob.user)
    if name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        an_app(bob.user)
    answer = stale(bob).get(reverse(name))
    assert answer.headers["Location"].startswith("/you/again/")


def test_sessions_are_listed_and_ended(bob: Staff) -> None:
    here, there = signed_in(bob), signed_in(bob)
    for client, agent in ((here, "Mozilla Firefox/140 (Windows)"), (there, "Chrome/140 (Mac OS X)")):
        key = client.session.session_key
        bob.user.usersession_set.create(session_key=key, ip="10.0.0.7", user_agent=agent)
    page = here.get(reverse("usersessions_list")).content.decode()
    for words in ("Firefox on Windows", "Chrome on macOS", "10.0.0.7", "This one"):
        assert words in page
    other = bob.user.usersession_set.get(user_agent__startswith="Chrome")
    here.post(reverse("usersessions_list"), {"session": other.pk})
    assert there.get(reverse("you")).status_code == 302
    assert here.get(reverse("you")).status_code == 200


def test_nobody_ends_somebody_elses(bob: Staff, vera: Staff) -> None:
    theirs: Any = vera.user.usersession_set.create(
        session_key=signed_in(vera).session.session_key, ip="10.0.0.7", user_agent="x"
    )
    assert signed_in(bob).post(reverse("usersessions_list"), {"session": theirs.pk}).status_code == 404
    assert Session.objects.filter(session_key=theirs.session_key).exists()
