"""Celery only wakes: the row that says what is due is committed first, and a tick finds what a lost wake-up forgot."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from celery import Task, current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from console.organizations import scope

log = structlog.get_logger(__name__)
SOON = 1.0  # seconds
HEADER = "tranche"  # {"organization": id, "actor": who caused it}


class Unscoped(Exception):
    """A task was woken for no organization that serves one, or for one that serves all."""


class Work(Task):
    """What a task does it does inside the organization it was woken for, by whoever woke it.

    `@shared_task(is_across=True)` is for the clocks and for what serves all banks at once. Called as a function, a task
    for one organization works where its caller does.
    """

    abstract = True
    is_across = False

    def __call__(self, *args: Any, **options: Any) -> Any:
        with self.scope():
            return self.run(*args, **options)

    def scope(self) -> AbstractContextManager[None]:
        """Raises Unscoped."""
        carried = (self.request.get("headers") or {}).get(HEADER) or {}
        actor = {**carried.get("actor", {}), "task": self.name}
        if self.is_across:
            return scope.across(**actor)
        if self.request.called_directly:
            return scope.kept()
        if not carried.get("organization"):
            raise Unscoped(f"{self.name} was woken for no organization.")
        return scope.inside(carried["organization"], **actor)


@dataclass
class Soon:
    """Wakes a task of all organizations a second after something was committed, once for all that happens meanwhile.

    For what may happen a thousand times a second. Every process has a second of its own.
    """

    task: Any
    due: float = 0.0

    def __call__(self) -> None:
        transaction.on_commit(self._wake)

    def _wake(self) -> None:
        now = monotonic()
        if now >= self.due:
            self.due = (
                now + SOON * 0.9
            )  # what is committed after this might come too late for the one on its way
            _send(self.task, (), {}, after=SOON)


def wake(task: "Task[..., Any] | str", *args: Any, organization: "UUID | None" = None) -> None:
    """Send `task`, or the task of that name, for this organization, when the present transaction has committed.

    Models name tasks, since tasks import models. A broker that is down is logged, never raised.
    Raises KeyError for an unknown name, Unscoped.
    """
    sent: Any = current_app.tasks[task] if isinstance(task, str) else task
    if sent.is_across == bool(organization):
        raise Unscoped(f"{sent.name} is for {'all organizations' if sent.is_across else 'one organization'}.")
    headers = {HEADER: {"organization": str(organization or ""), "actor": scope.present().actor.known()}}

    transaction.on_commit(lambda: _send(sent, args, headers))


def _send(task: Any, args: tuple[Any, ...], headers: dict[str, Any], *, after: float = 0) -> None:
    try:
        task.apply_async(args, headers=headers, countdown=after)
    except (OperationalError, ConnectionError, TimeoutError) as error:
        log.warning("wake_up_lost", task=task.name, error=str(error))
