"""Invitations: a letter, a link that works once, and a place in the role that was meant."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.organizations import scope
from console.organizations.models import AlreadyHere, Invitation, NotOpen, Organization, Role, Staff, User
from console.signin.forms import NewcomerForm
from tests.conftest import proven, signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = {"name": "Nina Newcomer", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def invite(nordbank: Organization, alice: Staff) -> str:
    return nordbank.url("staff:staff_invite")


def invited(
    admin: Staff, email: str = "nina@bank.example", role: str = Role.ANALYST
) -> tuple[Invitation, str]:
    at = timezone.now()
    made, token = Invitation.objects.invite(admin.organization, email=email, role=role, by=admin, at=at)
    return made, reverse("invitation", args=[token])


def test_a_letter_leads_in(nordbank: Organization, alice: Staff, invite: str, client: Client) -> None:
    said = {"email": "nina@bank.example", "role": "analyst", "days": "7"}
    assert signed_in(alice).post(invite, said).status_code == 302
    letter = mail.outbox[-1]
    assert letter.to == ["nina@bank.example"]
    assert "Alice Admin invites you to work at Nordbank a.s. as analyst" in letter.body
    link = re.search(r"http\S+(/invitation/\S+/)", letter.body)
    assert link
    assert Invitation.objects.get().digest not in letter.body
    assert "as analyst" in client.get(link[1]).content.decode()
    answer = client.post(link[1], NEW)
    user = User.objects.get(email="nina@bank.example")
    assert (user.name, user.staff.get().role) == ("Nina Newcomer", "analyst")
    assert answer.headers["Location"] == nordbank.url("overview")
    assert client.get(nordbank.url("overview")).headers["Location"].startswith(reverse("enrol"))
    assert Client().get(link[1]).status_code == 404, "it opens once"


def test_withdrawn_while_somebody_chooses_a_password_it_makes_no_account(
    alice: Staff, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation, link = invited(alice)

    def save(form: NewcomerForm) -> User:
        with scope.across():
            invitation.withdraw(by=alice, at=timezone.now())
        return chosen(form)

    chosen = NewcomerForm.save
    monkeypatch.setattr(NewcomerForm, "save", save)
    assert client.post(link, NEW).status_code == 404
    assert not User.objects.filter(email=invitation.email).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password2": "something else entirely"}, "The two passwords differ"),
        ({"password1": "short", "password2": "short"}, "at least 15 characters"),
        ({"password1": "nina@bank.example", "password2": "nina@bank.example"}, "too much like your email"),
        ({"name": ""}, "Write the name"),
    ],
)
def test_what_is_wrong_is_said(alice: Staff, client: Client, fields: dict[str, str], words: str) -> None:
    _, link = invited(alice)
    answer = client.post(link, {**NEW, **fields})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.filter(email="nina@bank.example").exists()


def test_who_has_an_account_accepts_as_themselves(alice: Staff, nordbank: Organization) -> None:
    nina = UserFactory(email="nina@bank.example")
    _, link = invited(alice, "Nina@bank.example")
    page = Client().get(link).content.decode()
    assert "You have an account here already" in page
    assert f"next={link.replace('/', '%2F')}" in page
    other = proven(UserFactory())
    assert "Sign out, then open the link" in other.post(link).content.decode()
    assert proven(nina).post(link).headers["Location"] == nordbank.url("overview")
    assert nina.staff.get().role == "analyst"


def test_a_link_stops_working(alice: Staff) -> None:
    at = timezone.now()
    first, old = invited(alice)
    first.resend(by=alice, at=at)
    assert Client().get(old).status_code == 404
    second, link = invited(alice)
    assert Invitation.objects.pending().get() == second, "a newer one takes its place"
    second.withdraw(by=alice, at=at)
    assert Client().get(link).status_code == 404
    with pytest.raises(NotOpen):
        second.resend(by=alice, at=at)


def test_it_expires_after_a_week(alice: Staff) -> None:
    at = timezone.now()
    made, link = invited(alice)
    assert made.expires_at - at >= timedelta(days=6, hours=23)
    Invitation.objects.update(expires_at=at - timedelta(seconds=1))
    assert Client().get(link).status_code == 404
    made.refresh_from_db()
    with pytest.raises(NotOpen):
        made.accept(UserFactory(email="nina@bank.example"), at=at)


def test_an_invitation_is_for_its_address_only(alice: Staff) -> None:
    made, _ = invited(alice)
    with pytest.raises(NotOpen):
        made.accept(UserFactory(email="somebody@else.example"), at=timezone.now())


def test_who_works_here_is_not_invited(alice: Staff, bob: Staff, invite: str) -> None:
    with pytest.raises(AlreadyHere):
        invited(alice, email=bob.user.email.upper())
    answer = signed_in(alice).post(invite, {"email": bob.user.email, "role": "viewer", "days": "7"})
    assert answer.status_code == 422
    assert "works here or did" in answer.content.decode()


def test_pending_ones_stand_on_the_page_and_can_be_taken_back(nordbank: Organization, alice: Staff) -> None:
    made, _ = invited(alice)
    client, page = signed_in(alice), nordbank.url("staff:staff_list")
    assert made.email in client.get(page).content.decode()
    client.post(nordbank.url("staff:invitation_resend", made.pk))
    assert len(mail.outbox) == 1
    client.post(nordbank.url("staff:invitation_withdraw", made.pk))
    assert "Nobody is invited at the moment." in client.get(page).content.decode()
    assert (
        "accepted or withdrawn"
        in client.post(nordbank.url("staff:invitation_withdraw", made.pk), follow=True).content.decode()
    )


def test_an_address_too_long_to_keep_is_refused(alice: Staff) -> None:
    said = {"email": f"{'a' * 60}@{'b.' * 110}example", "role": Role.VIEWER, "days": 7}
    answer = signed_in(alice).post(alice.organization.url("staff:staff_invite"), said)
    assert answer.status_code == 422
