"""Guessing: ten tries lock an account, whoever's it is, and a code works once."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.organizations.models import Staff
from tests.conftest import proven
from tests.factories import PASSWORD
from tests.signin.factors import an_app, code_for, code_of, with_password

pytestmark = pytest.mark.django_db
LOCKED = "locked for 30 minutes"


@pytest.fixture(autouse=True)
def no_tries_yet(db: None) -> None:
    """A journey that was locked out leaves its tries behind: the table is none of a model, so nobody empties it."""
    cache.clear()


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def tries(client: Client, email: str, password: str) -> str:
    answer = client.post(reverse("account_login"), {"login": email, "password": password})
    return answer.content.decode() if answer.status_code == 200 else answer.headers["Location"]


@pytest.mark.parametrize("is_known", [True, False])
def test_ten_wrong_passwords_lock_the_account_for_half_an_hour(bob: Staff, is_known: bool) -> None:
    with_password(bob.user)
    an_app(bob.user)
    email = bob.user.email if is_known else "nobody@bank.example"
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(10):
            assert LOCKED not in tries(Client(), email, "wrong")
        assert LOCKED in tries(Client(), email.upper(), PASSWORD), "the right one is refused too"
        clock.shift(29 * 60)
        assert LOCKED in tries(Client(), email, PASSWORD)
        clock.shift(61)
        said = tries(Client(), email, PASSWORD)
        assert (said == reverse("mfa_authenticate")) is is_known
        assert LOCKED not in said


@pytest.mark.parametrize(
    ("host", "instead"), [("localhost:1", ("", "")), ("127.0.0.1", ("", "")), ("localhost", ("i", "ı"))]
)
def test_another_name_of_the_host_or_of_the_person_gives_no_more_tries(
    bob: Staff, host: str, instead: tuple[str, str]
) -> None:
    bob.user.email = "simon@bank.example"
    an_app(with_password(bob.user))
    for number in range(10):
        tries(Client(HTTP_HOST=f"localhost:{number + 2}"), bob.user.email, "wrong")
    assert LOCKED in tries(Client(HTTP_HOST=host), bob.user.email.replace(*instead, 1), PASSWORD)


def test_the_link_of_a_letter_leads_to_our_own_address(bob: Staff, settings: Any) -> None:
    settings.PUBLIC_URL = "https://tranche.bank.example"
    with_password(bob.user)
    Client(HTTP_HOST="localhost:6666").post(reverse("account_reset_password"), {"email": bob.user.email})
    assert "https://tranche.bank.example/sign-in/password/" in mail.outbox[-1].body
    assert "6666" not in mail.outbox[-1].body


def test_one_locked_account_locks_no_other(alice: Staff, bob: Staff) -> None:
    for staff in (alice, bob):
        an_app(with_password(staff.user))
    for _ in range(11):
        tries(Client(), alice.user.email, "wrong")
    assert tries(Client(), bob.user.email, PASSWORD) == reverse("mfa_authenticate")


def test_an_address_that_guesses_at_many_accounts_is_stopped() -> None:
    said = [tries(Client(), f"person-{number}@bank.example", "wrong") for number in range(61)]
    assert LOCKED not in "".join(said[:60])
    assert LOCKED in said[60]


def test_wrong_codes_lock_too(bob: Staff, client: Client) -> None:
    app = an_app(with_password(bob.user))
    tries(client, bob.user.email, PASSWORD)
    for _ in range(10):
        answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "not right" in answer.content.decode()
    assert LOCKED in client.post(reverse("mfa_authenticate"), {"code": code_of(app)}).content.decode()


@pytest.mark.parametrize("seconds", [0, 20, 40, 55])
def test_a_code_works_once(bob: Staff, seconds: int) -> None:
    """Also while it would still be good: half a minute longer, for clocks that differ."""
    app = an_app(with_password(bob.user))
    with time_machine.travel(datetime(2026, 11, 22, 9, 30, 1, tzinfo=UTC), tick=False) as clock:
        code, places = code_of(app), []
        for _ in range(2):
            client = Client()
            tries(client, bob.user.email, PASSWORD)
            places.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)
            clock.shift(seconds)
    assert places == [302, 200]


def test_nor_does_the_code_by_which_an_app_was_added(bob: Staff) -> None:
    client = proven(with_password(bob.user))
    with time_machine.travel(timezone.now(), tick=False):
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
        other = Client()
        assert tries(other, bob.user.email, PASSWORD) == reverse("mfa_authenticate")
        assert other.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 200


def test_a_new_password_by_mail_still_needs_the_factor(bob: Staff, client: Client) -> None:
    an_app(with_password(bob.user))
    client.post(reverse("account_reset_password"), {"email": bob.user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/sign-in/password/" in word)
    page = client.get(link).headers["Location"]
    fresh = "another horse with a battery"
    answer = client.post(page, {"password1": fresh, "password2": fresh})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    bob.user.refresh_from_db()
    assert bob.user.check_password(fresh)
    assert "doesn’t work any more" in Client().get(link).content.decode()


def test_a_new_password_opens_a_locked_account(bob: Staff, client: Client) -> None:
    an_app(with_password(bob.user))
    for _ in range(11):
        said = tries(Client(), bob.user.email, "wrong")
    assert LOCKED in said
    client.post(reverse("account_reset_password"), {"email": bob.user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/sign-in/password/" in word)
    fresh = "another horse with a battery"
    client.post(client.get(link).headers["Location"], {"password1": fresh, "password2": fresh})
    assert tries(Client(), bob.user.email, fresh) == reverse("mfa_authenticate")


def test_an_address_nobody_has_is_answered_alike(bob: Staff, client: Client) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (bob.user.email, "nobody@bank.example")
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(mail.outbox) == 2


def test_letters_to_one_address_are_limited_and_the_page_says_so(bob: Staff, client: Client) -> None:
    for _ in range(5):
        client.post(reverse("account_reset_password"), {"email": bob.user.email})
    answer = client.post(reverse("account_reset_password"), {"email": bob.user.email})
    assert answer.status_code == 429
    assert "This was tried too often" in answer.content.decode()
    assert len(mail.outbox) == 5


def test_factors_that_are_lost_can_be_forgotten(bob: Staff, client: Client) -> None:
    an_app(with_password(bob.user))
    call_command("forget_factors", bob.user.email)
    assert tries(client, bob.user.email, PASSWORD) == reverse("home")
    assert client.get(reverse("home")).headers["Location"].startswith(reverse("enrol"))
