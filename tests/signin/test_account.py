"""One's own account: name, password, factors, sessions."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from console.navigation import account_rail
from console.organizations.factors import APP, CODES
from console.organizations.models import Staff
from tests.conftest import proven, signed_in, stale
from tests.factories import PASSWORD
from tests.signin.factors import a_passkey, an_app, code_for, with_password

pytestmark = pytest.mark.django_db
NEW = "another horse with a battery"


def test_the_name_and_colours_are_ones_own(bob: Staff) -> None:
    signed_in(bob).post(reverse("you"), {"name": "Bob the Builder", "theme": "dark"})
    bob.user.refresh_from_db()
    assert (bob.user.name, bob.user.theme) == ("Bob the Builder", "dark")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 15 characters. A few words"),
        ("1q2w3e4r5t6y7u8i", "Many people use this password"),
        ("Bob Analyst at work", "too much like your name"),
    ],
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


@pytest.mark.parametrize(
    "name",
    [
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "mfa_generate_recovery_codes",
    ],
)
def test_a_password_and_an_app_change_no_factor_of_who_has_a_passkey(bob: Staff, name: str) -> None:
    """Else who talked them out of somebody would get a passkey, and decide in their name."""
    key = a_passkey(bob.user)
    if name != "mfa_activate_totp":
        an_app(with_password(bob.user))
    url = reverse(name, args=[key.pk] if name == "mfa_remove_webauthn" else [])
    before = list(Authenticator.objects.order_by("pk").values_list("pk", "type"))
    for answer in (proven(bob.user, kind=APP).get(url), proven(bob.user, kind=APP).post(url)):
        assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    assert list(Authenticator.objects.order_by("pk").values_list("pk", "type")) == before


def test_a_passkey_is_renamed_and_removed_but_not_the_last_factor(bob: Staff) -> None:
    key, client = a_passkey(bob.user), signed_in(bob)
    page = client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Blue key"}, follow=True)
    assert "Blue key" in page.content.decode()
    said = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True).content.decode()
    assert "This is your last factor" in said
    assert "Blue key" in said
    an_app(bob.user)
    said = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True).content.decode()
    assert "The passkey is removed" in said
    assert "Blue key" not in said


@pytest.mark.parametrize("named", ["abc", "", "-1", "1.5", "9" * 30, "\x00"])
def test_a_session_that_is_none_is_not_found(bob: Staff, named: str) -> None:
    assert signed_in(bob).post(reverse("usersessions_list"), {"session": named}).status_code == 404


def test_only_paths_lead_on(bob: Staff) -> None:
    an_app(bob.user)
    answer = signed_in(bob).get(reverse("enrol"), {"next": "no name of a page"})
    assert answer.headers["Location"] == reverse("home")


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/you/", "Profile and password"),
        ("/you/password/", "Profile and password"),
        ("/you/factors/codes/new/", "Passkeys and codes"),
    ],
)
def test_the_rail_marks_the_part_of_the_account_one_is_in(path: str, label: str) -> None:
    items = account_rail(path)[0]["items"]
    assert [item["label"] for item in items if item["is_current"]] == [label]
