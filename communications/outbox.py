"""The outbox as the dispatcher sees it: which lanes have work, take some, start a try, record what became of it.

Each function is one transaction, and every row it touches says by itself how things stand: a dispatcher may be killed
between any two of them. A lane is a configuration, or an endpoint for what it is told by itself, so that a slow or
paused one stands in nobody's way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from communications.audience import HeldBack, with_reasons
from communications.fault_points import fault_point
from communications.models import Message, RenderedCopy
from communications.models.messages import Channel
from communications.purposes import Rules
from console.customers.models import Customer

DUE = """
    m.state = 'queued' AND m.next_attempt_at <= clock_timestamp()
    AND (m.endpoint_id IS NULL OR EXISTS (
        SELECT FROM communications_endpoint e WHERE e.id = m.endpoint_id AND e.is_enabled))
"""
BUSY = "busy"
FREE = "(m.lease_until IS NULL OR m.lease_until < clock_timestamp())"


@dataclass(frozen=True)
class Lane:
    """A configuration that has messages due, or an endpoint that has events due."""

    whose: UUID
    channel: str
    is_of_events: bool = False

    @property
    def mine(self) -> str:
        """Which messages are the lane's, in SQL that asks for `whose`."""
        return (
            "m.configuration_id IS NULL AND m.endpoint_id = %s"
            if self.is_of_events
            else "m.configuration_id = %s"
        )


def lanes(*, is_free: bool = True) -> list[Lane]:
    """The lanes with work that nobody holds; with `is_free=False` also work that others hold at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.id, v.channel, false FROM communications_configuration c
            JOIN communications_configurationversion v ON v.id = c.version_id
            JOIN organizations_organization o ON o.id = c.organization_id
            LEFT JOIN communications_endpoint now ON now.id = v.endpoint_id
            WHERE c.state = 'active' AND o.is_sending AND coalesce(now.is_enabled, true) AND EXISTS (
                SELECT FROM communications_message m
                WHERE m.configuration_id = c.id AND {DUE} AND ({FREE} OR %s))
            UNION ALL
            SELECT e.id, 'webhook', true FROM communications_endpoint e
            JOIN organizations_organization o ON o.id = e.organization_id
            WHERE e.is_enabled AND o.is_sending AND EXISTS (
                SELECT FROM communications_message m
                WHERE m.configuration_id IS NULL AND m.endpoint_id = e.id AND {DUE} AND ({FREE} OR %s))
            ORDER BY 1
            """,
            [not is_free, not is_free],
        )
        return [Lane(*row) for row in cursor.fetchall()]


def lease(lane: Lane, *, limit: int, seconds: int) -> tuple[UUID, list[UUID]]:
    """Take up to `limit` due messages of a lane for `seconds` by the database's clock: the lease and their ids."""
    token = uuid4()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH picked AS MATERIALIZED (  -- once: joined in a loop, it would be made anew and lock others each time
                SELECT m.id FROM communications_message m
                WHERE {lane.mine} AND {DUE} AND {FREE}
                ORDER BY m.next_attempt_at, m.id LIMIT %s FOR UPDATE SKIP LOCKED)
            UPDATE communications_message leased
            SET lease = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
            FROM picked WHERE leased.id = picked.id
            RETURNING leased.id
            """,
            [lane.whose, limit, token, seconds],
        )
        return token, [row[0] for row in cursor.fetchall()]


def release(token: UUID) -> None:
    """Give back what a lease still holds unstarted."""
    Message.objects.filter(lease=token, state=Message.State.QUEUED).update(lease=None, lease_until=None)


def start(token: UUID, messages: Sequence[Message], *, seconds: int) -> dict[UUID, int]:
    """Mark the messages of a lease *sending* and write an Attempt each: the number of the try by message.

    This is the last moment at which consent counts: customers are locked first, so that an objection or a withdrawal
    that committed before us is seen. Whoever is held back by now is suppressed; a customer whom someone is changing at
    this moment, or has another address than the letter, waits a little; what is no longer ours is left out.
    """
    with transaction.atomic(durable=True):
        held = _held_back(messages)
        _suppress(token, {pk: reason for pk, reason in held.items() if reason not in ("", BUSY)})
        _postpone(token, [pk for pk, reason in held.items() if reason == BUSY])
        with connection.cursor() as cursor:
            cursor.execute(START, [seconds, [pk for pk, reason in held.items() if not reason], token])
            started = dict(cursor.fetchall())
        fault_point("starting")
    return started


START = """
WITH started AS (
    UPDATE communications_message m SET state = 'sending', tries = m.tries + 1, note = '',
        changed_at = clock_timestamp(), lease_until = clock_timestamp() + make_interval(secs => %s)
    FROM organizations_organization o
    WHERE m.id = ANY(%s) AND m.lease = %s AND m.state = 'queued' AND o.id = m.organization_id AND o.is_sending
        AND (m.configuration_id IS NULL OR EXISTS (
            SELECT FROM communications_configuration c WHERE c.id = m.configuration_id AND c.state = 'active'))
    RETURNING m.id, m.tries)
