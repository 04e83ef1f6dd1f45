"""Wake-ups: whatever the broker loses is found by the reconciler; one task sends at a time."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F

from communications import tasks
from communications.models import Message
from console.organizations.models import Organization, Staff
from tests.communications.factories import communication, customers, segment_with, sent_by
from tests.communications.sinks import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(nordbank: Organization, alice: Staff, post: MailSink) -> MailSink:
    """A confirmed send to two customers whose wake-up was lost."""
    sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 2))), alice)
    return post


def test_the_task_sends_what_is_due(planned: MailSink) -> None:
    tasks.dispatch()
    assert len(planned.letters) == 2


def test_the_command_does_the_same_in_the_foreground(planned: MailSink) -> None:
    call_command("dispatch", "--until-empty")
    assert len(planned.letters) == 2


def test_while_one_task_sends_another_does_nothing(planned: MailSink) -> None:
    with tasks.only_one() as is_mine:
        assert is_mine
        tasks.dispatch()
        assert planned.letters == []
    tasks.dispatch()
    assert len(planned.letters) == 2


def test_the_reconciler_wakes_what_was_forgotten(planned: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks, "wake", lambda task: woken.append(task.name))
    tasks.reconcile()
    assert woken == ["communications.tasks.dispatch"]
    tasks.dispatch()
    woken.clear()
    tasks.reconcile()
    assert woken == []


def test_the_reconciler_settles_what_nobody_recorded(planned: MailSink) -> None:
    past = F("changed_at") - timedelta(hours=1)
    Message.objects.update(state="sending", tries=1, lease_until=past)
    tasks.reconcile()
    assert set(Message.objects.values_list("state", flat=True)) == {"uncertain"}
