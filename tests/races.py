"""Two people (or more) at one thing at the same moment: each in a thread and a connection of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from threading import Barrier
from typing import Any

from django.db import connection

TIMES = 200
Act = Callable[[], Any]
AtOnce = Callable[..., list[Any]]


@contextmanager
def racing(*refusals: type[Exception], people: int = 2) -> Iterator[AtOnce]:
    """Gives a function that does so many things at the same moment and returns what they return, or refuse."""
    gate = Barrier(people)

    def one(act: Act) -> Any:
        gate.wait(30)
        try:
            return act()
        except refusals as refusal:
            return refusal

    with ThreadPoolExecutor(people) as pool:
        yield lambda *acts: [
            each.result() for each in [pool.submit(copy_context().run, one, act) for act in acts]
        ]
        for done in [pool.submit(one, lambda: connection.close()) for _ in range(people)]:
            done.result()
