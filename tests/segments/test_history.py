"""The past of a segment: who was in when a day ended, what changed between versions, and back to an earlier one."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from console.customers.masking import CLEAR
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from segments import definition
from segments.freshness import refreshing
from segments.history.difference import Line, difference, summary
from segments.history.members import count_on, members_on
from segments.history.versions import CantRestore, restore
from segments.models import MembershipEvent, Segment, VersionConflict
from tests.conftest import signed_in
from tests.factories import CustomerFactory, SegmentFactory
from tests.segments.explained import page, rule, rules

pytestmark = pytest.mark.django_db
CZECH, GERMAN = rules(rule("country", "=", "CZ")), rules(rule("country", "=", "DE"))
MEMBERSHIPS = "segments_customermembership"
LATE = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # half past eleven in Prague


def refreshed(segment: Segment, at: Any) -> None:
    refreshing.execute(segment.request_refresh(by=None, at=at).pk, at=at)
    segment.refresh_from_db()


@pytest.fixture
def moved(nordbank: Organization, bob: Staff) -> Segment:
    """Czechs at first, Germans from the next day on; one of them is both in turn."""
    for name, country in (("Anna", "CZ"), ("Bert", "DE"), ("Cyril", "CZ")):
        CustomerFactory(organization=nordbank, name=name, country=country)
    segment: Segment = SegmentFactory(organization=nordbank, name="Of one country")
    segment.save_definition(CZECH, by=bob, at=LATE)
    refreshed(segment, LATE)
    segment.save_definition(GERMAN, by=bob, at=LATE + timedelta(hours=1))
    refreshed(segment, LATE + timedelta(hours=1))
    nordbank.customers.filter(name="Cyril").update(country="DE")
    refreshed(segment, LATE + timedelta(days=1))
    return segment


class TestMembersOnADate:
    @pytest.mark.parametrize(
        ("day", "names"),
        [(19, set()), (20, {"Anna", "Cyril"}), (21, {"Bert", "Cyril"}), (22, {"Bert", "Cyril"})],
    )
    def test_they_are_the_folded_events_at_the_end_of_the_local_day(
        self, moved: Segment, day: int, names: set[str]
    ) -> None:
        on = date(2026, 11, day)
        assert {row.customer.name for row in members_on(moved, on)} == names
        assert count_on(moved, on) == len(names)

    def test_today_it_is_the_membership_of_now(self, moved: Segment) -> None:
        now = set(moved.customer_memberships.values_list("customer__name", flat=True))
        assert {row.customer.name for row in members_on(moved, date(2026, 12, 31))} == now
        assert all(row.is_in for row in members_on(moved, date(2026, 12, 31)))

    def test_the_page_says_how_many_and_who_left_since(self, moved: Segment, vera: Staff) -> None:
        text = page(vera, "members_at", moved.pk, on="2026-11-20")
        assert '<span class="exact">2</span>' in text
        assert "left since" in text
        assert "20 Nov 2026, 23:30" in text
        Segment.objects.update(created_at=LATE - timedelta(days=2))
        assert "Nobody was in it" in page(vera, "members_at", moved.pk, on="2026-11-19")

    def test_before_it_was_made_nobody_could_be_in_it(self, moved: Segment, vera: Staff) -> None:
        Segment.objects.update(created_at=LATE - timedelta(days=2))
        text = page(vera, "members_at", moved.pk, on="2026-11-17")
        assert "The segment was not there yet" in text
        assert "It was made on 18 Nov 2026." in text

    @pytest.mark.parametrize("on", ["2026-02-30", "yesterday", "", "0001-01-01", "9999-12-31"])
    def test_a_day_that_is_none_or_has_not_come_is_refused_where_it_stands(
        self, moved: Segment, vera: Staff, on: str
    ) -> None:
        text = page(vera, "members_at", moved.pk, status=422, on=on)
        assert 'aria-invalid="true"' in text
        assert f'value="{on}"' in text or on == ""

    def test_those_of_another_bank_have_no_past_here(self, moved: Segment, charlie: Staff) -> None:
        for name in ("members_at", "version_list", "version_compare"):
            page(charlie, name, moved.pk, status=404)


def changes(before: Any, after: Any, organization: Organization) -> Line:
    parsed = [definition.parse(each, "customers", organization) for each in (before, after)]
    return difference(parsed[0], parsed[1], {})


class TestDifference:
    def test_rules_are_kept_changed_added_and_removed(self, nordbank: Organization) -> None:
        before = rules(rule("country", "=", "CZ"), rule("kind", "=", "person"), rule("phone", "null"))
        after = rules(rule("kind", "=", "person"), rule("country", "=", "DE"), rule("email", "null"))
        line = changes(before, after, nordbank)
        assert [(each.mark, each.words, each.before) for each in line.lines] == [
            ("kept", "Kind is person", ""),
            ("changed", "Country is DE", "Country is CZ"),
            ("added", "Email is not recorded", ""),
            ("removed", "Phone is not recorded", ""),
        ]
        assert summary(line) == "1 rule added, 1 removed, 1 changed."

    def test_a_group_that_wants_something_else_is_changed_as_a_whole(self, nordbank: Organization) -> None:
        inner = [rule("country", "=", "CZ"), rule("country", "=", "DE")]
        line = changes(rules(*inner), rules(*inner, combinator="or"), nordbank)
        assert (line.mark, line.before, line.words) == ("changed", "All of these", "Any of these")
        assert [each.mark for each in line.lines] == ["kept", "kept"]

    def test_conditions_of_related_rows_are_compared_one_by_one(self, nordbank: Organization) -> None:
        def block(threshold: int, *inner: Any) -> dict[str, Any]:
            match = {"mode": "atLeast", "threshold": threshold}
            return {"field": "transactions", "operator": "=", "match": match, "value": rules(*inner)}

        credit, large = rule("direction", "=", "credit"), rule("amount", ">", "100.00")
        line = changes(rules(block(2, credit)), rules(block(2, credit, large)), nordbank)
        assert [(each.mark, each.words) for each in line.lines[0].lines] == [
            ("kept", "Direction is credit"),
            ("added", "Amount is over 100.00 EUR"),
        ]
        line = changes(rules(block(2, credit)), rules(block(3, credit)), nordbank)
        assert line.lines[0].mark == "changed"
        assert line.lines[0].before == "At least 2 of their transactions where this holds"

    def test_the_same_rules_are_the_same(self, nordbank: Organization) -> None:
        assert summary(changes(CZECH, {**CZECH, "schema_version": 1}, nordbank)) == "The same rules."


class TestVersions:
    def test_the_list_says_what_each_changed_and_what_that_did(self, moved: Segment, vera: Staff) -> None:
        text = page(vera, "version_list", moved.pk)
        assert "1 rule changed." in text
        assert "The first rules." in text
        assert "Customers where country is CZ." in text

    def test_two_are_compared_and_the_earlier_one_offered(
        self, moved: Segment, vera: Staff, bob: Staff
    ) -> None:
        text = page(bob, "version_compare", moved.pk)
        assert "<del>Country is CZ</del>" in text
        assert "<ins>Country is DE</ins>" in text
        assert "+ 1</b> would enter" in text
        assert "− 2</b> would leave" in text
        assert "Put it in force again" not in page(vera, "version_compare", moved.pk)
        assert "Choose two different ones" in page(
            vera, "version_compare", moved.pk, **{"from": "1", "to": "1"}
        )
        page(vera, "version_compare", moved.pk, status=404, to="7")

    def test_one_that_names_a_field_that_is_gone_can_be_looked_at(self, moved: Segment, bob: Staff) -> None:
        moved.versions.filter(number=1).update(definition=rules(rule("tier", "=", "Gold")))
        text = page(bob, "version_compare", moved.pk)
        assert "It can&#x27;t be read any more: “tier” is not a field of customers" in text
        assert "Put it in force again" not in text

    def test_restoring_makes_the_next_version_and_counts(self, moved: Segment, bob: Staff) -> None:
        url = moved.organization.url("segments:version_restore", moved.pk)
        answer = signed_in(bob).post(url, {"number": "1", "expected": "2"}, follow=True)
        assert "Version 3 says what version 1 said." in answer.content.decode()
        moved.refresh_from_db()
        assert moved.version
        assert (moved.version.number, moved.version.created_by) == (3, bob)
        assert moved.version.definition["rules"] == CZECH["rules"]
        assert moved.runs.filter(state="queued", version=moved.version).exists()

    def test_whoever_saved_meanwhile_is_not_overwritten(self, moved: Segment, bob: Staff) -> None:
        version = moved.versions.get(number=1)
        with pytest.raises(VersionConflict):
            restore(moved, version, by=bob, at=timezone.now(), expected=1, sight=CLEAR)
        url = moved.organization.url("segments:version_restore", moved.pk)
        answer = signed_in(bob).post(url, {"number": "1", "expected": "1"}, follow=True)
        assert "Version 2 was saved meanwhile." in answer.content.decode()
        assert moved.versions.count() == 2

    def test_what_is_in_force_or_archived_or_gone_is_not_restored(self, moved: Segment, bob: Staff) -> None:
        first, second = moved.versions.get(number=1), moved.versions.get(number=2)
        given: dict[str, Any] = {"by": bob, "at": timezone.now(), "expected": 2, "sight": CLEAR}
        with pytest.raises(CantRestore, match="says the same already"):
            restore(moved, second, **given)
        first.definition = rules(rule("tier", "=", "Gold"))
        with pytest.raises(CantRestore, match="“tier” is not a field"):
            restore(moved, first, **given)
        moved.archived_at = timezone.now()
        with pytest.raises(CantRestore, match="is archived"):
            restore(moved, first, **given)
        assert moved.versions.count() == 2

    def test_nonsense_is_not_found(self, moved: Segment, bob: Staff) -> None:
        url = moved.organization.url("segments:version_restore", moved.pk)
        assert signed_in(bob).post(url).status_code == 302
        for said in ({"number": "x", "expected": "2"}, {"number": "1"}, {"number": "²", "expected": "2"}):
            assert signed_in(bob).post(url, said).status_code == 404


def test_the_entries_of_a_customer_are_told_across_segments(moved: Segment, vera: Staff) -> None:
    anna = moved.organization.customers.get(name="Anna")
    text = page(vera, "customer_history", anna.pk)
    assert text.count("Of one country</a>") == 2
    assert "version 2" in text
    text = page(vera, "customer_history", anna.pk, change="left")
    assert text.count("Of one country</a>") == 1
    assert MembershipEvent.objects.filter(customer=anna).count() == 2


def test_a_page_looks_at_the_memberships_of_its_own_rows_only(nordbank: Organization) -> None:
    Customer.objects.bulk_create(
        Customer(organization=nordbank, external_id=f"B{n}", country="CZ") for n in range(2000)
    )
    segment: Segment = SegmentFactory(organization=nordbank, name="Czechs")
    segment.save_definition(CZECH, by=None, at=LATE)
    refreshed(segment, LATE)
    statement, parameters = (
        members_on(segment, date(2026, 12, 31)).order_by("-at", "-id")[:26].query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE segments_customermembership, segments_membershipevent, customers_customer")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        (plan,) = cursor.fetchone()
    assert 0 < rows_read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]) <= 26


def rows_read(node: dict[str, Any]) -> float:
    """How many memberships a plan reads."""
    own = node["Actual Rows"] * node["Actual Loops"] if node.get("Relation Name") == MEMBERSHIPS else 0
    return own + sum(rows_read(each) for each in node.get("Plans", ()))
