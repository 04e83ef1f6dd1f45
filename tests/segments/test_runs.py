"""The list of refreshes says what waited, what ran and what went wrong; a segment is counted as often as staff say."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from console.organizations.models import Organization, Staff
from segments.models import Run, Segment
from tests.conftest import signed_in
from tests.factories import NOW, OrganizationFactory, SegmentFactory

pytestmark = pytest.mark.django_db
CZECH = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}


@pytest.fixture
def client(bob: Staff) -> Client:
    return signed_in(bob)


@pytest.fixture
def segment(nordbank: Organization) -> Segment:
    made: Segment = SegmentFactory(organization=nordbank, name="Czech", definition=CZECH)
    return made


def ran(segment: Segment, state: str, **said: Any) -> Run:
    """A refresh that waited 2 seconds and took 3."""
    given: dict[str, Any] = {
        "requested_at": NOW,
        "started_at": NOW + timedelta(seconds=2),
        "finished_at": NOW + timedelta(seconds=5),
        "version": segment.version,
    }
    run: Run = segment.runs.create(organization=segment.organization, state=state, **(given | said))
    return run


def listed(client: Client, organization: Organization, **asked: str) -> str:
    answer = client.get(organization.url("segments:run_list"), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_refresh_says_how_long_it_waited_and_took_and_what_it_did(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    ran(segment, "done", members=1234, entered=17, left=5)
    text = listed(client, nordbank)
    for said in ("Czech", "Done", "2.0 s", "3.0 s", "1,234", "17", "version 1"):
        assert said in text


def test_a_failed_one_says_why_and_is_found(client: Client, nordbank: Organization, segment: Segment) -> None:
    ran(segment, "done")
    ran(segment, "failed", error="“country” is not a field of customers.")
    assert "“country” is not a field of customers." in listed(client, nordbank, state="failed")
    assert "is not a field" not in listed(client, nordbank, state="done")


def test_those_of_one_segment_are_found(client: Client, nordbank: Organization, segment: Segment) -> None:
    other = SegmentFactory(organization=nordbank, name="Other", definition=CZECH)
    ran(segment, "failed", error="Ours broke.")
    ran(other, "failed", error="The other broke.")
    text = listed(client, nordbank, segment=str(segment.pk))
    assert "Ours broke." in text
    assert "The other broke." not in text


def test_another_banks_are_not_there(client: Client, nordbank: Organization) -> None:
    theirs = SegmentFactory(organization=OrganizationFactory(), name="Theirs", definition=CZECH)
    ran(theirs, "failed", error="Theirs broke.")
    text = listed(client, nordbank)
    assert "Theirs broke." not in text
    assert "Nothing was counted yet" in text


@pytest.mark.parametrize(("every", "kept"), [("3600", timedelta(hours=1)), ("", None)])
def test_staff_say_how_often_it_is_counted(
    client: Client, nordbank: Organization, segment: Segment, every: str, kept: timedelta | None
) -> None:
    Segment.objects.filter(pk=segment.pk).update(refresh_every=timedelta(days=1))
    answer = client.post(nordbank.url("segments:segment_schedule", segment.pk), {"every": every}, follow=True)
    segment.refresh_from_db()
    assert segment.refresh_every == kept
    assert f'<option value="{every}" selected>' in answer.content.decode()


def test_an_interval_that_is_not_offered_changes_nothing(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    answer = client.post(nordbank.url("segments:segment_schedule", segment.pk), {"every": "1"}, follow=True)
    segment.refresh_from_db()
    assert segment.refresh_every is None
    assert "not one of the intervals" in answer.content.decode()


def test_who_may_only_look_reads_how_often(nordbank: Organization, vera: Staff, segment: Segment) -> None:
    Segment.objects.filter(pk=segment.pk).update(refresh_every=timedelta(seconds=900))
    page = signed_in(vera).get(segment.get_absolute_url()).content.decode()
    assert "Every 15 minutes." in page
    assert "how often members are counted" not in page
    refused = signed_in(vera).post(nordbank.url("segments:segment_schedule", segment.pk), {"every": ""})
    assert refused.status_code == 403
