"""Accounts through the API: made, listed and counted by 20 clients at once, against web processes as bin/up runs them.

TRANCHE_BENCH_ACCOUNTS says how many, 5,000 if nothing does.
"""

import json
import os
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
from django.utils import timezone

from console.embedded.paths import Place
from console.embedded.postgres import APP, OWNER
from console.embedded.programs import programs
from console.organizations.models import ApiKey, KeyScope, Organization
from console.portfolios.assets import open_asset
from console.portfolios.tasks import set_milestones
from tests.benchmarks.report import Report
from tests.communications.sinks import free_port

ACCOUNTS = int(os.environ.get("TRANCHE_BENCH_ACCOUNTS") or 5_000)
CLIENTS, PAGE, REPEATS = 20, 100, 200
BODY = {"assetCode": "EUR", "type": "deposit", "metadata": {"branch": "Praha", "tier": 2}}
BY_HAND = """
INSERT INTO portfolios_account (organization_id, ledger_id, external_id, name, alias, type, asset_code, status,
    entity_id, is_blocked, has_overdraft_protection, metadata)
VALUES (%s, %s, uuidv7()::text, 'EUR deposit account', '', 'deposit', 'EUR', 'ACTIVE', '', false, false, %s)
"""
PAGE_BY_HAND = """
SELECT a.*, m.segment_id FROM portfolios_account a
LEFT JOIN segments_accountmembership m ON m.account_id = a.id AND m.is_assigned
WHERE a.ledger_id = %s AND a.deleted_at IS NULL ORDER BY a.id LIMIT 100
"""
COUNT_BY_HAND = "SELECT count(*) FROM portfolios_account WHERE ledger_id = %s AND deleted_at IS NULL"


@dataclass
class Bench:
    """Where the API answers, with which key, and for which ledger of which organization."""

    port: int
    secret: str
    organization: Organization
    ledger: Any
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.base = f"/v1/organizations/{self.organization.pk}/ledgers/{self.ledger.pk}/accounts"


