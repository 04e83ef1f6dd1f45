"""Why somebody is in a segment, and who was in it on a past date, by our own API."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from console.demo.rules import ago
from console.organizations.models import KeyScope, Organization, Staff
from segments.freshness.refreshing import execute
from segments.models import Segment
from tests.api.conftest import Call
from tests.factories import AccountFactory, CustomerFactory, SegmentFactory, a_key
from tests.segments.explained import rule, rules

pytestmark = pytest.mark.django_db


def counted(segment: Segment, at: datetime) -> None:
    execute(segment.request_refresh(by=None, at=at).pk, at=at)


@pytest.fixture
def segment(nordbank: Organization, bob: Staff) -> Segment:
    """Ann was in yesterday, Dora is in today: the rules changed in between, and since then Dora has moved."""
    for name, country in (("Ann", "CZ"), ("Dora", "DE")):
        CustomerFactory(organization=nordbank, external_id=name, name=f"{name} Bell", country=country)
    made: Segment = SegmentFactory(organization=nordbank, name="Of one country")
    now = timezone.now()
    for country, at in (("CZ", now - timedelta(days=1)), ("DE", now)):
        made.save_definition(rules(rule("country", "=", country), rule("name", "notNull")), by=bob, at=at)
        counted(made, at)
    nordbank.customers.filter(external_id="Dora").update(country="PL")
    return made


def test_an_explanation_says_each_rule_with_its_place_and_its_value(call: Call, segment: Segment) -> None:
    dora = segment.organization.customers.get(external_id="Dora")
    status, body = call("GET", f"/segments/{segment.pk}/explanations/{dora.pk}")
    assert (status, body["version"], body["is_member"], body["belongs"]) == (200, 2, True, False)
    assert [(one["path"], one["holds"], one["value"]) for one in body["clauses"]] == [
        ("", False, "1 of 2"),
        ("/rules/0", False, "PL"),
        ("/rules/1", True, "Dora Bell"),
    ]
    assert body["in_words"] == "Customers where country is DE and name is recorded."


def test_a_key_that_may_not_read_customers_sees_names_masked(
    nordbank: Organization, segment: Segment
) -> None:
    _, secret = a_key(nordbank, name="reader", scopes=[KeyScope.SEGMENTS_READ])
    dora = nordbank.customers.get(external_id="Dora")
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get(
        f"/api/v1/segments/{segment.pk}/explanations/{dora.pk}"
    )
    assert answer.json()["clauses"][2]["value"] == "D••• B•••"


def test_what_can_not_be_explained_is_a_problem(call: Call, segment: Segment, charlie: Staff) -> None:
    stranger = CustomerFactory(organization=charlie.organization)
    account = AccountFactory(organization=segment.organization)
    for who in (stranger.pk, account.pk, uuid4()):
        status, body = call("GET", f"/segments/{segment.pk}/explanations/{who}")
        assert (status, body["status"], body["title"]) == (404, 404, "Not Found")
    segment.versions.update(definition=rules(rule("tier", "=", "Gold")))
    ann = segment.organization.customers.get(external_id="Ann")
    status, body = call("GET", f"/segments/{segment.pk}/explanations/{ann.pk}")
    assert (status, body["belongs"], body["clauses"]) == (200, None, [])
    assert body["faults"][0]["pointer"] == "/rules/0/field"


def test_what_time_alone_will_change_is_foretold(call: Call, segment: Segment) -> None:
    organization = segment.organization
    dora, today = organization.customers.get(external_id="Dora"), organization.local_date(timezone.now())
    url = f"/segments/{segment.pk}/explanations/{dora.pk}/ahead"
    still = {"until": (today + timedelta(days=31)).isoformat(), "day": None, "enters": None}
    assert call("GET", url) == (200, {**still, "held": [], "failed": []})
    segment.save_definition(rules(rule("created_at", ">=", ago(3))), by=None, at=timezone.now())
    status, body = call("GET", url)
    assert (status, body["day"], body["enters"]) == (200, (today + timedelta(days=4)).isoformat(), False)
    assert len(body["failed"]) == 1
    segment.versions.update(definition=rules(rule("tier", "=", "Gold")))
    assert call("GET", url)[0] == 409
    assert call("GET", f"/segments/{segment.pk}/explanations/{uuid4()}/ahead")[0] == 404


def test_members_and_their_number_on_a_past_day(call: Call, segment: Segment) -> None:
    today = segment.organization.local_date(timezone.now())
    for days, names in ((2, []), (1, ["Ann"]), (0, ["Dora"])):
        on = (today - timedelta(days=days)).isoformat()
        items = call("GET", f"/segments/{segment.pk}/members-on", on=on)[1]["items"]
        assert [one["external_id"] for one in items] == names
        assert call("GET", f"/segments/{segment.pk}/count-on", on=on)[1] == {"on": on, "members": len(names)}
    for wrong in ((today + timedelta(days=1)).isoformat(), "0001-01-01", "9999-12-31", "soon"):
        status, body = call("GET", f"/segments/{segment.pk}/members-on", on=wrong)
        assert (status, body["errors"][0]["pointer"].rpartition("/")[2]) == (422, "on")


def test_entries_and_exits_of_a_customer_name_segment_version_and_run(call: Call, segment: Segment) -> None:
    ann = segment.organization.customers.get(external_id="Ann")
    items = call("GET", f"/customers/{ann.pk}/segment-events")[1]["items"]
    assert [(one["change"], one["version"]) for one in items] == [("left", 2), ("entered", 1)]
    runs = {str(pk) for pk in segment.runs.values_list("pk", flat=True)}
    assert {one["run_id"] for one in items} == runs
    assert {one["segment_id"] for one in items} == {str(segment.pk)}
    account = AccountFactory(organization=segment.organization)
    assert call("GET", f"/accounts/{account.pk}/segment-events")[1]["items"] == []
    assert call("GET", f"/accounts/{ann.pk}/segment-events")[0] == 404


def test_versions_are_listed_with_the_one_in_force(call: Call, segment: Segment) -> None:
    items = call("GET", f"/segments/{segment.pk}/versions")[1]["items"]
    assert [(one["number"], one["is_in_force"]) for one in items] == [(2, True), (1, False)]
    assert items[1]["definition"]["rules"][0]["value"] == "CZ"
