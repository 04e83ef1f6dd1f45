"""Celery only wakes: the row that says what is due is committed already, and a reconciler finds what a lost wake-up forgot."""

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake(task: "Task[..., Any]", *args: Any) -> None:
    """Send `task` when the present transaction has committed. A broker that is down is logged, never raised."""

    def send() -> None:
        try:
            task.delay(*args)
        except (OperationalError, ConnectionError, TimeoutError) as error:
            log.warning("wake_up_lost", task=task.name, error=str(error))

    transaction.on_commit(send)
