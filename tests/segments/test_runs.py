"""The list of refreshes says what waited, what ran and what went wrong; a segment is counted as often as staff say."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from console.organizations.models import Organization, Staff
from segments.definition.faults import Fault
from segments.freshness import refreshing
from segments.models import Run, Segment
from segments.runs import views
from segments.runs.failing import OTHERWISE, RULES, advice
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, OrganizationFactory, SegmentFactory

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


def page_of(client: Client, run: Run) -> str:
    answer = client.get(run.get_absolute_url())
    assert answer.status_code == 200
    return str(answer.content.decode())


def counted(segment: Segment) -> Run:
    run = refreshing.execute(segment.request_refresh(by=None, at=NOW).pk, at=NOW)
    assert run is not None
    return run


def test_the_page_of_one_says_what_it_did_to_whom_and_by_which_plan(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    anna = CustomerFactory(organization=nordbank, external_id="C-17", country="CZ")
    CustomerFactory(organization=nordbank, external_id="C-18", country="DE")
    counted(segment)
    type(anna).objects.filter(pk=anna.pk).update(country="DE")
    CustomerFactory(organization=nordbank, external_id="C-19", country="CZ")
    run = counted(segment)
    text = page_of(client, run)
    assert (run.members, run.entered, run.left) == (1, 1, 1)
    assert [text.count(f'">{word}</span>') for word in ("Entered", "Left")] == [1, 1]
    assert nordbank.url("customers:customer_detail", anna.pk) in text
    assert "customers" in text[text.index("How the database finds them") :]
    assert re.search(r">Version 1</a>\s*<span[^>]*>in force<", text)


@pytest.mark.parametrize(
    ("looked_at", "said"),
    [
        (None, "It looked at all 2 customers."),
        (1, "It looked at 1 of 2 customers: of the others nothing had changed."),
        (0, "Nothing had changed, so it looked at none of the 2 customers."),
    ],
)
def test_the_page_of_one_says_at_how_many_of_all_it_looked(
    client: Client, nordbank: Organization, segment: Segment, looked_at: int | None, said: str
) -> None:
    CustomerFactory.create_batch(2, organization=nordbank)
    CustomerFactory(organization=OrganizationFactory())
    assert said in page_of(client, ran(segment, "done", members=0, entered=0, left=0, looked_at=looked_at))


def test_every_entry_leads_to_the_refresh_that_caused_it(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    anna = CustomerFactory(organization=nordbank, country="CZ")
    run = counted(segment)
    for name, pk in (
        ("segment_detail", segment.pk),
        ("segment_events", segment.pk),
        ("members_at", segment.pk),
        ("customer_history", anna.pk),
    ):
        asked = {"on": NOW.date().isoformat()} if name == "members_at" else {}
        page = client.get(nordbank.url(f"segments:{name}", pk), asked).content.decode()
        assert f'href="{run.get_absolute_url()}"' in page, name
    assert f'href="{run.get_absolute_url()}"' in listed(client, nordbank)


def test_the_page_of_a_failed_one_says_what_to_do_and_tries_again(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    failed = ran(segment, "failed", error="“tier” is not a field of customers.")
    text = page_of(client, failed)
    assert "“tier” is not a field of customers." in text
    assert RULES in text
    answer = client.post(nordbank.url("segments:run_again", failed.pk))
    again = segment.runs.get(state="queued")
    assert answer.headers["Location"] == again.get_absolute_url()
    assert "It waits for a worker" in page_of(client, again)


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        ("The database could not finish it: canceling statement due to statement timeout", "It took longer"),
        ("The database could not finish it: deadlock detected", "Something else wrote"),
        ("The database could not finish it: something new", OTHERWISE),
    ],
)
def test_why_the_database_gave_up_decides_what_to_do(segment: Segment, error: str, begins: str) -> None:
    assert advice(ran(segment, "failed", error=error)).startswith(begins)


def test_one_whose_rules_can_not_be_read_any_more_still_has_its_page(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    gone = {"combinator": "and", "rules": [{"field": "gone", "operator": "=", "value": "x"}]}
    version = segment.versions.create(number=2, definition=gone, created_at=NOW)
    text = page_of(client, ran(segment, "failed", version=version, error="It is gone."))
    assert "Version 2 can’t be evaluated any more." in text


def test_an_archived_segment_is_not_counted_again(
    client: Client, nordbank: Organization, segment: Segment
) -> None:
    run = ran(segment, "done", members=0, entered=0, left=0)
    segment.archive(at=NOW)
    assert "Count once more" not in page_of(client, run)
    answer = client.post(nordbank.url("segments:run_again", run.pk), follow=True)
    assert "is archived" in answer.content.decode()
    assert segment.runs.count() == 1


def test_who_may_only_look_sees_the_page_without_the_button(
    nordbank: Organization, vera: Staff, segment: Segment
) -> None:
    run = ran(segment, "failed", error="It is gone.")
    assert "Try again" not in page_of(signed_in(vera), run)
    assert signed_in(vera).post(nordbank.url("segments:run_again", run.pk)).status_code == 403


def test_another_banks_refresh_is_not_found(client: Client, nordbank: Organization) -> None:
    theirs = ran(SegmentFactory(organization=OrganizationFactory(), definition=CZECH), "done")
    assert client.get(nordbank.url("segments:run_detail", theirs.pk)).status_code == 404


def test_a_page_that_watches_a_refresh_is_loaded_anew_once_it_has_ended(
    client: Client, segment: Segment
) -> None:
    run = ran(segment, "running", finished_at=None)
    asked = {"HX-Request": "true", "HX-Target": "run"}
    under_way = client.get(run.get_absolute_url(), headers=asked)
    assert "Counting since" in under_way.content.decode()
    assert "HX-Refresh" not in under_way.headers
    run.state, run.finished_at, run.members = "done", NOW + timedelta(seconds=5), 0
    run.save()
    assert client.get(run.get_absolute_url(), headers=asked).headers["HX-Refresh"] == "true"


def test_the_page_of_a_failed_one_stands_where_the_database_can_t_say_how_it_would_go_about_it(
    client: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(run: Run, *, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing_of_the_kind")

    run = ran(segment, "failed", error="The database could not finish it: permission denied")
    monkeypatch.setattr(views, "plan_of", refused)
    answer = client.get(run.get_absolute_url())
    assert answer.status_code == 200
    assert "permission denied" in answer.content.decode()


def test_a_failed_one_leads_to_the_rules_where_they_are_at_fault(client: Client, segment: Segment) -> None:
    edit = segment.organization.url("segments:segment_edit", segment.pk)
    for error, is_led in (
        ("Rule 1: Choose another field.", True),
        ("The database could not finish it: x", False),
    ):
        text = client.get(ran(segment, "failed", error=error).get_absolute_url()).content.decode()
        assert (edit in text) == is_led


def test_a_fault_says_which_rule_by_the_number_that_the_builder_gives_it() -> None:
    assert Fault("/rules/1/value/rules/0/value", "Write a number.").told == "Rule 2.1: Write a number."
    assert Fault("/rules/0/meta/where/rules/2", "Choose a test.").told == "Rule 1.3: Choose a test."
    assert Fault("", "Add a rule.").told == "Add a rule."
