"""Dispatchers to be killed: `python -m tests.communications.faults.runner` makes one for each line of its input.

A line is "POINT AFTER BATCH"; POINT is "-" for none. Each dispatcher is a process of its own, forked from this one,
which has loaded everything and holds nothing: we answer with its process id, and with its exit status when it has
ended. It is the dispatcher of the console, whole, with smaller batches, so that a kill strands little. At a point it
ends itself by SIGKILL: no cleaning up, no goodbye.
"""

import os
import signal
import sys

import django

from communications import fault_points
from console.organizations import scope


def main() -> None:
    """Set up once, then fork for each line."""
    # Before anything takes the function by its name.
    fault_points.fault_point = lambda name: end_here(name)
    django.setup()
    from communications import dispatcher

    for line in sys.stdin:
        point, after, batch = line.split()
        process = os.fork()
        if process == 0:
            wanted[point] = int(after)
            dispatcher.BATCH = int(batch)
            with scope.across(task="dispatch"):
                dispatcher.dispatch(until_empty=True)
            os._exit(0)
        print(process, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


wanted: dict[str, int] = {}


def end_here(name: str) -> None:
    """End this process at a wanted point, once it has been passed often enough."""
    if name in wanted:
        wanted[name] -= 1
        if wanted[name] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
