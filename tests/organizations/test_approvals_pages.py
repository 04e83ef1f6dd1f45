"""Approvals on pages: what waits for me, side by side in words, approve or reject with a comment, letters to both."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from console.organizations import approving, tasks
from console.organizations.models import Approval, Organization, Role, Staff
from tests.alerts.bank import account_segment, account_with, activate, campaign_on
from tests.alerts.test_inbox import words_of
from tests.conftest import signed_in
from tests.factories import StaffFactory
from tests.pages import names, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def erika(nordbank: Organization) -> Staff:
    """Approver at Nordbank."""
    return StaffFactory(organization=nordbank, user__name="Erika Approver", role=Role.APPROVER)


def ask(by: Staff, name: str = "Low balance", **asked: Any) -> Approval:
    """A request to activate a new campaign of that name."""
    segment = by.organization.segments.first() or account_segment(
        by.organization, account_with(by.organization, "150")
    )
    return approving.ask("campaign", campaign_on(segment, name=name).pk, by=by, at=timezone.now(), **asked)


def page(approval: Approval, action: str = "detail") -> str:
    return approval.organization.url(f"approval_{action}", approval.pk)


def test_each_sees_what_waits_for_them(
    alice: Staff, erika: Staff, vera: Staff, nordbank: Organization
) -> None:
    listed = nordbank.url("approval_list")
    assert "Nothing waits for you" in words_of(signed_in(erika).get(listed))
    ask(alice)
    assert names(signed_in(erika), listed) == ["Activate “Low balance”"]
    assert names(signed_in(alice), listed) == []
    assert names(signed_in(alice), listed, show="mine") == ["Activate “Low balance”"]
    assert names(signed_in(vera), listed, show="all") == ["Activate “Low balance”"]
    assert names(signed_in(vera), listed, show="decided") == []
    rows = signed_in(erika).get(listed, headers={"HX-Request": "true", "HX-Target": "approval-rows"})
    assert "<html" not in rows.content.decode()


def test_each_begins_with_a_view_that_can_hold_something(
    alice: Staff, erika: Staff, vera: Staff, nordbank: Organization
) -> None:
    marketer = StaffFactory(organization=nordbank, role=Role.MARKETER)
    ask(marketer)
    listed = nordbank.url("approval_list")
    for staff in (erika, marketer, vera):
        assert names(signed_in(staff), listed) == ["Activate “Low balance”"]
    assert "Waiting for me" in words_of(signed_in(erika).get(listed))
    for staff in (marketer, vera):
        assert "Waiting for me" not in words_of(signed_in(staff).get(listed))
    assert "Asked by me" in words_of(signed_in(marketer).get(listed))
    assert "Asked by me" not in words_of(signed_in(vera).get(listed))


def test_the_rail_counts_what_the_reader_can_decide_on(alice: Staff, erika: Staff, vera: Staff) -> None:
    ask(alice)
    listed = alice.organization.url("approval_list")
    assert counted(signed_in(erika).get(listed)) == ["1"]
    for staff in (alice, vera):
        assert counted(signed_in(staff).get(listed)) == []


def counted(response: Any) -> list[str]:
    """What the rail says beside Approvals."""
    return re.findall(r'data-nav="approvals".*?count hot">(\d+)', response.content.decode())


def test_side_by_side_in_words_then_approved(alice: Staff, erika: Staff, nordbank: Organization) -> None:
    campaign = campaign_on(account_segment(nordbank), name="Low balance")
    activate(campaign, by=alice, at=timezone.now())
    campaign.pause(by=alice, at=timezone.now())
    campaign.trigger.threshold = 90
    campaign.trigger.save()
    asked = approving.ask("campaign", campaign.pk, by=alice, at=timezone.now(), comment="As agreed.")
    text = words_of(signed_in(erika).get(page(asked)))
    for words in ("falls below 100.00 EUR", "falls below 90.00 EUR changed", "As agreed.", "0 of 1"):
        assert words in text
    answer = signed_in(erika).post(
        page(asked, "decide"), {"verdict": "approved", "comment": "Read and fine."}, follow=True
    )
    assert "Approved: it is active now." in words_of(answer)
    assert "“Read and fine.”" in words_of(answer)


def test_who_rejects_says_why_and_the_maker_reads_it(alice: Staff, erika: Staff) -> None:
    asked = ask(alice)
    answer = signed_in(erika).post(page(asked, "decide"), {"verdict": "rejected"})
    assert answer.status_code == 422
    assert "Say why you reject it" in words_of(answer)
    signed_in(erika).post(page(asked, "decide"), {"verdict": "rejected", "comment": "Far too low."})
    asked.refresh_from_db()
    assert asked.state == "rejected"
    campaign = alice.organization.url("alerts:campaign_detail", asked.subject)
    assert "Erika Approver: Far too low." in words_of(signed_in(alice).get(campaign))


def test_the_maker_may_take_it_back_but_not_decide(alice: Staff, erika: Staff) -> None:
    asked = ask(alice)
    text = words_of(signed_in(alice).get(page(asked)))
    assert "You asked for this, so somebody else decides." in text
    answer = signed_in(alice).post(page(asked, "decide"), {"verdict": "approved"}, follow=True)
    assert "somebody else decides" in words_of(answer)
    assert signed_in(erika).post(page(asked, "take_back")).status_code == 403
    assert "Taken back" in words_of(signed_in(alice).post(page(asked, "take_back"), follow=True))
    again = signed_in(alice).post(page(asked, "take_back"), follow=True)
    assert "It is void already." in words_of(again)
    late = signed_in(erika).post(page(asked, "decide"), {"verdict": "approved"}, follow=True)
    assert "It is void already. Nothing was changed." in words_of(late)


def test_where_nobody_else_can_decide_the_page_says_so_and_how_to_mend_it(alice: Staff, vera: Staff) -> None:
    text = words_of(signed_in(alice).get(page(ask(alice))))
    assert "Nobody else here can decide" in text
    assert "is let in by whoever runs the server" in text


def test_how_many_eyes_there_are_takes_four(alice: Staff, erika: Staff) -> None:
    address = alice.organization.url("approval_size")
    assert signed_in(erika).get(address).status_code == 403
    assert "Sizes of requests" in words_of(signed_in(alice).get(address))
    assert signed_in(alice).post(address, {"second_approver_above": "many"}).status_code == 422
    same = {"second_approver_above": "", "export_minimum": "5"}
    assert "so already" in words_of(signed_in(alice).post(address, same))
    asked = signed_in(alice).post(address, {"second_approver_above": "0", "export_minimum": "5"}, follow=True)
    for words in ("never: one is enough", "0 reached changed", "You asked for this"):
        assert words in words_of(asked)
    assert Organization.objects.get().second_approver_above is None
    assert "A change waits for approval" in words_of(signed_in(alice).get(address))
    signed_in(erika).post(page(Approval.objects.get(), "decide"), {"verdict": "approved"})
    assert ask(StaffFactory(organization=Organization.objects.get())).needed == 2


def test_who_may_what(alice: Staff, bob: Staff, vera: Staff, charlie: Staff) -> None:
    asked = ask(alice)
    assert signed_in(vera).get(page(asked)).status_code == 200
    for staff in (bob, vera):
        assert signed_in(staff).post(page(asked, "decide"), {"verdict": "approved"}).status_code == 403
    assert signed_in(charlie).get(page(asked)).status_code == 404
    foreign = charlie.organization.url("approval_decide", asked.pk)
    assert signed_in(charlie).post(foreign, {"verdict": "approved"}).status_code == 404
    assert signed_in(alice).get(page(asked, "decide")).headers["Location"] == page(asked)


def test_same_queries_for_one_and_three(alice: Staff, erika: Staff, nordbank: Organization) -> None:
    ask(alice, "One")
    listed = nordbank.url("approval_list")
    one = queries(signed_in(erika), listed)
    ask(alice, "Two")
    ask(alice, "Three")
    assert queries(signed_in(erika), listed) == one


def test_letters_go_to_those_who_may_decide_and_then_to_the_maker(
    alice: Staff, erika: Staff, bob: Staff, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://console.bank.example"
    StaffFactory(organization=alice.organization, role=Role.APPROVER, user__is_active=False)
    asked = ask(alice, comment="For the autumn.")
    tasks.write_about_approvals()
    tasks.write_about_approvals()
    letter = mail.outbox.pop()
    assert (letter.to, mail.outbox) == ([erika.user.email], [])
    assert letter.subject == "To approve: Activate “Low balance”"
    for words in ("For the autumn.", "falls below 100.00 EUR", f"https://console.bank.example{page(asked)}"):
        assert words in letter.body
    approving.reject(asked, by=erika, at=timezone.now(), comment="Far too low.")
    tasks.tend_approvals()
    tasks.tend_approvals()
    letter = mail.outbox.pop()
    assert (letter.to, mail.outbox) == ([alice.user.email], [])
    assert "was rejected" in letter.subject
    assert "Far too low." in letter.body


def test_a_mail_server_that_is_away_loses_no_letter(
    alice: Staff, erika: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(alice)
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refusing)
        tasks.tend_approvals()
    assert mail.outbox == []
    tasks.tend_approvals()
    assert [letter.to for letter in mail.outbox] == [[erika.user.email]]


def refusing(*_: Any) -> int:
    raise ConnectionRefusedError("nobody there")
