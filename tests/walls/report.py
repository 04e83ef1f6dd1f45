"""What a walk around the walls tried, and the report of all walks that stands at the end of bin/test."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

PROPERTY = "walk between banks"
HEADS = ("walk", "addresses", "roles", "requests", "foreign ids", "refused", "leaks")


class Walk:
    """Counts what was asked, and keeps every leak in words. `what` is its line of the report."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.addresses: set[str] = set()
        self.roles: set[str] = set()
        self.methods: set[str] = set()
        self.requests = self.ids = self.refused = 0
        self.leaks: list[str] = []

    def asked(self, address: str, role: str, method: str, *, status: int, ids: int = 0) -> None:
        """One request, in which `ids` values were ids of another bank beside those in its path."""
        self.addresses.add(address)
        self.roles.add(role)
        self.methods.add(method)
        self.requests += 1
        self.ids += ids
        self.refused += 400 <= status < 500

    def found(self, leak: str) -> None:
        self.leaks.append(leak)

    def told(self) -> dict[str, Any]:
        """As it travels from the process that ran the test to the one that reports."""
        sets = {name: sorted(map(str, getattr(self, name))) for name in ("addresses", "roles", "methods")}
        counts = {name: getattr(self, name) for name in ("what", "requests", "ids", "refused")}
        return {**sets, **counts, "leaks": len(self.leaks)}


def together(walks: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By line of the report: the walks of each role and process added up."""
    lines: dict[str, dict[str, Any]] = {}
    for walk in walks:
        line = lines.setdefault(walk["what"], {})
        for name, value in walk.items():
            if isinstance(value, list):
                line[name] = line.get(name, set()) | set(value)
            elif name != "what":
                line[name] = line.get(name, 0) + value
    return lines


def walks_in(reporter: pytest.TerminalReporter) -> Iterator[dict[str, Any]]:
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                yield from (told for name, told in report.user_properties if name == PROPERTY)


def tell(reporter: pytest.TerminalReporter) -> None:
    """The report, where walks were taken."""
    lines = together(walks_in(reporter))
    if not lines:
        return
    reporter.section("walls between banks")
    reporter.line(f"{HEADS[0]:<26}" + "".join(f"{head:>13}" for head in HEADS[1:]))
    for what, line in sorted(lines.items()):
        counts = [len(line["addresses"]), len(line["roles"]), line["requests"]]
        counts += [line["ids"], line["refused"], line["leaks"]]
        reporter.line(f"{what:<26}" + "".join(f"{count:>13,}" for count in counts))
        reporter.line(f"{'':<4}{', '.join(sorted(line['methods']))}")
    leaks = sum(line["leaks"] for line in lines.values())
    requests = sum(line["requests"] for line in lines.values())
    reporter.line(f"{requests:,} requests, leaks: {leaks}", red=bool(leaks), green=not leaks)
