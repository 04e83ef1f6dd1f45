"""The door: who comes in, what a wrong password says, and that known passwords are offered on demonstrations only."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from console.demo import bank
from console.organizations.models import Organization, Staff

OFFER = "one of the demo bank’s people"
pytestmark = pytest.mark.django_db


def test_the_right_password_leads_in(client: Client, nordbank: Organization, alice: Staff) -> None:
    alice.user.set_password("correct horse battery")
    alice.user.save()
    response = client.post(
        reverse("login"), {"username": alice.user.email.upper(), "password": "correct horse battery"}
    )
    assert response.status_code == 302
    assert client.get(response.headers["Location"]).headers["Location"] == nordbank.url("overview")


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong(client: Client, alice: Staff) -> None:
    page = client.post(reverse("login"), {"username": alice.user.email, "password": "wrong"}).content.decode()
    assert "don’t fit together" in page
    assert f'value="{alice.user.email}"' in page


@pytest.mark.parametrize(("is_demo", "is_offered"), [(True, True), (False, False)])
def test_demo_people_stand_at_the_door_of_a_demonstration_only(
    client: Client, settings: Any, is_demo: bool, is_offered: bool
) -> None:
    settings.IS_DEMO, settings.DEBUG = is_demo, False
    bank.create(at=datetime(2026, 11, 22, tzinfo=UTC))
    page = client.get(reverse("login")).content.decode()
    assert (OFFER in page) is is_offered
    assert (bank.PEOPLE[0].password in page) is is_offered


def test_a_demonstration_without_its_bank_offers_nobody(client: Client, settings: Any) -> None:
    settings.IS_DEMO = True
    assert OFFER not in client.get(reverse("login")).content.decode()


@pytest.mark.parametrize("asked", ["dark", "light"])
def test_the_theme_is_the_one_that_was_asked_for(alice: Staff, asked: str, client: Client) -> None:
    client.force_login(alice.user)
    assert client.post(reverse("theme"), {"theme": asked}).status_code == 302
    alice.user.refresh_from_db()
    assert alice.user.theme == asked
    assert client.get(reverse("theme")).status_code == 405


def test_the_theme_leads_back_to_our_own_pages_only(alice: Staff, client: Client) -> None:
    client.force_login(alice.user)
    for referer, leads in {
        "http://testserver/o/": "http://testserver/o/",
        "https://evil.example/": "/",
        "x": "x",
    }.items():
        answer = client.post(reverse("theme"), {"theme": "dark"}, headers={"Referer": referer})
        assert answer.headers["Location"] == leads


def test_who_signs_out_is_out(client: Client, alice: Staff) -> None:
    client.force_login(alice.user)
    client.post(reverse("logout"))
    assert reverse("login") in client.get(reverse("home")).headers["Location"]
