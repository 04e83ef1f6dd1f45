"""Two people, or a person and a worker, at one segment: the second is told, and nothing that was asked for is lost."""

from functools import partial
from typing import Any

import pytest

from console.organizations.models import Organization, Staff
from segments.models import AlreadyDone, Run, Segment
from segments.models import segments as segments_module
from tests.conftest import signed_in
from tests.factories import NOW, SegmentFactory
from tests.races import racing
from tests.segments.pages import Builder

ANYBODY = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}


@pytest.fixture
def stale(nordbank: Organization) -> Segment:
    """A segment as a page loaded it."""
    return SegmentFactory(organization=nordbank, name="Watched")


def same(segment: Segment) -> Segment:
    return Segment.objects.get(pk=segment.pk)


@pytest.mark.django_db
def test_who_archives_second_is_told(stale: Segment) -> None:
    same(stale).archive(at=NOW)
    with pytest.raises(AlreadyDone, match="Watched is archived already"):
        stale.archive(at=NOW.replace(year=2027))
    assert same(stale).archived_at == NOW


@pytest.mark.django_db
def test_who_restores_second_is_told(stale: Segment) -> None:
    stale.archive(at=NOW)
    same(stale).restore()
    with pytest.raises(AlreadyDone, match="Watched is in use already"):
        stale.restore()


@pytest.mark.django_db
def test_a_refresh_asked_for_when_a_worker_takes_the_waiting_one_waits_anew(
    stale: Segment, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale.save_definition(ANYBODY, by=alice, at=NOW)
    first = stale.request_refresh(by=alice, at=NOW)
    waiting = Run.objects.bulk_create

    def waiting_and_taken(*given: Any, **named: Any) -> list[Run]:
        rows = waiting(*given, **named)
        Run.objects.filter(pk=first.pk).update(state="running")
        return rows

    monkeypatch.setattr(segments_module.Run.objects, "bulk_create", waiting_and_taken)
    second = stale.request_refresh(by=alice, at=NOW)
    assert second != first
    assert second.state == "queued"


@pytest.mark.django_db
def test_a_page_that_is_out_of_date_does_not_take_the_run_back_to_its_version(
    stale: Segment, alice: Staff
) -> None:
    stale.save_definition(ANYBODY, by=alice, at=NOW)
    newer = same(stale)
    latest = newer.save_definition(ANYBODY, by=alice, at=NOW)
    newer.request_refresh(by=alice, at=NOW)
    stale.request_refresh(by=alice, at=NOW)
    assert stale.runs.get().version == latest


@pytest.mark.django_db(transaction=True)
def test_two_buttons_at_once_are_both_undone(nordbank: Organization, alice: Staff) -> None:
    segment = SegmentFactory(organization=nordbank, definition=ANYBODY)
    address = nordbank.url("segments:segment_edit", segment.pk)
    builder = Builder(signed_in(alice), address).press("duplicate:/rules/0")
    sent = {**builder.fields, "op": "duplicate:/rules/0"}
    clients = [signed_in(alice), signed_in(alice)]
    with racing() as at_once:
        for steps in range(3, 23, 2):
            at_once(*(partial(client.post, address, sent) for client in clients))
            assert len(alice.segment_drafts.get().history) == steps


@pytest.mark.django_db
def test_what_a_page_sends_by_itself_comes_too_late_to_undo_a_button(bob: Staff) -> None:
    builder = Builder(signed_in(bob), bob.organization.url("segments:segment_create"))
    builder.choose(rules_0_field="name").fill(rules_0_value_0="typed").press("duplicate:/rules/0")
    late = dict(builder.fields)
    builder.press("remove:/rules/0")
    preview = bob.organization.url("segments:preview")
    assert builder.client.post(preview, late).status_code == 200
    draft = bob.segment_drafts.get()
    assert len(draft.definition["rules"]) == 1
    builder.client.post(preview, {**builder.fields, "q/rules/0/value/0": "typed since"})
    draft.refresh_from_db()
    assert draft.definition["rules"][0]["value"] == "typed since"
