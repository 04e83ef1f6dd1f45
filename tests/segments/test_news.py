"""Who looks after a segment is written to when it can't be counted any more, and when it moves more than they set."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from console.organizations.models import Organization, Staff
from console.overview.tasks import moved_segments
from segments import tasks
from segments.freshness import refreshing
from segments.models import Run, Segment, SegmentVersion
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, SegmentFactory

pytestmark = pytest.mark.django_db
CZECH = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}
BROKEN = {"combinator": "and", "rules": [{"field": "loyalty", "operator": "=", "value": "gold"}]}


@pytest.fixture
def czechs(nordbank: Organization, bob: Staff) -> Segment:
    """Ten Czechs, whom bob looks after and of whom a fifth may move."""
    for _ in range(10):
        CustomerFactory(organization=nordbank, country="CZ")
    made: Segment = SegmentFactory(
        organization=nordbank, name="Czechs", definition=CZECH, owner=bob, tell_above=20
    )
    counted(made)
    return made


def counted(segment: Segment, days: float = 0) -> Run:
    at = timezone.now() + timedelta(days=days)
    fresh = Segment.objects.get(pk=segment.pk)
    run = refreshing.execute(fresh.request_refresh(by=None, at=at).pk, at=at)
    assert run is not None
    return run


def arrive(organization: Organization, number: int) -> None:
    for _ in range(number):
        CustomerFactory(organization=organization, country="CZ")


def break_rules(segment: Segment, definition: Any = BROKEN) -> None:
    SegmentVersion.objects.filter(segment=segment).update(definition=definition)


def letters() -> list[Any]:
    """What is written now."""
    mail.outbox.clear()
    tasks.write_about_runs()
    return list(mail.outbox)


def test_the_first_count_is_no_news(czechs: Segment) -> None:
    assert letters() == []


def test_the_owner_is_written_to_when_it_moves_more_than_was_set(
    czechs: Segment, nordbank: Organization, bob: Staff
) -> None:
    arrive(nordbank, 3)
    assert counted(czechs).news == "moved"
    (letter,) = letters()
    assert letter.to == [bob.user.email]
    assert letter.subject == "Segment “Czechs” moved from 10 to 13 members"
    assert "more than 20 %" in letter.body
    assert "3 entered and 0 left" in letter.body
    assert czechs.get_absolute_url() in letter.body
    assert letters() == []


def test_who_comes_and_goes_is_not_set_off_against_each_other(
    czechs: Segment, nordbank: Organization
) -> None:
    nordbank.customers.filter(pk__in=nordbank.customers.values("pk")[:3]).update(country="DE")
    arrive(nordbank, 3)
    run = counted(czechs)
    assert (run.members, run.news) == (10, "moved")


def test_a_smaller_move_is_no_news(czechs: Segment, nordbank: Organization) -> None:
    arrive(nordbank, 2)
    assert counted(czechs).news == ""


def test_without_a_share_no_move_is_news(czechs: Segment, nordbank: Organization) -> None:
    Segment.objects.update(tell_above=None)
    arrive(nordbank, 10)
    assert counted(czechs).news == ""


def test_a_move_by_new_rules_is_no_news(czechs: Segment, alice: Staff) -> None:
    elsewhere = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "DE"}]}
    czechs.save_definition(elsewhere, by=alice, at=NOW)
    run = counted(czechs)
    assert (run.left, run.news) == (10, "")


def test_the_first_failure_is_news_and_so_is_one_after_it_went_well(czechs: Segment, bob: Staff) -> None:
    break_rules(czechs)
    assert [counted(czechs, day).news for day in (1, 2)] == ["failed", ""]
    (letter,) = letters()
    assert letter.to == [bob.user.email]
    assert letter.subject == "Segment “Czechs” can’t be counted"
    assert "“loyalty” is not a field of customers" in letter.body
    break_rules(czechs, CZECH)
    assert counted(czechs, 3).news == ""
    break_rules(czechs)
    assert counted(czechs, 4).news == "failed"


def test_where_nobody_looks_after_it_the_admins_are_written_to(
    czechs: Segment, alice: Staff, bob: Staff
) -> None:
    bob.end(by=alice, at=NOW)
    break_rules(czechs)
    counted(czechs)
    assert [letter.to for letter in letters()] == [[alice.user.email]]


def test_a_mail_server_that_refuses_is_asked_again(czechs: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    break_rules(czechs)
    counted(czechs)

    def refuse(*args: Any, **options: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert letters() == []
    assert len(letters()) == 1


def test_what_happened_days_ago_is_not_written_about(czechs: Segment) -> None:
    break_rules(czechs)
    counted(czechs, -3)
    assert letters() == []


def test_a_move_stands_on_the_page_of_the_segment_and_on_the_first_page(
    czechs: Segment, nordbank: Organization, bob: Staff
) -> None:
    arrive(nordbank, 3)
    counted(czechs)
    page = signed_in(bob).get(czechs.get_absolute_url()).content.decode()
    assert "It moved by more than 20 %" in page
    assert "From 10 to 13 members" in page
    (task,) = moved_segments(nordbank, at=timezone.now())
    assert task.heading == "Segment “Czechs” went from 10 to 13 members"
    assert moved_segments(nordbank, at=timezone.now() + timedelta(days=3)) == []


def test_the_share_is_set_where_the_schedule_is(nordbank: Organization, czechs: Segment, bob: Staff) -> None:
    client = signed_in(bob)
    address = nordbank.url("segments:segment_schedule", czechs.pk)
    page = client.post(address, {"every": "", "tell": "35"}, follow=True).content.decode()
    assert 'name="tell" value="35"' in page
    czechs.refresh_from_db()
    assert czechs.tell_above == 35
    for wrong, said in (("x", "whole number of per cent"), ("0", "1 or more"), ("5000", "1,000 or less")):
        assert said in client.post(address, {"every": "", "tell": wrong}, follow=True).content.decode()
    czechs.refresh_from_db()
    assert czechs.tell_above == 35
