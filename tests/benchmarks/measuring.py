"""Costs of two ways to the same answer, measured in turns in one run, so that a busy machine is busy for both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

Work = Callable[[], object]
Clock = Callable[[], int]


@dataclass(frozen=True)
class Cost:
    """Medians of some repeats, in milliseconds: on a processor (of the one process that does it), and by the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Here:
    """Work that this process does itself, not the database's."""

    work: Work

    def __call__(self) -> object:
        return self.work()


def in_turns(works: list[Work], *, repeats: int = 7) -> list[Cost]:
    """The cost of each piece of work, done in turns; one round before the first counts for nothing.

    Parallel queries are off meanwhile: their processors' time is not to be seen from here. Where the database runs on
    another machine its processor time can't be seen at all, and the clock stands for it.
    """
    seen: list[list[tuple[float, float]]] = [[] for _ in works]
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        for turn in range(repeats + 1):
            for work, costs in zip(works, seen, strict=True):
                cost = once(work)
                if turn:
                    costs.append(cost)
        cursor.execute("RESET max_parallel_workers_per_gather")
    medians = [[statistics.median(column) for column in zip(*costs, strict=True)] for costs in seen]
    return [Cost(cpu or wall, wall) for cpu, wall in medians]


def once(work: Work) -> tuple[float, float]:
    """Milliseconds of a processor (the database's, or ours for what is done Here) and of the clock."""
    clock: Clock = time.process_time_ns if isinstance(work, Here) else on_processor
    cpu, wall = clock(), time.perf_counter()
    work()
    return (clock() - cpu) / 1e6, (time.perf_counter() - wall) * 1e3


def on_processor() -> int:
    """Nanoseconds that this connection's server process has spent on a processor; 0 where that can't be seen."""
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(schedule.read_text().split()[0]) if schedule.exists() else 0
