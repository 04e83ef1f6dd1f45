"""Leases, tries and what becomes of them: every rule by which a message is neither lost nor sent against a wish."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from communications import outbox, recording
from communications.books import books_of_run
from communications.channels.outcome import Kind, Outcome
from communications.letters import loaded
from communications.models import (
    Attempt,
    Configuration,
    ConfigurationVersion,
    Endpoint,
    Message,
    Run,
    Suppression,
)
from communications.recording import record_unrendered
from communications.rendering.environment import Fault
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from tests.communications.factories import says
from tests.communications.tries import begun, ended, lane, past, states
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_what_is_leased_is_nobody_elses_until_the_lease_ends(run: Run) -> None:
    _, first = outbox.lease(lane(run), limit=2, seconds=60)
    _, second = outbox.lease(lane(run), limit=2, seconds=60)
    assert (len(first), len(second)) == (2, 1)
    assert set(first).isdisjoint(second)
    assert outbox.lanes() == []
    assert outbox.is_waiting()
    past()
    _, again = outbox.lease(lane(run), limit=10, seconds=60)
    assert set(again) == {*first, *second}


def test_a_lease_takes_no_more_than_asked_whatever_the_plan(run: Run) -> None:
    """Joined in a loop, a selection that locks is made anew for each message and locks others each time."""
    with connection.cursor() as cursor:
        for plan in ("hashjoin", "hashagg", "sort", "material", "seqscan"):
            cursor.execute(f"SET LOCAL enable_{plan} = off")
    assert len(outbox.lease(lane(run), limit=1, seconds=60)[1]) == 1


def test_a_lease_that_another_took_over_starts_nothing(run: Run) -> None:
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    past()
    outbox.lease(lane(run), limit=10, seconds=60)
    assert outbox.start(token, loaded(ids), seconds=60) == {}


def test_what_was_not_started_is_given_back(run: Run) -> None:
    token, _ = outbox.lease(lane(run), limit=10, seconds=60)
    outbox.release(token)
    assert outbox.lanes() == [lane(run)]


def test_a_try_leaves_a_row_before_anything_travels(run: Run) -> None:
    numbers = begun(run)
    assert set(numbers.values()) == {1}
    assert states(run) == ["sending"] * 3
    assert Attempt.objects.filter(outcome="", finished_at=None, number=1).count() == 3


@pytest.mark.parametrize("hold", ["organization", "configuration"])
def test_switched_off_nothing_is_leased_and_nothing_starts(hold: str, run: Run) -> None:
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    if hold == "organization":
        Organization.objects.update(is_sending=False)
    else:
        Configuration.objects.update(state="paused")
    assert outbox.start(token, loaded(ids), seconds=60) == {}
    outbox.release(token)
    assert outbox.lanes() == []
    assert states(run) == ["queued"] * 3
    assert not outbox.is_waiting()


def test_a_disabled_endpoint_holds_its_messages(hook_run: Run) -> None:
    endpoint = Endpoint.objects.get()
    endpoint.disable(reason="by hand", by=None, at=NOW)
    assert outbox.lanes() == []
    assert states(hook_run) == ["queued"]


def test_who_opts_out_after_the_lease_gets_nothing(run: Run) -> None:
    says(*Customer.objects.all())
    ConfigurationVersion.objects.update(purpose="marketing")
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    first, second, third = Customer.objects.order_by("pk")
    Customer.objects.filter(pk=first.pk).update(communications_enabled=False)
    Suppression.add(run.organization_id, second.email, reason="unsubscribed", at=NOW)
    [(sent, _)] = outbox.start(token, loaded(ids), seconds=60).items()
    assert Message.objects.get(pk=sent).customer == third
    assert Message.objects.get(customer=first).held_back == "disabled"
    assert Message.objects.get(customer=second).held_back == "unsubscribed"
    assert books_of_run(run).is_balanced


def test_an_erased_customer_gets_nothing(run: Run) -> None:
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    Message.objects.update(customer=None)
    assert outbox.start(token, loaded(ids), seconds=60) == {}
    assert set(run.messages.values_list("held_back", flat=True)) == {"erased"}


@pytest.mark.django_db(transaction=True)
def test_a_customer_whom_someone_is_changing_waits_a_little(run: Run) -> None:
    token, ids = outbox.lease(lane(run), limit=10, seconds=60)
    busy = Customer.objects.order_by("pk")[0]
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE customers_customer SET communications_enabled = false WHERE id = %s", [busy.pk]
            )
        assert len(outbox.start(token, loaded(ids), seconds=60)) == 2
        waiting = Message.objects.get(customer=busy)
        assert (waiting.state, waiting.lease) == ("queued", None)
        assert waiting.next_attempt_at > timezone.now()
        other.commit()
    finally:
        other.close()
    past()
    assert begun(run) == {}
    assert Message.objects.get(customer=busy).held_back == "disabled"


def test_success_is_recorded_in_message_and_attempt(run: Run) -> None:
    ended(run, begun(run), Outcome(Kind.SENT, "accepted by mx, 0.1 s", code=250, answer="taken"))
    message = Message.objects.all()[0]
    assert (message.state, message.note, message.lease) == ("sent", "accepted by mx, 0.1 s", None)
    assert message.sent_at
    attempt = message.attempts.get()
    assert (attempt.outcome, attempt.code, attempt.answer) == ("sent", 250, "taken")


def test_what_was_put_off_is_due_again_by_its_schedule(run: Run) -> None:
    ended(run, begun(run), Outcome(Kind.DEFERRED, "450 later", code=450))
    for message in run.messages.all():
        wait = message.next_attempt_at - timezone.now()
        assert message.state == "queued"
        assert timedelta(seconds=54) < wait < timedelta(seconds=64)
    assert outbox.lanes() == []
    past()
    assert set(begun(run).values()) == {2}


def test_tries_that_are_used_up_end_dead(hook_run: Run) -> None:
    for number in range(1, 11):
        past()
        numbers = begun(hook_run)
        assert set(numbers.values()) == {number}
        ended(hook_run, numbers, Outcome(Kind.DEFERRED, "HTTP 500"))
    message = hook_run.messages.get()
    assert (message.state, message.note) == ("dead", "no more tries: HTTP 500")
    assert message.attempts.count() == 10


def test_a_hard_bounce_suppresses_the_address(run: Run) -> None:
    numbers = begun(run)
    refusal = Outcome(Kind.FAILED, "550 no such mailbox", code=550, suppress=Suppression.Reason.BOUNCED)
    ended(run, dict([numbers.popitem()]), refusal)
    entry = Suppression.objects.get()
    assert entry.reason == "bounced"
    assert "a@mail.example" not in entry.address_hash


def test_an_email_that_nobody_recorded_waits_for_a_person(run: Run) -> None:
    begun(run)
    assert recording.expire() == 0
    past()
    assert recording.expire() == 3
    assert states(run) == ["uncertain"] * 3
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"uncertain"}
    assert outbox.lanes() == []


def test_a_webhook_that_nobody_recorded_is_sent_again(hook_run: Run) -> None:
    begun(hook_run)
    past()
    recording.expire()
    assert states(hook_run) == ["queued"]
    assert set(begun(hook_run).values()) == {2}


def test_a_late_record_is_believed(run: Run) -> None:
    numbers = begun(run)
    past()
    recording.expire()
    ended(run, numbers, Outcome(Kind.SENT, "accepted"))
    assert states(run) == ["sent"] * 3


def test_a_record_of_an_earlier_try_does_not_undo_a_later_one(hook_run: Run) -> None:
    first = begun(hook_run)
    past()
    recording.expire()
    second = begun(hook_run)
    ended(hook_run, second, Outcome(Kind.SENT, "accepted"))
    ended(hook_run, first, Outcome(Kind.DEFERRED, "HTTP 500"))
    assert states(hook_run) == ["sent"]


@pytest.mark.parametrize(("choice", "state"), [("send_again", "queued"), ("sent", "sent")])
def test_a_person_decides_on_the_uncertain(choice: str, state: str, run: Run, alice: Staff) -> None:
    begun(run)
    past()
    recording.expire()
    assert run.messages.decide(choice, by=alice, at=timezone.now()) == 3
    assert states(run) == [state] * 3
    assert run.messages.decide(choice, by=alice, at=timezone.now()) == 0
    message = run.messages.all()[0]
    decision = message.decisions.get()
    assert (decision.choice, decision.by) == (choice, alice)
    assert "decided by Alice Admin" in message.note


def test_what_cannot_be_written_is_parked_after_three_tries(run: Run) -> None:
    for number in range(1, 4):
        past()
        token, ids = outbox.lease(lane(run), limit=100, seconds=60)
        assert len(ids) == 3
        record_unrendered(
            token, {pk: Fault("html", 2, "This takes longer than 1 second to write.") for pk in ids}
        )
        assert states(run) == ["dead" if number == 3 else "queued"] * 3
    message = run.messages.all()[0]
    assert message.note == "Line 2: This takes longer than 1 second to write."
    assert message.attempts.filter(outcome="unrendered").count() == 3


def test_410_disables_the_endpoint_and_says_why(hook_run: Run) -> None:
    ended(hook_run, begun(hook_run), Outcome(Kind.FAILED, "HTTP 410", code=410, is_gone=True))
    endpoint = Endpoint.objects.get()
    assert not endpoint.is_enabled
    assert "410 Gone" in endpoint.disabled_reason
    assert endpoint.transitions.latest("pk").by is None


def test_five_days_of_failure_disable_the_endpoint(hook_run: Run) -> None:
    ended(hook_run, begun(hook_run), Outcome(Kind.DEFERRED, "HTTP 500"))
    since = Endpoint.objects.get().failing_since
    assert since
    assert recording.disable_failing(at=since + timedelta(days=4, hours=23)) == 0
    assert recording.disable_failing(at=since + timedelta(days=5, hours=1)) == 1
    assert not Endpoint.objects.get().is_enabled


def test_one_success_makes_an_endpoint_well_again(hook_run: Run) -> None:
    ended(hook_run, begun(hook_run), Outcome(Kind.DEFERRED, "HTTP 500"))
    past()
    ended(hook_run, begun(hook_run), Outcome(Kind.SENT, "accepted"))
    assert Endpoint.objects.get().failing_since is None
