"""Personal data leave as a file only when a second person agreed, for a purpose, to one person, for a day."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from console.customers.models import Download
from console.organizations import scope
from console.organizations.models import Approval, Organization, Role, Staff
from tests.alerts.test_inbox import words_of
from tests.approvals import another, approved
from tests.conftest import signed_in, stale
from tests.customers.files import ask, decide, file_url
from tests.factories import NOW, CustomerFactory, SegmentFactory, StaffFactory
from tests.pages import streamed
from tests.segments.test_refresh import CZECHS, GERMANS, refreshed

pytestmark = pytest.mark.django_db


@pytest.fixture
def six(nordbank: Organization) -> None:
    CustomerFactory.create_batch(6, organization=nordbank, country="CZ")
    CustomerFactory.create_batch(4, organization=nordbank, country="DE")


@pytest.fixture(params=["nordbank", "southbank"])
def maker(request: pytest.FixtureRequest, alice: Staff, charlie: Staff) -> Staff:
    """Who exports at each of two banks, where six customers are Czech."""
    admin = alice if request.param == "nordbank" else charlie
    CustomerFactory.create_batch(6, organization=admin.organization, country="CZ")
    CustomerFactory.create_batch(5, organization=admin.organization, country="DE")
    return StaffFactory(organization=admin.organization, role=Role.OPERATOR, user__name="Oli")


def test_one_asks_another_approves_and_the_first_downloads(maker: Staff) -> None:
    page = maker.organization.url("customers:customer_export")
    text = words_of(signed_in(maker).get(page, {"country": "CZ"}))
    for words in ("6 customers as a CSV file", "Country CZ", "Opaque id, Name", "as they are"):
        assert words in text
    asked = ask(maker, country="CZ", columns=["", "email"])
    assert (asked.audience, asked.title) == (6, "Export 6 customers")
    own = words_of(signed_in(maker).get(asked.get_absolute_url()))
    assert "Download as CSV" not in own
    assert signed_in(maker).get(file_url(asked)).status_code == 302
    theirs = words_of(signed_in(another(maker)).get(asked.get_absolute_url()))
    for words in ("Letters for May", "Opaque id, Name, Email", "Taken by – Oli"):
        assert words in theirs
    decide(asked)
    assert "“Export 6 customers” is approved" in words_of(
        signed_in(maker).get(maker.organization.url("customers:customer_list"))
    )
    assert "Download as CSV" in words_of(signed_in(maker).get(asked.get_absolute_url()))
    lines = streamed(signed_in(maker), file_url(asked)).splitlines()
    assert (lines[0], len(lines)) == ("Opaque id,Name,Email", 7)
    assert [(one.staff, one.rows, one.organization) for one in Download.objects.all()] == [
        (maker, 6, maker.organization)
    ]
    assert "Downloaded: 6 customers" in words_of(signed_in(maker).get(asked.get_absolute_url()))


def test_nobody_else_downloads_it(six: None, olga: Staff, alice: Staff, charlie: Staff) -> None:
    asked = ask(olga)
    decide(asked)
    for other in (alice, charlie):
        assert signed_in(other).get(file_url(asked)).status_code == 404
    assert "Download as CSV" not in words_of(signed_in(alice).get(asked.get_absolute_url()))
    assert not Download.objects.exists()


def test_after_a_day_it_is_over(six: None, olga: Staff) -> None:
    asked = ask(olga)
    decide(asked)
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        answer = signed_in(olga).get(file_url(asked), follow=True)
        assert "could be downloaded for 24 hours. Ask for it again." in words_of(answer)
        assert "Download as CSV" not in words_of(answer)
    assert not Download.objects.exists()


@pytest.mark.parametrize("verdict", ["rejected", ""])
def test_what_was_not_approved_is_not_downloaded(six: None, olga: Staff, verdict: str) -> None:
    asked = ask(olga)
    if verdict:
        decide(asked, verdict)
    assert signed_in(olga).get(file_url(asked)).status_code == 302
    assert not Download.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"country": "DE"}, "The list has 4 customers. An export has at least 5"),
        ({"q": "Novak"}, "Take the search out first"),
        ({"since": "yesterday"}, "A filter of the list can’t be read."),
    ],
)
def test_what_is_not_exported_is_said(six: None, olga: Staff, data: dict[str, str], words: str) -> None:
    page = olga.organization.url("customers:customer_export")
    assert words in words_of(signed_in(olga).get(page, data, follow=True))
    assert not Approval.objects.exists()


def test_the_organization_sets_how_few_are_too_few(six: None, alice: Staff, olga: Staff) -> None:
    asked = ask(olga)
    given = {"second_approver_above": None, "export_minimum": 11}
    approved("settings", alice.organization_id, by=alice, given=given)
    decide(asked)
    asked.refresh_from_db()
    assert asked.state == "void"
    assert "An export has at least 11" in asked.reason


def test_a_purpose_is_needed(six: None, olga: Staff) -> None:
    answer = signed_in(olga).post(olga.organization.url("customers:customer_export"), {"purpose": ""})
    assert answer.status_code == 422
    assert not Approval.objects.exists()


def test_who_reads_names_no_more_takes_no_names(six: None, olga: Staff) -> None:
    asked = ask(olga)
    decide(asked)
    Staff.objects.filter(pk=olga.pk).update(role=Role.ANALYST)
    olga.refresh_from_db()
    answer = signed_in(olga).get(file_url(asked), follow=True)
    assert "no longer the list that was approved" in words_of(answer)
    assert not Download.objects.exists()


def test_other_rules_of_its_segment_void_it(six: None, olga: Staff) -> None:
    inner = SegmentFactory(organization=olga.organization, definition=CZECHS, name="Czechs")
    segment = SegmentFactory(organization=olga.organization)
    made_from = {"field": "segment", "operator": "in", "value": [str(inner.pk)]}
    segment.save_definition({**CZECHS, "rules": [made_from]}, by=olga, at=NOW)
    for each in (inner, segment):
        refreshed(each)
    waiting = ask(olga, segment=str(segment.pk))
    assert ("Segment: who is in it", "Customers where segment is “Czechs”.") in map(tuple, waiting.after)
    taken = ask(olga, segment=str(inner.pk))
    decide(taken)
    inner.save_definition(GERMANS, by=olga, at=NOW)
    decide(waiting)
    waiting.refresh_from_db()
    assert waiting.state == "void"
    answer = signed_in(olga).get(file_url(taken), follow=True)
    assert "no longer the list that was approved" in words_of(answer)
    assert not Download.objects.exists()


def test_after_a_proof_the_person_is_back_at_the_request(six: None, olga: Staff) -> None:
    asked = ask(olga)
    decide(asked)
    page = asked.get_absolute_url()
    answer = stale(olga).get(file_url(asked), headers={"Referer": f"http://testserver{page}"})
    assert (
        answer.headers["Location"] == f"{reverse('account_reauthenticate')}?next={page.replace('/', '%2F')}"
    )


def test_the_database_keeps_downloads_to_what_was_approved(six: None, olga: Staff, bob: Staff) -> None:
    asked = ask(olga)
    fields: dict[str, Any] = {"organization": olga.organization, "approval": asked, "staff": olga, "rows": 10}

    def refused(**changed: Any) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), scope.inside(olga.organization):
            Download.objects.create(**{**fields, "at": timezone.now(), **changed})

    refused()
    decide(asked)
    refused(staff=bob)
    refused(at=timezone.now() + timedelta(hours=25))
    Download.objects.create(**fields, at=timezone.now())
    for act in (Download.objects.all().delete, lambda: Download.objects.update(rows=1)):
        with pytest.raises(DatabaseError), transaction.atomic(), scope.inside(olga.organization):
            act()
