"""Versions of a segment compared and restored, its growth and its counts, by our own API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from console.organizations.models import Organization
from segments.freshness.refreshing import execute
from segments.models import Segment
from tests.api.conftest import Call
from tests.factories import CustomerFactory, SegmentFactory
from tests.segments.explained import rule, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def segment(nordbank: Organization) -> Segment:
    """Two versions, the first counted two days ago with one member, the second now with two."""
    CustomerFactory(organization=nordbank, country="CZ")
    CustomerFactory.create_batch(2, organization=nordbank, country="DE")
    made: Segment = SegmentFactory(organization=nordbank, name="Of one country")
    now = timezone.now()
    for country, at in (("CZ", now - timedelta(days=2)), ("DE", now)):
        made.save_definition(rules(rule("country", "=", country)), by=None, at=at)
        execute(made.request_refresh(by=None, at=at).pk, at=at)
    return made


def test_two_versions_are_compared_rule_by_rule(call: Call, segment: Segment) -> None:
    status, body = call("GET", f"/segments/{segment.pk}/comparison")
    assert (status, body["before"], body["after"], body["summary"]) == (200, 1, 2, "1 rule changed.")
    assert [(one["mark"], one["before"], one["words"]) for one in body["lines"]][1] == (
        "changed",
        "Country is CZ",
        "Country is DE",
    )
    status, body = call("GET", f"/segments/{segment.pk}/comparison", before="2", after="1")
    assert (status, body["before_in_words"]) == (200, "Customers where country is DE.")


def test_a_version_that_is_not_there_is_said_so(call: Call, segment: Segment) -> None:
    status, body = call("GET", f"/segments/{segment.pk}/comparison", after="7")
    assert (status, body["errors"][0]["pointer"]) == (422, "/query/after")
    assert call("POST", f"/segments/{segment.pk}/versions/7/restore", {})[0] == 404


def test_a_version_is_put_in_force_again_as_the_next_one(call: Call, segment: Segment) -> None:
    assert call("POST", f"/segments/{segment.pk}/versions/1/restore", {"version": 1})[0] == 409
    status, body = call("POST", f"/segments/{segment.pk}/versions/1/restore", {"version": 2})
    assert (status, body["version"], body["in_words"]) == (200, 3, "Customers where country is CZ.")
    assert body["run"]["state"] == "queued"
    status, body = call("POST", f"/segments/{segment.pk}/versions/1/restore", {})
    assert (status, body["detail"]) == (409, "Version 3, in force, says the same already.")


def test_growth_is_told_day_by_day(call: Call, segment: Segment) -> None:
    status, body = call("GET", f"/segments/{segment.pk}/growth")
    assert status == 200
    assert [(day["members"], day["entered"], day["left"]) for day in body] == [
        (1, 1, 0),
        (1, 0, 0),
        (2, 2, 1),
    ]


def test_counts_are_listed_the_newest_first(call: Call, segment: Segment) -> None:
    _, body = call("GET", f"/segments/{segment.pk}/runs", limit="1")
    assert [(run["state"], run["members"], run["entered"], run["left"]) for run in body["items"]] == [
        ("done", 2, 2, 1)
    ]
    _, body = call("GET", f"/segments/{segment.pk}/runs", limit="1", cursor=body["next"])
    assert [run["members"] for run in body["items"]] == [1]


def test_segments_are_tagged_and_found_by_a_tag(call: Call, segment: Segment) -> None:
    status, body = call("PATCH", f"/segments/{segment.pk}", {"tags": ["spring", "loans"]})
    assert (status, body["tags"]) == (200, ["spring", "loans"])
    found = [call("GET", "/segments", tag=tag)[1]["items"] for tag in ("loans", "autumn")]
    assert [len(items) for items in found] == [1, 0]
    assert call("PATCH", f"/segments/{segment.pk}", {"tags": ["x" * 51]})[0] == 422
