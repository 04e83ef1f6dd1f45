"""Roles by four eyes: one admin asks, somebody else approves, and the database lets nobody come by another way."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from console.organizations import approving, scope
from console.organizations.approving import MayNotDecide
from console.organizations.kinds import Impossible
from console.organizations.models import Approval, Decision, Invitation, Organization, Role, Staff
from console.organizations.tasks import write_about_approvals
from tests.alerts.test_inbox import words_of
from tests.conftest import signed_in
from tests.factories import NOW, PASSWORD, StaffFactory
from tests.pages import names

pytestmark = pytest.mark.django_db


@pytest.fixture
def erika(nordbank: Organization) -> Staff:
    """Approver at Nordbank."""
    return StaffFactory(organization=nordbank, user__name="Erika Approver", role=Role.APPROVER)


def person(staff: Staff, page: str = "detail") -> str:
    return staff.organization.url(f"staff:staff_{page}", staff.user_id)


def ask(by: Staff, about: Staff, role: str, **more: Any) -> Approval:
    return approving.ask("role", about.user_id, by=by, at=timezone.now(), given={"role": role}, **more)


def decide(by: Staff, approval: Approval, verdict: str = "approved") -> str:
    url = approval.organization.url("approval_decide", approval.pk)
    return words_of(signed_in(by).post(url, {"verdict": verdict, "comment": "Seen."}, follow=True))


def role_of(staff: Staff) -> str:
    staff.refresh_from_db()
    return staff.role


@pytest.fixture(params=["nordbank", "southbank"])
def bank(request: pytest.FixtureRequest, alice: Staff, charlie: Staff) -> Staff:
    """The admin of each of two banks."""
    return alice if request.param == "nordbank" else charlie


def test_one_asks_and_another_approves(bank: Staff) -> None:
    checker = StaffFactory(organization=bank.organization, role=Role.APPROVER)
    ada = StaffFactory(organization=bank.organization, role=Role.ANALYST, user__name="Ada")
    asked = signed_in(bank).post(
        person(ada, "role"), {"role": "approver", "comment": "For May."}, follow=True
    )
    assert "Waits for approval: Analyst → Approver" in words_of(asked)
    listed = signed_in(bank).get(bank.organization.url("staff:staff_list"))
    assert "Analyst → Approver" in words_of(listed)
    assert role_of(ada) == "analyst"
    approval = Approval.objects.get()
    page = words_of(signed_in(checker).get(approval.get_absolute_url()))
    for words in ("Make Ada approver", "For May.", "Analyst Approver changed"):
        assert words in page
    assert "the role counts from the person’s next page on." in decide(checker, approval)
    assert (role_of(ada), ada.approval, ada.role_since) == (
        "approver",
        approval,
        Approval.objects.get().closed_at,
    )
    assert "Waits for approval" not in words_of(signed_in(bank).get(person(ada)))


def test_the_same_person_at_two_banks_is_asked_about_at_both(
    alice: Staff, charlie: Staff, bob: Staff
) -> None:
    theirs = StaffFactory(organization=charlie.organization, user=bob.user, role=Role.ANALYST)
    StaffFactory(organization=charlie.organization, role=Role.APPROVER)
    ask(alice, bob, "viewer")
    asked = ask(charlie, theirs, "operator")
    assert Approval.objects.filter(state="waiting").count() == 2
    assert "→ Operator" not in words_of(signed_in(alice).get(person(bob)))
    assert signed_in(alice).get(alice.organization.url("approval_detail", asked.pk)).status_code == 404


def test_nobody_decides_about_themselves(alice: Staff, erika: Staff) -> None:
    asked = ask(alice, erika, "admin")
    assert "It is about yourself" in words_of(signed_in(erika).get(asked.get_absolute_url()))
    assert "It is about yourself" in decide(erika, asked)
    assert names(signed_in(erika), alice.organization.url("approval_list")) == []
    assert approving.deciders(asked) == []
    with pytest.raises(MayNotDecide):
        approving.reject(asked, by=erika, at=timezone.now(), comment="No")
    assert role_of(erika) == "approver"


def test_nobody_asks_for_themselves(alice: Staff, erika: Staff) -> None:
    answer = signed_in(alice).post(person(alice, "role"), {"role": "viewer"}, follow=True)
    assert "Another admin changes your own role and access." in words_of(answer)
    assert not Approval.objects.exists()


def test_where_nobody_else_decides_it_says_so_and_an_operator_mends_it(alice: Staff, bob: Staff) -> None:
    answer = signed_in(alice).post(person(bob, "role"), {"role": "approver"}, follow=True)
    assert "nobody else here can decide yet. Whoever runs the server" in words_of(answer)
    call_command("create_staff", "erik@bank.example", organization="nordbank", role="approver")
    erik = Staff.objects.get(user__email="erik@bank.example")
    decide(erik, Approval.objects.get())
    assert role_of(bob) == "approver"


def test_the_letter_says_what_the_role_is_now(alice: Staff, erika: Staff, bob: Staff) -> None:
    ask(alice, bob, "marketer")
    write_about_approvals()
    assert "Role: Marketer (now: Analyst)" in mail.outbox[-1].body


def test_another_role_meanwhile_voids_it(alice: Staff, erika: Staff, bob: Staff) -> None:
    asked = ask(alice, bob, "marketer")
    call_command("create_staff", bob.user.email, organization="nordbank", role="viewer")
    assert "It is void" in decide(erika, asked)
    assert role_of(bob) == "viewer"


def test_the_last_admin_stays(alice: Staff, erika: Staff) -> None:
    second = StaffFactory(organization=alice.organization, role=Role.ADMIN)
    asked = ask(alice, second, "viewer")
    call_command("create_staff", alice.user.email, organization="nordbank", role="viewer")
    assert "An organization keeps an admin." in decide(erika, asked)
    assert role_of(second) == "admin"


def test_who_may_not_decide_does_not(alice: Staff, erika: Staff, bob: Staff, vera: Staff) -> None:
    asked = ask(alice, vera, "analyst")
    url = asked.organization.url("approval_decide", asked.pk)
    assert signed_in(bob).post(url, {"verdict": "approved"}).status_code == 403
    decide(erika, asked, "rejected")
    assert (role_of(vera), Approval.objects.get().state) == ("viewer", "rejected")
    assert "Seen." in words_of(signed_in(alice).get(person(vera)))


@pytest.mark.parametrize(("role", "given"), [("viewer", "viewer"), ("viewer", "king")])
def test_what_makes_no_sense_is_not_asked_for(alice: Staff, vera: Staff, role: str, given: str) -> None:
    with pytest.raises(Impossible):
        ask(alice, vera, given)


def test_letting_an_approver_in_again_is_asked_for(alice: Staff, erika: Staff) -> None:
    ended = StaffFactory(organization=alice.organization, role=Role.APPROVER, user__name="Ed")
    signed_in(alice).post(person(ended, "access"), {"access": "end"})
    answer = signed_in(alice).post(person(ended, "access"), {"access": "resume"}, follow=True)
    assert "Waits for approval: Let in again as approver" in words_of(answer)
    ended.refresh_from_db()
    assert ended.ended_at
    decide(erika, Approval.objects.get())
    ended.refresh_from_db()
    assert (ended.ended_at, ended.role) == (None, "approver")


def test_the_end_of_access_ends_the_request(alice: Staff, erika: Staff, bob: Staff) -> None:
    asked = ask(alice, bob, "approver")
    signed_in(alice).post(person(bob, "access"), {"access": "end"})
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("void", "The person’s access has ended.")
    assert "Waits" not in words_of(signed_in(alice).get(person(bob)))


def invite(by: Staff, role: str = "approver") -> str:
    said = {"email": "nina@bank.example", "role": role, "days": "7"}
    return words_of(signed_in(by).post(by.organization.url("staff:staff_invite"), said, follow=True))


def test_an_approver_is_invited_by_two(bank: Staff, client: Client) -> None:
    checker = StaffFactory(organization=bank.organization, role=Role.ADMIN)
    assert "Waits for approval" in invite(bank)
    assert mail.outbox == []
    approval, invitation = Approval.objects.get(), Invitation.objects.get()
    again = bank.organization.url("staff:invitation_resend", invitation.pk)
    signed_in(bank).post(again)
    assert mail.outbox == [], "no letter leaves by another way"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda act: act())
        assert "the letter is on its way." in decide(checker, approval)
    link = re.search(r"http\S+(/invitation/\S+/)", mail.outbox[0].body)
    assert link
    client.post(link[1], {"name": "Nina", "password1": PASSWORD, "password2": PASSWORD})
    nina = Staff.objects.get(user__email="nina@bank.example")
    assert (nina.role, nina.approval, nina.organization) == ("approver", approval, bank.organization)


def test_an_invitation_that_was_withdrawn_or_refused_lets_nobody_in(alice: Staff, erika: Staff) -> None:
    invite(alice)
    decide(erika, Approval.objects.get(), "rejected")
    listed = alice.organization.url("staff:staff_list")
    assert "Not approved See the request" in words_of(signed_in(alice).get(listed))
    invite(alice, "admin")
    invitation = Invitation.objects.pending().get()
    signed_in(alice).post(alice.organization.url("staff:invitation_withdraw", invitation.pk))
    assert set(Approval.objects.values_list("state", flat=True)) == {"rejected", "void"}
    assert mail.outbox == []


def as_page(staff: Staff, act: Callable[[], Any]) -> None:
    """What code of a page could try, in the scope of a page."""
    with pytest.raises(DatabaseError), transaction.atomic(), scope.inside(staff.organization):
        act()


def test_the_database_refuses_a_role_that_nobody_approved(alice: Staff, erika: Staff, bob: Staff) -> None:
    rows = Staff.objects.filter(pk=bob.pk)
    as_page(alice, lambda: rows.update(role="approver"))
    as_page(alice, lambda: rows.update(role="viewer"))
    waiting = ask(alice, bob, "approver")
    as_page(alice, lambda: rows.update(role="approver", approval=waiting))
    approving.approve(waiting, by=erika, at=timezone.now())
    as_page(alice, lambda: rows.update(role="admin"))
    later = ask(alice, bob, "viewer")
    approving.approve(later, by=erika, at=timezone.now())
    as_page(alice, lambda: rows.update(role="approver", approval=waiting))
    as_page(alice, lambda: rows.update(role="admin", approval=later))
    assert role_of(bob) == "viewer"


def test_the_database_refuses_who_comes_in_unapproved(alice: Staff, erika: Staff, bob: Staff) -> None:
    as_page(
        alice, lambda: StaffFactory(organization=alice.organization, user=StaffFactory().user, role="admin")
    )
    Staff.objects.filter(pk=erika.pk).update(ended_at=NOW)
    as_page(alice, lambda: Staff.objects.filter(pk=erika.pk).update(ended_at=None))
    as_page(alice, lambda: Staff.objects.filter(pk=erika.pk).update(ended_at=None, role="viewer"))
    invitation, _ = Invitation.objects.invite(
        alice.organization, email="x@y.example", role="admin", by=alice, at=NOW, lasts=timedelta(days=1)
    )
    as_page(
        alice, lambda: Invitation.objects.filter(pk=invitation.pk).update(approval=ask(alice, bob, "viewer"))
    )


def test_pages_neither_change_nor_delete_what_was_decided(alice: Staff, erika: Staff, bob: Staff) -> None:
    asked = approving.approve(ask(alice, bob, "viewer"), by=erika, at=timezone.now())
    decisions = Decision.objects.filter(approval=asked)
    as_page(alice, decisions.delete)
    as_page(alice, lambda: decisions.update(comment="Something else."))
    as_page(alice, lambda: Approval.objects.filter(pk=asked.pk)._raw_delete("default"))
    assert decisions.get().comment == ""
