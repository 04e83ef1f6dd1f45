"""A refresh writes exactly the differences, says who came and went by which version, and never half of it."""

import threading
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from console.imports.models import ImportRun
from console.organizations.models import Organization, Staff
from segments.definition import DefinitionFaults
from segments.freshness import refreshing
from segments.models import MembershipEvent, NoDefinition, Run, Segment, SegmentVersion, VersionConflict
from tests.factories import NOW, AccountFactory, CustomerFactory, SegmentFactory

GERMANS = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "DE"}],
}
CZECHS = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "CZ"}],
}
EVERYONE = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "all", "operator": "=", "value": True}],
}


IN_NONE = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "segment", "operator": "null", "value": None}],
}


def refreshed(segment: Segment, at: Any = NOW) -> Run:
    run = refreshing.execute(segment.request_refresh(by=None, at=at).pk, at=at)
    assert run is not None
    segment.refresh_from_db()
    return run


def imported(organization: Organization, at: Any) -> ImportRun:
    """An import that ended at a moment."""
    size = {"size": 0, "line_count": 0, "encoding": "utf-8", "delimiter": ","}
    return organization.import_runs.create(
        kind="customers", state="done", created_at=at, finished_at=at, heartbeat_at=at, **size
    )


def names(segment: Segment) -> list[str]:
    return sorted(member.name for member in segment.members())


@pytest.fixture
def germans(nordbank: Organization) -> Segment:
    CustomerFactory(organization=nordbank, name="Anna", country="DE")
    CustomerFactory(organization=nordbank, name="Bert", country="DE")
    CustomerFactory(organization=nordbank, name="Cyril", country="CZ")
    CustomerFactory(organization__slug="elsewhere", name="Dora", country="DE")
    return SegmentFactory(organization=nordbank, name="Germans", definition=GERMANS)


def test_members_are_those_of_the_definition_in_the_organization(germans: Segment) -> None:
    run = refreshed(germans)
    assert names(germans) == ["Anna", "Bert"]
    assert (run.state, run.members, run.entered, run.left) == ("done", 2, 2, 0)
    assert (germans.member_count, germans.refreshed_at, germans.refreshed_version) == (
        2,
        NOW,
        germans.version,
    )


def test_only_differences_are_written_and_each_has_an_event(germans: Segment, nordbank: Organization) -> None:
    first = refreshed(germans)
    nordbank.customers.filter(name="Anna").update(country="AT")
    CustomerFactory(organization=nordbank, name="Emil", country="DE")
    later = NOW + timedelta(hours=1)
    second = refreshed(germans, later)
    assert names(germans) == ["Bert", "Emil"]
    assert (second.entered, second.left) == (1, 1)
    told = germans.events.order_by("at", "customer__name").values_list(
        "customer__name", "change", "at", "run"
    )
    assert list(told) == [
        ("Anna", "entered", NOW, first.pk),
        ("Bert", "entered", NOW, first.pk),
        ("Anna", "left", later, second.pk),
        ("Emil", "entered", later, second.pk),
    ]
    assert germans.customer_memberships.get(customer__name="Bert").entered_at == NOW


def test_an_unchanged_segment_writes_nothing(germans: Segment) -> None:
    refreshed(germans)
    refreshed(germans, NOW + timedelta(days=1))
    assert MembershipEvent.objects.count() == 2


def test_a_new_version_is_named_by_the_exits_it_causes(germans: Segment, alice: Staff) -> None:
    refreshed(germans)
    version = germans.save_definition(CZECHS, by=alice, at=NOW)
    refreshed(germans, NOW + timedelta(minutes=1))
    assert names(germans) == ["Cyril"]
    assert set(germans.events.filter(change="left").values_list("version", flat=True)) == {version.pk}


def test_who_objected_to_profiling_is_in_no_marketing_segment(
    germans: Segment, nordbank: Organization
) -> None:
    nordbank.customers.filter(name="Anna").update(profiling_objected_at=NOW)
    refreshed(germans)
    assert names(germans) == ["Bert"]
    Segment.objects.update(is_marketing=False)
    refreshed(germans)
    assert names(germans) == ["Anna", "Bert"]


def test_a_segment_of_accounts_holds_accounts(nordbank: Organization) -> None:
    AccountFactory(organization=nordbank, external_id="A1", type="savings")
    AccountFactory(organization=nordbank, external_id="A2", type="current")
    savings = {"combinator": "and", "rules": [{"field": "type", "operator": "=", "value": "Savings"}]}
    segment = SegmentFactory(organization=nordbank, population="accounts", definition=savings)
    refreshed(segment)
    assert [account.external_id for account in segment.members()] == ["A1"]


def test_a_definition_that_lost_its_field_keeps_the_last_members_and_says_why(germans: Segment) -> None:
    refreshed(germans)
    broken = {"combinator": "and", "rules": [{"field": "loyalty_tier", "operator": "=", "value": "gold"}]}
    SegmentVersion.objects.filter(segment=germans).update(definition=broken)
    run = refreshed(Segment.objects.get())
    assert run.state == "failed"
    said = "“loyalty_tier” is not a field of customers. Choose another field or remove the rule."
    assert run.error == f"Rule 1: {said}"
    assert names(germans) == ["Anna", "Bert"]


