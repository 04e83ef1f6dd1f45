"""The pages of segments: list, one segment, its refresh, its exchange file."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from console.organizations.models import Organization, Staff
from segments.freshness import refreshing
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import NOW, AccountFactory, CustomerFactory, SegmentFactory
from tests.segments.pages import Builder

pytestmark = pytest.mark.django_db
CZECH = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "CZ"}],
}


@pytest.fixture
def czechs(nordbank: Organization, bob: Staff) -> Segment:
    """Three Czechs, counted."""
    for _ in range(3):
        CustomerFactory(organization=nordbank, country="CZ")
    CustomerFactory(organization=nordbank, country="DE")
    segment: Segment = SegmentFactory(organization=nordbank, name="Czechs", owner=bob)
    segment.save_definition(CZECH, by=bob, at=timezone.now())
    refreshed(segment)
    return segment


def refreshed(segment: Segment) -> None:
    run = segment.request_refresh(by=None, at=timezone.now())
    refreshing.execute(run.pk, at=timezone.now())
    segment.refresh_from_db()


def page(staff: Staff, name: str, *args: Any, **query: str) -> str:
    answer = signed_in(staff).get(staff.organization.url(f"segments:{name}", *args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestList:
    def test_it_says_how_many_belong_and_how_sure_that_is(self, vera: Staff, czechs: Segment) -> None:
        SegmentFactory(organization=vera.organization, name="Uncounted", definition=CZECH)
        text = page(vera, "segment_list")
        assert '<span class="exact">3</span>' in text
        assert "not counted" in text
        assert "Bob Analyst" in text

    def test_a_number_by_rules_that_changed_since_is_marked_old(
        self, vera: Staff, bob: Staff, czechs: Segment
    ) -> None:
        czechs.save_definition(CZECH, by=bob, at=timezone.now())
        assert '<span class="stale">3</span>' in page(vera, "segment_list")

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ({"q": "late"}, {"Late payers"}),
            ({"kind": "assigned"}, {"Tagged"}),
            ({"population": "accounts"}, {"Tagged"}),
            ({"state": "archived"}, {"Old"}),
            ({"state": "empty"}, {"Late payers"}),
            ({}, {"Late payers", "Tagged"}),
        ],
    )
    def test_filters(
        self, vera: Staff, nordbank: Organization, query: dict[str, str], shown: set[str]
    ) -> None:
        SegmentFactory(organization=nordbank, name="Late payers", member_count=0)
        SegmentFactory(organization=nordbank, name="Tagged", kind="assigned", population="accounts")
        SegmentFactory(organization=nordbank, name="Old", archived_at=NOW)
        text = page(vera, "segment_list", **query)
        assert {name for name in ("Late payers", "Tagged", "Old") if f">{name}</a>" in text} == shown

    def test_failed_refreshes_are_found(self, vera: Staff, czechs: Segment, bob: Staff) -> None:
        assert czechs.version is not None
        czechs.runs.create(
            organization=vera.organization,
            version=czechs.version,
            state="failed",
            requested_at=timezone.now(),
        )
        text = page(vera, "segment_list", state="failed")
        assert "Refresh failed" in text
        assert ">Czechs</a>" in text

    def test_the_empty_list_leads_to_the_builder(self, bob: Staff, vera: Staff) -> None:
        assert bob.organization.url("segments:segment_create") in page(bob, "segment_list")
        assert "An analyst or an admin can build the first one." in page(vera, "segment_list")

    def test_own_drafts_stand_above(self, bob: Staff, alice: Staff) -> None:
        builder = Builder(signed_in(bob), bob.organization.url("segments:segment_create"))
        builder.fields["name"] = "Half done"
        builder.press("keep")
        text = page(bob, "segment_list")
        assert "Half done" in text
        assert "<td>Customers</td>" in text
        assert "Half done" not in page(alice, "segment_list")

    def test_as_many_queries_for_three_as_for_one(self, vera: Staff, bob: Staff) -> None:
        client, address = signed_in(vera), vera.organization.url("segments:segment_list")
        client.get(address)
        numbers = []
        for more in (1, 2):
            for _ in range(more):
                SegmentFactory(organization=vera.organization, definition=CZECH, owner=bob)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]

    def test_htmx_gets_the_rows_alone(self, vera: Staff, czechs: Segment) -> None:
        headers = {"HX-Request": "true", "HX-Target": "segment-rows"}
        text = (
            signed_in(vera)
            .get(vera.organization.url("segments:segment_list"), headers=headers)
            .content.decode()
        )
        assert "<html" not in text
        assert "Czechs" in text


class TestOne:
    def test_members_their_entry_the_rules_and_the_week(self, vera: Staff, czechs: Segment) -> None:
        text = page(vera, "segment_detail", czechs.pk)
        assert "Customers where country is CZ." in text
        assert text.count("/customers/") >= 3
        assert "+ 3" in text
        assert "Version 1" in text
        assert "Bob Analyst" in text

    def test_who_left_is_told(self, vera: Staff, czechs: Segment) -> None:
        leaver = vera.organization.customers.filter(country="CZ").first()
        assert leaver is not None
        vera.organization.customers.filter(pk=leaver.pk).update(country="AT")
        refreshed(czechs)
        text = page(vera, "segment_detail", czechs.pk)
        assert "− 1" in text
        events = page(vera, "segment_events", czechs.pk, change="left")
        assert leaver.get_absolute_url() in events
        assert events.count("version 1") == 1

    def test_members_are_paged_by_entry(self, vera: Staff, czechs: Segment) -> None:
        for _ in range(30):
            CustomerFactory(organization=vera.organization, country="CZ")
        refreshed(czechs)
        text = page(vera, "segment_detail", czechs.pk)
        assert "Rows 1–25 of" in text
        assert "?after=" in text

    def test_as_many_queries_for_three_members_as_for_one(self, vera: Staff, nordbank: Organization) -> None:
        segment = SegmentFactory(organization=nordbank, definition=CZECH)
        client, numbers = signed_in(vera), []
        client.get(segment.get_absolute_url())
        for more in (1, 2):
            for _ in range(more):
                CustomerFactory(organization=nordbank, country="CZ")
            refreshed(segment)
            with CaptureQueriesContext(connection) as queries:
                client.get(segment.get_absolute_url())
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]

    def test_a_segment_of_accounts_lists_accounts(self, vera: Staff, nordbank: Organization) -> None:
        account = AccountFactory(organization=nordbank, name="Giro")
        everyone = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
        segment = SegmentFactory(organization=nordbank, population="accounts", definition=everyone)
        refreshed(segment)
        assert f"/accounts/{account.pk}" in page(vera, "segment_detail", segment.pk)

    def test_one_without_rules_or_by_hand_says_so(self, vera: Staff, nordbank: Organization) -> None:
        assert "No rules yet" in page(vera, "segment_detail", SegmentFactory(organization=nordbank).pk)
        tagged = SegmentFactory(organization=nordbank, kind="assigned", population="accounts")
        assert "put in by hand" in page(vera, "segment_detail", tagged.pk)

    def test_rules_that_can_no_longer_be_read_say_why(self, vera: Staff, nordbank: Organization) -> None:
        gone = {"combinator": "and", "rules": [{"field": "loyalty_tier", "operator": "=", "value": "Gold"}]}
        segment = SegmentFactory(organization=nordbank, definition=gone)
        refreshed(segment)
        text = page(vera, "segment_detail", segment.pk)
        assert "The last refresh failed" in text
        assert "loyalty_tier" in text


class TestOtherListsByMembership:
    def test_customers_in_a_segment(self, vera: Staff, czechs: Segment) -> None:
        text = signed_in(vera).get(
            vera.organization.url("customers:customer_list"), {"segment": str(czechs.pk)}
        )
        german = vera.organization.customers.get(country="DE")
        assert str(german) not in text.content.decode()
        assert "Czechs" in text.content.decode()

    def test_accounts_in_a_segment(self, vera: Staff, nordbank: Organization) -> None:
        inside, outside = (AccountFactory(organization=nordbank, name=name) for name in ("Inside", "Outside"))
        segment = SegmentFactory(organization=nordbank, population="accounts", kind="assigned")
        segment.account_memberships.create(organization=nordbank, account=inside, entered_at=NOW)
        answer = signed_in(vera).get(nordbank.url("portfolios:account_list"), {"segment": str(segment.pk)})
        assert inside.external_id in answer.content.decode()
        assert outside.external_id not in answer.content.decode()


class TestRefreshing:
    def test_it_is_asked_for_and_seen_until_it_ends(self, bob: Staff, czechs: Segment) -> None:
        client = signed_in(bob)
        answer = client.post(bob.organization.url("segments:segment_refresh", czechs.pk), follow=True)
        assert "Waiting for a worker" in answer.content.decode()
        headers = {"HX-Request": "true", "HX-Target": "run"}
        assert "hx-trigger" in client.get(czechs.get_absolute_url(), headers=headers).content.decode()
        run = czechs.runs.get(state="queued")
        refreshing.execute(run.pk, at=timezone.now())
        settled = client.get(czechs.get_absolute_url(), headers=headers).content.decode()
        assert "hx-trigger" not in settled.split("</div>")[0]
        assert 'id="figures" hx-swap-oob="true"' in settled

    def test_without_rules_there_is_nothing_to_count(self, bob: Staff, nordbank: Organization) -> None:
        segment = SegmentFactory(organization=nordbank)
        answer = signed_in(bob).post(nordbank.url("segments:segment_refresh", segment.pk), follow=True)
        assert "has no definition yet" in answer.content.decode()


class TestWhoMay:
    READS = ("segment_detail", "segment_events", "segment_export")
    CHANGES = ("segment_refresh", "segment_duplicate", "segment_archive", "segment_restore")

    @pytest.mark.parametrize("name", [*READS, *CHANGES, "segment_edit"])
    def test_outsiders_find_nothing(self, charlie: Staff, bob: Staff, czechs: Segment, name: str) -> None:
        client: Client = signed_in(charlie)
        for organization in (bob.organization, charlie.organization):
            for ask in (client.get, client.post):
                assert ask(organization.url(f"segments:{name}", czechs.pk)).status_code in {404, 405}
        assert client.get(bob.organization.url("segments:segment_list")).status_code == 404

    @pytest.mark.parametrize("name", CHANGES)
    def test_viewers_read_only(self, vera: Staff, czechs: Segment, name: str) -> None:
        client = signed_in(vera)
        assert client.post(vera.organization.url(f"segments:{name}", czechs.pk)).status_code == 403
        assert "Edit rules" not in page(vera, "segment_detail", czechs.pk)

    @pytest.mark.parametrize("name", CHANGES)
    def test_changes_are_posted(self, bob: Staff, czechs: Segment, name: str) -> None:
        assert signed_in(bob).get(bob.organization.url(f"segments:{name}", czechs.pk)).status_code == 405

    @pytest.mark.parametrize("name", READS)
    def test_reading_is_not_posted(self, bob: Staff, czechs: Segment, name: str) -> None:
        assert signed_in(bob).post(bob.organization.url(f"segments:{name}", czechs.pk)).status_code == 405
