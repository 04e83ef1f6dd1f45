"""Wake-ups. Losing one costs half a minute, never a message.

Pages import this module to wake; what only a worker needs (mail, HTTP) is imported by the task itself.
"""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from communications import outbox, recording
from console.wakeup import wake

SLICE = 50.0  # seconds; then the worker is free for others before it goes on
ONE_AT_A_TIME = 7_041_001  # an advisory lock: further dispatchers are started by `bin/manage dispatch`


@shared_task
def dispatch() -> None:
    """Send what is due. Does nothing while another task does."""
    from communications import dispatcher

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return
    try:
        is_left = dispatcher.dispatch(seconds=SLICE, until_empty=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
    if is_left:
        wake(dispatch)


@shared_task
def reconcile() -> None:
    """Every half minute: settle tries nobody finished, rest endpoints that never answer, wake what was forgotten."""
    recording.expire()
    recording.disable_failing(at=timezone.now())
    if outbox.lanes():
        wake(dispatch)