@dataclass
class Client:
    """One caller with one connection that stays open."""

    bench: Bench
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.bench.port, timeout=60)

    def __call__(self, method: str, path: str = "", body: Any = None, *, expected: int = 200) -> Any:
        """The answer's headers. Raises LookupError for another status than `expected`."""
        headers = {"Authorization": f"Bearer {self.bench.secret}", "Content-Type": "application/json"}
        said = None if body is None else json.dumps(body)
        self.connection.request(method, self.bench.base + path, said, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise LookupError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return answer.headers

    def make(self, number: int) -> None:
        self("POST", "", BODY | {"alias": f"@bench:{number}"}, expected=201)

    def page(self, number: int, order: str = "asc") -> None:
        self("GET", f"?limit={PAGE}&page={number}&sort_order={order}")

    def count(self, _: int) -> None:
        self("HEAD", "/metrics/count", expected=204)


def run(report: Report) -> None:
    """What each operation takes under load, and beside the hand-written statement; and whether no row is hidden.

    The clock that sets milestones ticks between the load and what is measured alone, as it does everywhere.
    """
    organization, ledger, secret = a_ledger()
    with web() as port:
        bench = Bench(port, secret, organization, ledger)
        # The first requests of a process load what it needs.
        in_parallel(lambda: Client(bench), Client.count, range(4 * CLIENTS))
        under_load(report, "create", bench, Client.make, range(ACCOUNTS), least=50)
        pages = range(1, ACCOUNTS // PAGE + 2)
        under_load(report, "list", bench, Client.page, pages, least=20)
        under_load(report, "count", bench, Client.count, range(200), least=50)
        total = int(Client(bench)("HEAD", "/metrics/count", expected=204)["X-Total-Count"])
        report.limit("api: accounts not counted", ours=ACCOUNTS + 1 - total, at_most=0, unit="accounts")
        set_milestones()
        alone(report, bench, total)
        report.limit("api: most memory of a web process", ours=most_memory(port), at_most=300, unit="MB")


def under_load(
    report: Report,
    name: str,
    bench: Bench,
    ask: Callable[[Client, int], None],
    numbers: Iterable[int],
    *,
    least: float,
) -> None:
    """Rate, median and 99th percentile with CLIENTS at work."""
    times, seconds = in_parallel(lambda: Client(bench), ask, numbers)
    report.reach(f"api: {name}, {CLIENTS} clients", ours=len(times) / seconds, at_least=least)
    times.sort()
    for share, most in ((50, 1_000), (99, 4_000)):
        took = times[min(len(times) * share // 100, len(times) - 1)]
        report.limit(f"api: {name}, p{share}", ours=took, at_most=most)


def in_parallel(
    client: Callable[[], Any], ask: Callable[[Any, int], None], numbers: Iterable[int]
) -> tuple[list[float], float]:
    """Milliseconds of each question, and seconds of all. Raises what the first of them raised."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in numbers:
        waiting.put(number)
    times: list[float] = []
    faults: list[Exception] = []

    def work() -> None:
        mine = client()
        while not faults:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            began = time.perf_counter()
            try:
                ask(mine, number)
            except Exception as fault:
                faults.append(fault)
            times.append((time.perf_counter() - began) * 1e3)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return times, time.perf_counter() - began


def alone(report: Report, bench: Bench, total: int) -> None:
    """One client at a time, in turns with the hand-written statement, with other pages, and with the other order."""
    client, last = Client(bench), -(-total // PAGE)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as hand:
        scope = [str(bench.ledger.pk)]
        works: dict[str, Callable[[], object]] = {
            "create": lambda: client("POST", "", BODY, expected=201),
            "create by hand": lambda: hand.execute(
                BY_HAND, [str(bench.organization.pk), *scope, json.dumps(BODY["metadata"])]
            ),
            "first page": lambda: client.page(1),
            "middle page": lambda: client.page(last // 2),
            "last page": lambda: client.page(last),
            "newest page": lambda: client.page(1, "desc"),
            "oldest page": lambda: client.page(last, "desc"),
            "page by hand": lambda: hand.execute(PAGE_BY_HAND, scope).fetchall(),
            "count": lambda: client.count(0),
            "count by hand": lambda: hand.execute(COUNT_BY_HAND, scope).fetchall(),
        }
        took = medians(works)
    report.note(f"count by hand: {took['count by hand']:.1f} ms of {took['count']:.1f} ms through the API")
    for name, by_hand, most in (
        ("create", "create by hand", 25),
        ("first page", "page by hand", 25),
        ("count", "first page", 1.2),
        ("middle page", "first page", 1.2),
        ("last page", "first page", 1.2),
        ("oldest page", "newest page", 1.2),
    ):
        report.compare(
            f"api: {name} beside {by_hand}", ours=took[name], reference=took[by_hand], at_most=most
        )


def medians(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of each by the clock, asked in turns, so that all have the same neighbours; the first few count for
    nothing."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(REPEATS + 3):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if turn >= 3:
                times[name].append((time.perf_counter() - began) * 1e3)
    return {name: statistics.median(several) for name, several in times.items()}


def a_ledger() -> tuple[Organization, Any, str]:
    """A new ledger with one asset, in an organization of its own, and a key that opens it."""
    organization, _ = Organization.objects.get_or_create(
        slug="api-bench", defaults={"name": "API bench", "base_currency": "EUR"}
    )
    ledger = organization.ledgers.create(name=f"Bench {timezone.now():%Y-%m-%d %H:%M:%S.%f}")
    open_asset(ledger, "EUR")
    _, secret = ApiKey.issue(
        organization,
        name="bench",
        scopes=KeyScope.values,
        by=None,
        expires_at=timezone.now() + timedelta(days=1),
        calls_per_minute=10_000_000,
    )
    return organization, ledger, secret


@contextmanager
def web() -> Iterator[int]:
    """Web processes as bin/up starts them, signed in to the database as a bank's are; yields their port."""
    port = free_port()
    environ = os.environ | {
        "TRANCHE_PORT": str(port),
        "DATABASE_URL": os.environ["DATABASE_URL"].replace(f"//{OWNER}@", f"//{APP}@"),
        "LOG_LEVEL": "WARNING",
    }
    place = Place.from_environment(environ)
    every = programs(place, environ, host="127.0.0.1", reload=False, catches_mail=False)
    program = next(one for one in every if one.name == "web")
    program.start(environ)
    try:
        wait_for(port)
        yield port
    finally:
        program.stop()


def most_memory(port: int) -> float:
    """Megabytes that the largest of the web processes on this port has had at once (VmHWM of Linux)."""
    found = [0]
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"127.0.0.1:{port}".encode() in (process / "cmdline").read_bytes():
                found += map(int, re.findall(r"VmHWM:\s+(\d+)", (process / "status").read_text()))
    return max(found) / 1e3


def wait_for(port: int) -> None:
    """Until the console answers. Raises TimeoutError."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise TimeoutError("The console did not answer.")
