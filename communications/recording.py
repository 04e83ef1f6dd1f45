"""What became of tries, written down: outcomes, messages that could not be written, and tries that nobody finished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from communications.channels.outcome import Kind, Outcome
from communications.fault_points import fault_point
from communications.models import Endpoint, Message, Suppression
from communications.models.endpoints import GIVES_UP_AFTER
from communications.rendering.environment import Fault
from communications.schedule import UNRENDERED, schedule_of, wait

State = Message.State


@dataclass(frozen=True)
class Ended:
    """A try that ended: of which message, its number, where it went, and its outcome."""

    message: UUID
    number: int
    organization: UUID
    channel: str
    address: str
    endpoint: UUID | None
    outcome: Outcome


def record(ended: Sequence[Ended], *, at: datetime) -> None:
    """Write the outcomes of tries, all or none.

    A try that was given up for lost in the meantime is still believed, as long as no later one has begun.
    """
    rows = [_written(one) for one in ended]
    with transaction.atomic(durable=True):
        _update_messages(rows)
        _update_attempts(ended)
        for one in ended:
            if one.outcome.suppress:
                Suppression.add(
                    one.organization, one.address, reason=one.outcome.suppress, at=at, message=one.message
                )
        _note_health(ended, at)
        fault_point("recording")


def _written(one: Ended) -> tuple[UUID, int, str, str, float]:
    """Message, try, the state it comes into, the note, and the seconds until the next try."""
    outcome = one.outcome
    if outcome.kind == Kind.DEFERRED:
        seconds = wait(schedule_of(one.channel), one.number, outcome.retry_after)
        if seconds is None:
            return one.message, one.number, State.DEAD, f"no more tries: {outcome.note}"[:300], 0.0
        return one.message, one.number, State.QUEUED, outcome.note, seconds
    if outcome.kind == Kind.UNCERTAIN and one.channel == "webhook":
        return one.message, one.number, State.QUEUED, outcome.note, schedule_of("webhook")[0]
    states = {Kind.SENT: State.SENT, Kind.UNCERTAIN: State.UNCERTAIN}
    return one.message, one.number, states.get(outcome.kind, State.FAILED), outcome.note, 0.0


def _update_messages(rows: Sequence[tuple[UUID, int, str, str, float]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE communications_message m SET state = new.state, note = new.note,
                changed_at = clock_timestamp(), lease = NULL, lease_until = NULL,
                sent_at = CASE WHEN new.state = 'sent' THEN clock_timestamp() ELSE m.sent_at END,
                next_attempt_at = clock_timestamp() + make_interval(secs => new.seconds)
            FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::float[])
                AS new (id, number, state, note, seconds)
            WHERE m.id = new.id AND m.tries = new.number AND m.state IN ('sending', 'uncertain', 'queued')
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


def _update_attempts(ended: Sequence[Ended]) -> None:
    columns = [
        (
            one.message,
            one.number,
            one.outcome.kind.value,
            one.outcome.code,
            one.outcome.answer or one.outcome.note,
        )
        for one in ended
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE communications_attempt a SET finished_at = clock_timestamp(), outcome = new.outcome,
                code = new.code, answer = new.answer
            FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::int[], %s::text[])
                AS new (id, number, outcome, code, answer)
            WHERE a.message_id = new.id AND a.number = new.number
            """,
            [list(column) for column in zip(*columns, strict=True)],
        )


def _note_health(ended: Sequence[Ended], at: datetime) -> None:
    """An endpoint that answered is well; one that did not has been failing since its first failure; 410 ends it."""
    tried = {one.endpoint for one in ended if one.endpoint}
    if not tried:
        return
    well = {one.endpoint for one in ended if one.endpoint and one.outcome.kind == Kind.SENT}
    Endpoint.objects.filter(pk__in=well, failing_since__isnull=False).update(failing_since=None)
    Endpoint.objects.filter(pk__in=tried - well, failing_since=None).update(failing_since=at)
    gone = {one.endpoint for one in ended if one.endpoint and one.outcome.is_gone}
    for endpoint in Endpoint.objects.filter(pk__in=gone, is_enabled=True):
        endpoint.disable(reason="It answered 410 Gone: it wants no more webhooks.", by=None, at=at)


def record_unrendered(token: UUID, faults: Mapping[UUID, Fault]) -> None:
    """Messages of a lease that could not be written: tried again soon, and parked with the cause after three tries."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH parked AS (
                UPDATE communications_message m SET tries = m.tries + 1, note = new.note,
                    state = CASE WHEN m.tries >= %s THEN 'dead' ELSE 'queued' END,
                    changed_at = clock_timestamp(), lease = NULL, lease_until = NULL,
                    next_attempt_at = clock_timestamp()
                        + make_interval(secs => CASE WHEN m.tries = 0 THEN %s ELSE %s END)
                FROM unnest(%s::uuid[], %s::text[]) AS new (id, note)
                WHERE m.id = new.id AND m.lease = %s AND m.state = 'queued'
                RETURNING m.id, m.tries, m.note)
            INSERT INTO communications_attempt (message_id, number, started_at, finished_at, outcome, answer)
            SELECT id, tries, clock_timestamp(), clock_timestamp(), 'unrendered', note FROM parked
            """,
            [
                len(UNRENDERED),
                *UNRENDERED,
                list(faults),
                [str(fault)[:300] for fault in faults.values()],
                token,
            ],
        )


def expire() -> int:
    """Settle tries whose lease has ended without a record; how many there were.

    An email is *uncertain* and waits for a person, a webhook is sent again under the same id.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH lost AS (
                UPDATE communications_message SET lease = NULL, lease_until = NULL,
                    changed_at = clock_timestamp(), next_attempt_at = clock_timestamp(),
                    state = CASE WHEN channel = 'webhook' THEN 'queued' ELSE 'uncertain' END,
                    note = CASE WHEN channel = 'webhook' THEN 'stopped between send and record; sent again'
                        ELSE 'stopped between send and record; waits for a person' END
                WHERE id IN (SELECT id FROM communications_message
                    WHERE state = 'sending' AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)
                RETURNING id, tries)
            UPDATE communications_attempt a SET outcome = 'uncertain', finished_at = clock_timestamp()
            FROM lost WHERE a.message_id = lost.id AND a.number = lost.tries
            """
        )
        return cursor.rowcount


def disable_failing(*, at: datetime) -> int:
    """Disable the endpoints that have answered nothing good for five days; how many."""
    failing = Endpoint.objects.filter(Q(is_enabled=True), failing_since__lt=at - GIVES_UP_AFTER)
    for endpoint in failing:
        days = GIVES_UP_AFTER // timedelta(days=1)
        endpoint.disable(reason=f"No webhook was accepted for {days} days.", by=None, at=at)
    return len(failing)