INSERT INTO communications_attempt (message_id, number, started_at, outcome, answer)
SELECT id, tries, clock_timestamp(), '', '' FROM started RETURNING message_id, number
"""


def _held_back(messages: Sequence[Message]) -> dict[UUID, str]:
    """By message: why it may not go, "" if it may, BUSY while someone else changes its customer.

    What tells an endpoint of an event is for no customer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            [[message.customer_id for message in messages if message.customer_id]],
        )
        mine = [row[0] for row in cursor.fetchall()]
    held = {m.pk: BUSY if m.customer_id else "" if m.event else HeldBack.ERASED.value for m in messages}
    personal = [m for m in messages if m.customer_id]
    for rules in {_rules(m) for m in personal}:
        # A statement of its own, after the lock: it sees what committed before we held it.
        found = with_reasons(Customer.objects.filter(pk__in=mine), rules)
        reasons = {pk: (reason, email) for pk, reason, email in found.values_list("pk", "held_back", "email")}
        same = (m for m in personal if _rules(m) == rules and m.customer_id in reasons)
        held |= {m.pk: _may_go(m, *reasons[m.customer_id]) for m in same}
    return held


def _may_go(message: Message, reason: str, email: str) -> str:
    """`reason`, or BUSY where the letter is written to another address than the customer has by now."""
    copy = getattr(message, "copy", None)
    is_elsewhere = message.channel == Channel.EMAIL and copy and copy.address != email
    return BUSY if not reason and is_elsewhere else reason


def _rules(message: Message) -> Rules:
    return message.version.rules if message.version else Rules(message.channel)


def _suppress(token: UUID, held: dict[UUID, str]) -> None:
    erased = [message for message, reason in held.items() if reason == HeldBack.ERASED]
    if erased:  # written by us a moment ago, when they were not erased yet
        RenderedCopy.objects.filter(message__in=erased).delete()
    for message, reason in held.items():
        Message.objects.filter(pk=message, lease=token, state=Message.State.QUEUED).update(
            state=Message.State.SUPPRESSED, held_back=reason, changed_at=Now(), lease=None, lease_until=None
        )


def _postpone(token: UUID, messages: Sequence[UUID]) -> None:
    if messages:
        later = Now() + timedelta(seconds=5)
        Message.objects.filter(pk__in=messages, lease=token).update(
            next_attempt_at=later, lease=None, lease_until=None
        )


def is_waiting() -> bool:
    """Whether something is due, even if another dispatcher holds it, or was begun and not recorded."""
    active = Q(configuration__state="active") | Q(configuration=None)
    under_way = Message.objects.filter(active, state=Message.State.SENDING, organization__is_sending=True)
    return bool(lanes(is_free=False)) or under_way.exists()
