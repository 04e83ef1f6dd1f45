"""The people of an organization: roles, the end of access, and what nobody may do to themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from console.organizations.models import Approval, LastAdmin, Organization, OwnAccess, Role, Staff
from tests.conftest import proven, signed_in, stale
from tests.factories import NOW, StaffFactory
from tests.pages import names, queries, words
from tests.signin.factors import a_passkey, an_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(nordbank: Organization) -> str:
    return nordbank.url("staff:staff_list")


def test_people_are_listed_with_role_and_factors(page: str, alice: Staff, bob: Staff) -> None:
    an_app(bob.user)
    text = words(signed_in(alice).get(page).content.decode())
    assert "Bob Analyst" in text
    assert "App" in text
    assert "None yet" in text
    assert names(signed_in(alice), page, role="analyst") == ["Bob Analyst"]


def test_who_only_looks_does_not_see_addresses(page: str, vera: Staff) -> None:
    assert signed_in(vera).get(page).status_code == 403


def test_the_list_takes_as_many_queries_for_ten_as_for_two(
    page: str, alice: Staff, nordbank: Organization
) -> None:
    two = queries(signed_in(alice), page)
    StaffFactory.create_batch(8, organization=nordbank)
    assert queries(signed_in(alice), page) == two


@pytest.mark.parametrize("act", [{"role": "viewer"}, {"access": "end"}])
def test_nobody_does_it_to_themselves(nordbank: Organization, alice: Staff, act: dict[str, str]) -> None:
    StaffFactory(organization=nordbank, role=Role.ADMIN)
    name = "staff:staff_role" if "role" in act else "staff:staff_access"
    answer = signed_in(alice).post(nordbank.url(name, alice.user_id), act, follow=True)
    assert "Another admin changes your own role and access." in answer.content.decode()
    alice.refresh_from_db()
    assert (alice.role, alice.ended_at) == ("admin", None)


def test_an_organization_keeps_an_admin(alice: Staff, vera: Staff) -> None:
    with pytest.raises(LastAdmin):
        alice.change_role(Approval(given={"role": Role.VIEWER}), by=vera, at=NOW)
    with pytest.raises(LastAdmin):
        alice.end(by=vera, at=NOW)
    with pytest.raises(OwnAccess):
        vera.end(by=vera, at=NOW)


def test_ending_somebodys_access_asks_before(nordbank: Organization, alice: Staff, bob: Staff) -> None:
    page = nordbank.url("staff:staff_access", bob.user_id)
    asked = signed_in(alice).get(page)
    assert "End the access of Bob Analyst?" in asked.content.decode()
    bob.refresh_from_db()
    assert bob.ended_at is None
    bob.end(by=alice, at=NOW)
    assert signed_in(alice).get(page).status_code == 302


def test_ended_access_ends_the_session_at_once(
    nordbank: Organization, alice: Staff, bob: Staff, client: Client
) -> None:
    theirs = proven(bob.user)
    listed(theirs, bob)
    signed_in(alice).post(nordbank.url("staff:staff_access", bob.user_id), {"access": "end"})
    assert theirs.get(nordbank.url("overview")).headers["Location"].startswith(reverse("account_login"))
    bob.refresh_from_db()
    assert bob.ended_by == alice


def test_what_ended_keeps_who_ended_it_and_when(nordbank: Organization, alice: Staff, bob: Staff) -> None:
    other, stale_row = StaffFactory(organization=nordbank, role=Role.ADMIN), Staff.objects.get(pk=bob.pk)
    bob.end(by=alice, at=NOW)
    stale_row.end(by=other, at=NOW + timedelta(hours=1))
    assert (stale_row.ended_by, stale_row.ended_at) == (alice, NOW)


def test_who_works_elsewhere_too_loses_only_this_bank(
    nordbank: Organization, alice: Staff, bob: Staff
) -> None:
    elsewhere = StaffFactory(user=bob.user, role=Role.VIEWER)
    theirs = proven(bob.user)
    listed(theirs, bob)
    bob.end(by=alice, at=NOW)
    assert theirs.get(nordbank.url("overview")).status_code == 404
    page = theirs.get(elsewhere.organization.url("overview"))
    assert page.status_code == 200
    assert "Nordbank" not in page.content.decode()


def test_who_was_let_in_again_is_in(nordbank: Organization, alice: Staff, bob: Staff) -> None:
    bob.end(by=alice, at=NOW)
    assert signed_in(bob).get(nordbank.url("overview")).status_code == 404
    signed_in(alice).post(nordbank.url("staff:staff_access", bob.user_id), {"access": "resume"})
    assert signed_in(bob).get(nordbank.url("overview")).status_code == 200


def test_managing_people_asks_for_a_proof_anew(nordbank: Organization, alice: Staff, bob: Staff) -> None:
    a_passkey(alice.user)
    answer = stale(alice).post(nordbank.url("staff:staff_role", bob.user_id), {"role": "admin"})
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    bob.refresh_from_db()
    assert bob.role == "analyst"


def listed(client: Client, staff: Staff, **fields: Any) -> None:
    """The session stands in the person's list, as after a sign-in through the door."""
    key = client.session.session_key
    staff.user.usersession_set.create(session_key=key, ip="10.0.0.7", user_agent="Firefox/140", **fields)
