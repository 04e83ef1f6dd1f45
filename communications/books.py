"""Planned = sent + failed + suppressed + uncertain + dead + queued: counted, never kept, so that it can be wrong."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from communications.audience import HeldBack
from communications.models import Configuration, Message, Run

STATES = ("sent", "failed", "suppressed", "uncertain", "dead", "queued")


@dataclass(frozen=True)
class Books:
    """How many messages were planned, and how many stand in each state; what is being sent counts as queued."""

    planned: int
    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    uncertain: int = 0
    dead: int = 0
    queued: int = 0

    @property
    def settled(self) -> int:
        """Messages that wait for nothing more."""
        return self.planned - self.queued

    @property
    def refused(self) -> int:
        """Messages that ended badly."""
        return self.failed + self.dead

    @property
    def is_balanced(self) -> bool:
        return self.planned == sum(getattr(self, state) for state in STATES)

    def as_dict(self) -> dict[str, int]:
        """For components/books.html."""
        return asdict(self)


def books_of_run(run: Run) -> Books:
    """The books of one send."""
    return _books(run.planned, run.messages.all())


def books_of_configuration(configuration: Configuration) -> Books:
    """The books of everything a communication ever sent."""
    planned = configuration.runs.aggregate(planned=Sum("planned", default=0))["planned"]
    return _books(planned, configuration.messages.filter(run__isnull=False))


def books_of_runs(runs: list[Run]) -> dict[UUID, Books]:
    """The books of several sends, counted together."""
    counted = Message.objects.filter(run__in=runs).values_list("run", "state").annotate(n=Count("pk"))
    states: dict[Any, dict[str, int]] = {run.pk: {} for run in runs}
    for run, state, n in counted:
        _add(states[run], state, n)
    return {run.pk: Books(planned=run.planned, **states[run.pk]) for run in runs}


def held_back(messages: QuerySet[Message]) -> list[tuple[str, int]]:
    """Why messages were suppressed, in words, the commonest first."""
    counted = messages.filter(state=Message.State.SUPPRESSED).values_list("held_back").annotate(n=Count("pk"))
    return [(HeldBack(reason).label, n) for reason, n in counted.order_by("-n")]


def _books(planned: int, messages: QuerySet[Message]) -> Books:
    states: dict[str, int] = {}
    for state, n in messages.order_by().values_list("state").annotate(n=Count("pk")):
        _add(states, state, n)
    return Books(planned=planned, **states)


def _add(states: dict[str, int], state: str, n: int) -> None:
    name = "queued" if state == Message.State.SENDING else state
    states[name] = states.get(name, 0) + n
