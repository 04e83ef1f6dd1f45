"""Wake-ups. Losing one costs half a minute, never a message.

Pages import this module to wake; what only a worker needs (mail, HTTP) is imported by the task itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from celery import shared_task
from django.db import connection
from django.utils import timezone

from communications import outbox, recording
from console.wakeup import wake

SLICE = 50.0  # seconds; then the worker is free for others before it goes on
ONE_AT_A_TIME = 7_041_001  # an advisory lock: further dispatchers are started by `bin/manage dispatch`


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether we are the one task that sends: a lock of a connection of our own, which ends with us in any case."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME]).fetchone()
        yield bool(row and row[0])
        # Now, not only once the server sees that we hung up.
        session.execute("SELECT pg_advisory_unlock_all()")


@shared_task(is_across=True)
def dispatch() -> None:
    """Send what is due. Does nothing while another task does."""
    from communications import dispatcher

    with only_one() as is_mine:
        is_left = is_mine and dispatcher.dispatch(seconds=SLICE, until_empty=True)
    if is_left:
        wake(dispatch)


@shared_task(is_across=True)
def reconcile() -> None:
    """Every half minute: settle tries nobody finished, rest endpoints that never answer, wake what was forgotten."""
    recording.expire()
    recording.disable_failing(at=timezone.now())
    if outbox.lanes():
        wake(dispatch)
