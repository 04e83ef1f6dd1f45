"""Tries without anything that travels: lease, begin, record, let time pass."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from communications import outbox
from communications.channels.outcome import Outcome
from communications.letters import loaded
from communications.models import Message, Run
from communications.outbox import Lane
from communications.recording import Ended, record


def lane(run: Run) -> Lane:
    return Lane(run.configuration_id, run.version.channel)


def begun(run: Run, *, seconds: int = 60) -> dict[UUID, int]:
    """Lease everything and begin a try of each."""
    token, ids = outbox.lease(lane(run), limit=100, seconds=60)
    return outbox.start(token, loaded(ids), seconds=seconds)


def ended(run: Run, numbers: dict[UUID, int], outcome: Outcome) -> None:
    """Record the same outcome for tries."""
    record(
        [
            Ended(
                pk,
                n,
                run.organization_id,
                run.version.channel,
                "a@mail.example",
                run.version.endpoint_id,
                outcome,
            )
            for pk, n in numbers.items()
        ],
        at=timezone.now(),
    )


def states(run: Run) -> list[str]:
    return sorted(run.messages.values_list("state", flat=True))


def past() -> None:
    """Let every lease and every waiting time be over."""
    Message.objects.filter(lease_until__isnull=False).update(
        lease_until=F("lease_until") - timedelta(hours=1)
    )
    Message.objects.update(next_attempt_at=F("next_attempt_at") - timedelta(days=2))
