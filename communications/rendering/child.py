"""The process that renders: lines of JSON in, lines of JSON out. It has no database, no secrets, and limits.

`{"check": {part: source}, "fields": […]}` is answered by one line, `{"faults": [[part, line, message], …]}`.
`{"source": {part: source}, "contexts": […]}` is answered by a line for each context, `{"parts": {part: text}}` or
`{"fault": [part, line, message], "is_limit": …}`. The parent stops us when a line takes longer than it should.
"""

import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from liquid.exceptions import LiquidError

from communications.rendering import environment

SECONDS = 1.0
MEGABYTES = 64


class TooSlow(Exception):
    """A rendering went on for longer than SECONDS."""


def main() -> None:
    """Answer until the parent closes our input."""
    signal.signal(signal.SIGALRM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit()
    for line in sys.stdin:
        for answer in answers(json.loads(line)):
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


def answers(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines that answer one request."""
    if "check" in request:
        yield _timed(lambda: _check(request["check"], request["fields"]))
        return
    source = request["source"]
    for context in request["contexts"]:
        yield _timed(lambda context=context: {"parts": _render(source, context)})


def _check(source: dict[str, str], fields: list[str]) -> dict[str, Any]:
    found = [fault for part, text in source.items() for fault in environment.faults(part, text, fields)]
    return {"faults": [[fault.part, fault.line, fault.message] for fault in found]}


def _render(source: dict[str, str], context: dict[str, Any]) -> dict[str, str]:
    parts = {}
    for part, text in source.items():
        try:
            parts[part] = _compiled(part, text).render(**context)
        except LiquidError as error:
            raise _Failed(environment.fault_of(part, error)) from error
    return parts


class _Failed(Exception):
    def __init__(self, fault: environment.Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def _compiled(part: str, text: str) -> Any:
    if (part, text) not in _kept:
        if len(_kept) > 60:
            _kept.clear()
        _kept[part, text] = environment.compiled(part, text)
    return _kept[part, text]


_kept: dict[tuple[str, str], Any] = {}


def _timed(work: Any) -> dict[str, Any]:
    """What `work` returns, or the fault that ended it."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return work()
    except _Failed as failed:
        fault = failed.fault
        return {"fault": [fault.part, fault.line, fault.message], "is_limit": False}
    except TooSlow:
        return _limited(f"This takes longer than {SECONDS:.0f} second to write.")
    except (MemoryError, RecursionError):
        return _limited(f"This needs more than {MEGABYTES} MB to write.")
    except Exception as error:
        return {"fault": ["", 0, f"This could not be written: {type(error).__name__}."], "is_limit": False}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limited(message: str) -> dict[str, Any]:
    return {"fault": ["", 0, message], "is_limit": True}


def _stop(*_: object) -> None:
    raise TooSlow


def _limit() -> None:
    """What we have now and 64 MB more; no files written, no more processes. Where the kernel offers it."""
    usage = Path("/proc/self/statm")
    if usage.exists():
        most = int(usage.read_text().split()[0]) * resource.getpagesize() + MEGABYTES * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
