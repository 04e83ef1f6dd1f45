"""One worker at a piece of work: a lock of the database that the worker's connection holds, and that goes with it."""

import contextlib
from collections.abc import Iterator

from django.db import OperationalError, connection


class Busy(Exception):
    """Another worker holds it."""


class NotPossible(Exception):
    """The work is not in a state that allows what was asked of it. The text says which it is in."""


@contextlib.contextmanager
def held(name: str) -> Iterator[None]:
    """Hold what `name` says for this connection; a worker that dies lets go. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise Busy
    try:
        yield
    finally:
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
