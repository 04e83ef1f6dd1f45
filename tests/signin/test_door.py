"""The door: who comes in, what a wrong password says, and that known passwords are offered on demonstrations only."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from console.demo import bank
from console.organizations.models import Organization, Staff
from tests.conftest import signed_in, stale
from tests.factories import PASSWORD
from tests.signin.factors import an_app, code_of, with_password

OFFER = "one of the demo bank’s people"
pytestmark = pytest.mark.django_db


def signs_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_password_and_code_lead_in(client: Client, nordbank: Organization, bob: Staff) -> None:
    with_password(bob.user)
    app = an_app(bob.user)
    answer = signs_in(client, bob.user.email.upper())
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session, "a password alone signs nobody in"
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(app)})
    assert client.get(answer.headers["Location"]).headers["Location"] == nordbank.url("overview")
    assert client.get(nordbank.url("overview")).status_code == 200


def test_the_session_at_the_door_is_not_the_one_inside(client: Client, bob: Staff) -> None:
    with_password(bob.user)
    app = an_app(bob.user)
    signs_in(client, bob.user.email)
    before = client.session.session_key
    client.post(reverse("mfa_authenticate"), {"code": code_of(app)})
    assert client.session.session_key != before


def test_one_comes_in_where_one_wanted_to_be(client: Client, nordbank: Organization, bob: Staff) -> None:
    with_password(bob.user)
    app = an_app(bob.user)
    wanted = nordbank.url("customers:customer_list")
    door = client.get(wanted + "?q=a").headers["Location"]
    field = re.search(r'name="next" value="([^"]+)"', client.get(door).content.decode())
    assert field
    said = {"login": bob.user.email, "password": PASSWORD, "next": field[1]}
    client.post(reverse("account_login"), said)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(app)})
    assert answer.headers["Location"] == wanted + "?q=a"


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong(client: Client, alice: Staff) -> None:
    with_password(alice.user)
    known = signs_in(client, alice.user.email, "wrong").content.decode()
    unknown = signs_in(client, "nobody@bank.example", "wrong").content.decode()
    assert "don’t fit together" in known
    without = [re.sub(r'value="[^"]+"', "", page) for page in (known, unknown)]
    assert without[0] == without[1]
    address, password = re.findall('<input[^>]*name="(?:login|password)"[^>]*>', known)[:2]
    assert f'value="{alice.user.email}"' in address
    assert "autofocus" not in address
    assert "autofocus" in password


def test_a_disabled_account_looks_like_a_wrong_password(client: Client, alice: Staff) -> None:
    with_password(alice.user)
    alice.user.is_active = False
    alice.user.save()
    answer = signs_in(client, alice.user.email)
    assert "don’t fit together" in client.get(answer.headers["Location"]).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("is_demo", "is_offered"), [(True, True), (False, False)])
def test_demo_people_stand_at_the_door_of_a_demonstration_only(
    client: Client, settings: Any, is_demo: bool, is_offered: bool
) -> None:
    settings.IS_DEMO, settings.DEBUG = is_demo, False
    made = bank.create(at=datetime(2026, 11, 22, tzinfo=UTC))
    page = client.get(reverse("account_login")).content.decode()
    assert (OFFER in page) is is_offered
    answer = client.post(reverse("demo_sign_in"), {"email": bank.PEOPLE[0].email})
    assert answer.status_code == (302 if is_offered else 404)
    assert (client.get(made.url("overview")).status_code == 200) is is_offered


def test_the_button_of_the_demo_stands_for_the_passkey_again_and_again(settings: Any) -> None:
    """An admin of the demo bank has none, and is led back to what is sensitive, not to adding one."""
    settings.IS_DEMO = True
    made = bank.create(at=datetime(2026, 11, 22, tzinfo=UTC))
    miriam = made.staff.get(user__email=bank.PEOPLE[0].email)
    client, wanted = stale(miriam), made.url("keys:key_create")
    adds = client.get(wanted).headers["Location"]
    assert adds.startswith(reverse("mfa_add_webauthn"))
    again = client.get(adds).headers["Location"]
    page = client.get(again).content.decode()
    assert f"I am {miriam}, in this demonstration" in page
    answer = client.post(reverse("demo_sign_in"), {"email": miriam.user.email, "next": adds})
    assert client.get(answer.headers["Location"]).headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_a_demonstration_without_its_bank_offers_nobody(client: Client, settings: Any) -> None:
    settings.IS_DEMO = True
    assert OFFER not in client.get(reverse("account_login")).content.decode()


def test_the_button_of_the_demo_lets_in_nobody_else(client: Client, settings: Any, charlie: Staff) -> None:
    settings.IS_DEMO = True
    bank.create(at=datetime(2026, 11, 22, tzinfo=UTC))
    assert client.post(reverse("demo_sign_in"), {"email": charlie.user.email}).status_code == 404


@pytest.mark.parametrize("asked", ["dark", "light"])
def test_the_theme_is_the_one_that_was_asked_for(alice: Staff, asked: str) -> None:
    client = signed_in(alice)
    assert client.post(reverse("theme"), {"theme": asked}).status_code == 302
    alice.user.refresh_from_db()
    assert alice.user.theme == asked
    assert client.get(reverse("theme")).status_code == 405


def test_the_theme_leads_back_to_our_own_pages_only(alice: Staff) -> None:
    client = signed_in(alice)
    for referer, leads in {
        "http://testserver/o/": "http://testserver/o/",
        "https://evil.example/": "/",
        "x": "x",
    }.items():
        answer = client.post(reverse("theme"), {"theme": "dark"}, headers={"Referer": referer})
        assert answer.headers["Location"] == leads


def test_who_signs_out_is_out_and_the_browser_forgets(alice: Staff) -> None:
    client = signed_in(alice)
    assert client.get(reverse("account_logout")).status_code == 405
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert reverse("account_login") in client.get(reverse("home")).headers["Location"]