def test_an_edit_during_a_refresh_discards_what_it_found(
    germans: Segment, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = germans.request_refresh(by=alice, at=NOW)
    write = refreshing._write

    def write_then_edit(run: Run, asks: Any, at: Any) -> tuple[int, int, int]:
        result = write(run, asks, at)
        Segment.objects.get(pk=germans.pk).save_definition(CZECHS, by=alice, at=NOW)
        return result

    monkeypatch.setattr(refreshing, "_write", write_then_edit)
    done = refreshing.execute(run.pk, at=NOW)
    assert done is not None
    assert done.state == "superseded"
    assert names(germans) == []
    assert MembershipEvent.objects.count() == 0


def test_a_change_refreshes_the_segments_made_from_it(germans: Segment, nordbank: Organization) -> None:
    rule = {"field": "segment", "operator": "in", "value": [str(germans.pk)]}
    outer = SegmentFactory(organization=nordbank, name="Outer")
    outer.save_definition({"combinator": "and", "rules": [rule]}, by=None, at=NOW)
    refreshed(germans)
    waiting = outer.runs.get()
    assert waiting.state == "queued"
    refreshing.execute(waiting.pk, at=NOW)
    assert names(outer) == ["Anna", "Bert"]


def test_a_cycle_is_refused_by_name(germans: Segment, nordbank: Organization) -> None:
    outer = SegmentFactory(organization=nordbank, name="Outer")
    uses = {
        "combinator": "and",
        "rules": [{"field": "segment", "operator": "in", "value": [str(germans.pk)]}],
    }
    outer.save_definition(uses, by=None, at=NOW)
    back = {
        "combinator": "and",
        "rules": [{"field": "segment", "operator": "notIn", "value": [str(outer.pk)]}],
    }
    with pytest.raises(DefinitionFaults, match="Germans → Outer → Germans"):
        germans.save_definition(back, by=None, at=NOW)


def test_two_editors_of_one_version_do_not_overwrite_each_other(
    germans: Segment, alice: Staff, bob: Staff
) -> None:
    germans.save_definition(CZECHS, by=alice, at=NOW, expected=1)
    with pytest.raises(VersionConflict) as conflict:
        germans.save_definition(EVERYONE, by=bob, at=NOW, expected=1)
    assert conflict.value.latest.created_by == alice
    assert germans.versions.count() == 2


def test_asking_twice_waits_once(germans: Segment, bob: Staff) -> None:
    assert germans.request_refresh(by=bob, at=NOW) == germans.request_refresh(by=bob, at=NOW)


def test_a_segment_without_definition_says_so(nordbank: Organization) -> None:
    with pytest.raises(NoDefinition, match="has no definition yet"):
        SegmentFactory(organization=nordbank).request_refresh(by=None, at=NOW)


def test_a_run_is_carried_out_once(germans: Segment) -> None:
    run = germans.request_refresh(by=None, at=NOW)
    refreshing.execute(run.pk, at=NOW)
    assert refreshing.execute(run.pk, at=NOW) is None


def test_what_is_due(germans: Segment) -> None:
    assert not Segment.objects.due(at=NOW).exists()
    Segment.objects.update(refresh_every=timedelta(hours=1))
    assert Segment.objects.due(at=NOW).exists()
    refreshed(germans)
    assert not Segment.objects.due(at=NOW + timedelta(minutes=59)).exists()
    assert Segment.objects.due(at=NOW + timedelta(minutes=60)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_refresh_asked_for_while_another_runs_waits_for_it(germans: Segment) -> None:
    first = germans.request_refresh(by=None, at=NOW)
    Run.objects.filter(pk=first.pk).update(state="running")
    second = germans.request_refresh(by=None, at=NOW)

    def other_worker() -> None:
        assert refreshing.execute(second.pk, at=NOW) is None
        connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 7))", [f"segment {germans.pk}"])
        thread = threading.Thread(target=copy_context().run, args=(other_worker,))
        thread.start()
        thread.join()
        cursor.execute("SELECT pg_advisory_unlock_all()")
    second.refresh_from_db()
    assert (second.state, second.started_at) == ("queued", None)
    refreshing.execute(second.pk, at=NOW)
    assert names(germans) == ["Anna", "Bert"]


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_was_killed_starts_again(germans: Segment) -> None:
    run = germans.request_refresh(by=None, at=NOW)
    Run.objects.filter(pk=run.pk).update(state="running", started_at=NOW - timedelta(minutes=1))
    Run.objects.abandoned(at=NOW).requeue()
    run.refresh_from_db()
    assert run.state == "queued"


def test_an_import_makes_segments_due_once(germans: Segment) -> None:
    refreshed(germans)
    run = imported(germans.organization, at=NOW + timedelta(minutes=5))
    later = NOW + timedelta(minutes=6)
    assert list(Segment.objects.due(at=later)) == [germans]
    refreshed(germans, later)
    assert not Segment.objects.due(at=later).exists()
    run.is_dry_run = True
    run.finished_at = later + timedelta(minutes=1)
    run.save()
    assert not Segment.objects.due(at=later + timedelta(minutes=2)).exists()


@pytest.mark.django_db
def test_who_is_in_no_other_segment_stays_in_the_segment_of_those(
    germans: Segment, nordbank: Organization
) -> None:
    """To be in the segment of those who are in none is not to be in one: else they would leave at every other count."""
    refreshed(germans)
    others = SegmentFactory(organization=nordbank, definition=IN_NONE)
    for entered in (1, 0, 0):
        assert refreshed(others).entered == entered
        assert names(others) == ["Cyril"]
    in_some = SegmentFactory(
        organization=nordbank,
        definition={**IN_NONE, "rules": [{"field": "segment", "operator": "notNull", "value": None}]},
    )
    refreshed(in_some)
    assert names(in_some) == ["Anna", "Bert", "Cyril"]
    others.save_definition(GERMANS, by=None, at=NOW)
    refreshed(others)
    refreshed(in_some)
    assert names(in_some) == ["Anna", "Bert"]
