"""The monitoring reads the bank's own figures, each with its name."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from communications.models import Message
from console import metrics
from console.organizations import chain, scope
from console.organizations.models import AuditEvent, Organization, Staff
from segments.models import Run
from tests.communications.factories import communication, customers, segment_with, sent_by
from tests.factories import LedgerFactory, SegmentFactory
from tests.imports.files import CUSTOMERS, draft

pytestmark = pytest.mark.django_db
EVERYONE = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}


def figures() -> dict[str, float]:
    text = Client().get("/metrics").content.decode()
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("tranche_"): float(value) for name, value in lines}


@pytest.fixture
def waiting(nordbank: Organization, alice: Staff) -> None:
    """Three messages of which one is uncertain, a refresh that waits, one that failed, an import that waits."""
    people = customers(nordbank, 3)
    sent_by(communication(nordbank, segment_with(nordbank, *people, name="Written to")), alice)
    hour_ago = timezone.now() - timedelta(hours=1)
    Message.objects.update(next_attempt_at=hour_ago)
    Message.objects.filter(pk=Message.objects.values("pk")[:1]).update(state="uncertain")
    for name, state in (("Waits", "queued"), ("Broken", "failed")):
        segment = SegmentFactory(organization=nordbank, name=name)
        segment.save_definition(EVERYONE, by=alice, at=hour_ago)
        run = segment.request_refresh(by=alice, at=hour_ago)
        Run.objects.filter(pk=run.pk).update(state=state)
    draft(nordbank, "customers", CUSTOMERS).start(by=alice, at=timezone.now())


def test_they_say_what_waits_what_failed_and_what_a_person_decides(waiting: None) -> None:
    found = figures()
    assert 3600 <= found.pop("messages_due_seconds") < 3700
    assert found.pop("audit_events_unlinked") > 0
    assert 0 < found.pop("audit_unlinked_seconds") < 60
    assert found == {
        "database_up": 1,
        "messages_queued": 2,
        "messages_uncertain": 1,
        "segment_refreshes_queued": 1,
        "segments_failed": 1,
        "imports_at_work": 1,
    }


def test_what_is_not_to_be_sent_is_not_due(waiting: None, nordbank: Organization) -> None:
    nordbank.configurations.update(state="paused")
    assert figures()["messages_due_seconds"] == 0


def test_what_no_chain_holds_is_counted_with_its_age(nordbank: Organization) -> None:
    chain.extend_all()
    assert (figures()["audit_events_unlinked"], figures()["audit_unlinked_seconds"]) == (0, 0)
    LedgerFactory(organization=nordbank)
    with scope.nobody():
        hour_ago = timezone.now() - timedelta(hours=1)
        AuditEvent.objects.create(at=hour_ago, organization=None, model="organizations.User", changes={})
    found = figures()
    assert found["audit_events_unlinked"] == 3, "the ledger, its currency, and what is nobody's"
    assert 3600 <= found["audit_unlinked_seconds"] < 3700


def test_counting_stops_where_an_alarm_needs_no_more(waiting: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(metrics, "MOST", 1)
    assert figures()["messages_queued"] == 1


def test_without_a_database_they_say_that_alone() -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        assert figures() == {"database_up": 0}
