"""Celery only wakes: the row that says what is due is committed first, and a tick finds what a lost wake-up forgot."""

from typing import Any

import structlog
from celery import Task, current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake(task: "Task[..., Any] | str", *args: Any) -> None:
    """Send `task`, or the task of that name, when the present transaction has committed.

    Models name tasks, since tasks import models. A broker that is down is logged, never raised.
    Raises KeyError for an unknown name.
    """
    sent: Task[..., Any] = current_app.tasks[task] if isinstance(task, str) else task

    def send() -> None:
        try:
            sent.delay(*args)
        except (OperationalError, ConnectionError, TimeoutError) as error:
            log.warning("wake_up_lost", task=sent.name, error=str(error))

    transaction.on_commit(send)
