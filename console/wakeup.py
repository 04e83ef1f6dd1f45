"""Celery only wakes: the row that says what is due is committed first, and a tick finds what a lost wake-up forgot."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import structlog
from celery import Task, current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from console.organizations import scope

log = structlog.get_logger(__name__)
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


def wake(task: "Task[..., Any] | str", *args: Any, organization: "UUID | None" = None) -> None:
    """Send `task`, or the task of that name, for this organization, when the present transaction has committed.

    Models name tasks, since tasks import models. A broker that is down is logged, never raised.
    Raises KeyError for an unknown name, Unscoped.
    """
    sent: Any = current_app.tasks[task] if isinstance(task, str) else task
    if sent.is_across == bool(organization):
        raise Unscoped(f"{sent.name} is for {'all organizations' if sent.is_across else 'one organization'}.")
    headers = {HEADER: {"organization": str(organization or ""), "actor": scope.present().actor.known()}}

    def send() -> None:
        try:
            sent.apply_async(args, headers=headers)
        except (OperationalError, ConnectionError, TimeoutError) as error:
            log.warning("wake_up_lost", task=sent.name, error=str(error))

    transaction.on_commit(send)
