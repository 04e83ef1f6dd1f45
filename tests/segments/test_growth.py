"""How a segment grew and moved, from its runs and from what no run caused."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from console.organizations.models import Organization, Staff
from segments.history.growth import days_of, growth, moved
from segments.models import Segment
from tests.factories import CustomerFactory, SegmentFactory
from tests.segments.explained import page, refreshed, rule, rules

pytestmark = pytest.mark.django_db
CZECH = rules(rule("country", "=", "CZ"))


@pytest.fixture
def czechs(nordbank: Organization, bob: Staff) -> Segment:
    """Three Czechs, counted."""
    for country in ("CZ", "CZ", "CZ", "DE"):
        CustomerFactory(organization=nordbank, country=country)
    segment: Segment = SegmentFactory(organization=nordbank, name="Czechs", owner=bob)
    segment.save_definition(CZECH, by=bob, at=timezone.now())
    refreshed(segment, at=timezone.now())
    return segment


def happened(segment: Segment, at: datetime) -> None:
    """As if all that happened to it so far had happened then."""
    segment.events.update(at=at)
    segment.runs.update(started_at=at)


class TestGrowth:
    def test_members_by_day_follow_from_entries_and_exits(self, czechs: Segment) -> None:
        now = timezone.now()
        happened(czechs, now - timedelta(days=3))
        gone = czechs.organization.customers.filter(country="CZ").first()
        assert gone is not None
        czechs.organization.customers.filter(pk=gone.pk).update(country="AT")
        refreshed(czechs, at=timezone.now())
        members, changes = growth(czechs, now)
        assert [row[1] for row in members.rows] == ["3", "3", "3", "2"]
        assert [tuple(row[1:]) for row in changes.rows] == [("0", "0"), ("0", "0"), ("0", "−1")]

    def test_the_day_on_which_the_rules_changed_is_marked(self, czechs: Segment, bob: Staff) -> None:
        now = timezone.now()
        happened(czechs, now - timedelta(days=3))
        czechs.versions.update(created_at=now - timedelta(days=3))
        czechs.save_definition(CZECH, by=bob, at=now - timedelta(days=1))
        members, *changes = growth(czechs, now)
        assert not changes, "nobody entered or left after the first count"
        assert [text.text for text in members.texts if "version" in text.text] == ["version 2"]
        assert len([line for line in members.lines if line.classes.startswith("moment")]) == 1

    def test_days_without_a_move_say_so(self, vera: Staff, czechs: Segment) -> None:
        happened(czechs, timezone.now() - timedelta(days=3))
        shown = page(vera, "segment_detail", czechs.pk)
        assert "Growth" in shown
        assert "Nobody entered or left meanwhile." in shown

    def test_what_no_run_caused_is_counted_on_its_day(self, czechs: Segment, alice: Staff) -> None:
        now = timezone.now()
        happened(czechs, now - timedelta(days=3))
        gone = czechs.organization.customers.filter(country="CZ").first()
        assert gone is not None
        gone.erase(reason="Asked for it", by=alice, at=now - timedelta(days=1))
        czechs.refresh_from_db()
        assert [(day.members, day.entered, day.left) for day in days_of(czechs, now)] == [
            (3, 3, 0),
            (3, 0, 0),
            (2, 0, 1),
            (2, 0, 0),
        ]
        assert moved(czechs, since=now - timedelta(days=2)) == (0, 1)
        assert moved(czechs, since=now - timedelta(days=7)) == (3, 1)
        assert moved(czechs, until=now - timedelta(days=2)) == (3, 0)

    def test_there_is_nothing_to_draw_on_the_first_day(self, vera: Staff, czechs: Segment) -> None:
        assert growth(czechs, timezone.now()) == []
        assert "Growth" not in page(vera, "segment_detail", czechs.pk)


def test_the_week_ends_after_seven_days(vera: Staff, czechs: Segment) -> None:
    happened(czechs, timezone.now() - timedelta(days=8))
    assert "+ 3" not in page(vera, "segment_detail", czechs.pk).split("Last refresh")[0]
