"""500 segments kept fresh while transactions arrive, and what the notes cost where those are posted."""

import threading
import time
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from console.balances.posting import Item, post_items
from console.demo.rules import ago, amounts, group, related, rule
from console.organizations import scope
from console.organizations.models import Organization
from segments.freshness import refreshing
from segments.models import Segment
from tests.benchmarks.ground import AS_OF, large_bank, noon
from tests.benchmarks.measuring import once
from tests.benchmarks.refreshes import DidNotRefresh, refresh
from tests.benchmarks.report import Report

SEGMENTS, BATCH, EVERY = 500, 500, 0.5  # a thousand items a second
WORKERS = 2  # as many as a console starts
LAST_90 = rule("booked_on", "between", [ago(90), ago(0)])
CREDIT = rule("direction", "=", "credit")
REPEATS = 25


def run(report: Report) -> None:
    """One pass over all segments by two workers, each counted before; posting with and without notes."""
    bank = large_bank()
    accounts = list(bank.accounts.order_by("pk").values_list("pk", flat=True)[:10_000])
    posting(report, bank, accounts)
    segments = [_stored(bank, f"Kept fresh {n}", kind) for n, kind in enumerate(_kinds(SEGMENTS))]
    for segment in segments:
        refresh(segment, noon(bank))
    stop, waiting, looked = threading.Event(), iter(segments), list[int | None]()
    arriving = _started(_arrive, bank, accounts, stop)
    began = time.perf_counter()
    for worker in [_started(_refresh_each, waiting, noon(bank), looked) for _ in range(WORKERS)]:
        worker.join()
    seconds = time.perf_counter() - began
    stop.set()
    arriving.join()
    if len(looked) < SEGMENTS:
        raise DidNotRefresh(f"{SEGMENTS - len(looked)} of {SEGMENTS}: a worker stopped")
    report.limit(f"{SEGMENTS} segments, one pass, 1,000 items a second", ours=seconds, at_most=60, unit="s")
    report.note(f"{looked.count(None)} asked everybody, {looked.count(0)} nobody.")


def posting(report: Report, bank: Organization, accounts: list[UUID]) -> None:
    """10,000 items of as many accounts in one batch, taken back each time."""
    costs: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(REPEATS):
        for is_noted, seen in costs.items():
            with transaction.atomic():
                if not is_noted:
                    with scope.nobody(), connection.cursor() as cursor:
                        for name in ("touch_insert", "touch_update"):
                            cursor.execute(f"ALTER TABLE balances_balance DISABLE TRIGGER {name}")
                cpu, wall = once(partial(_post, bank, accounts))
                seen.append(cpu or wall)
                transaction.set_rollback(True)
    noted, plain = (sorted(costs[which])[REPEATS // 2] for which in (True, False))
    report.compare("posting 10,000 items, with notes", ours=noted, reference=plain, at_most=1.1)


def _post(bank: Organization, accounts: list[UUID]) -> None:
    items = [Item(account, uuid4().hex, AS_OF, "credit", Decimal("10.00")) for account in accounts]
    post_items(bank, items, source="bench", at=noon(bank))


def _started(act: Callable[..., None], *args: Any) -> threading.Thread:
    thread = threading.Thread(target=copy_context().run, args=(act, *args))
    thread.start()
    return thread


def _refresh_each(waiting: Iterator[Segment], at: datetime, looked: list[int | None]) -> None:
    """Take the next due one that nobody took, until there is none, as clock and worker do; at how many it looked."""
    for segment in waiting:
        looked.append(0 if refreshing.renew(segment, at=at) else refresh(segment, at).looked_at)
    connection.close()


def _arrive(bank: Organization, accounts: list[UUID], stop: threading.Event) -> None:
    """Post a batch twice a second, of other accounts each time."""
    first = 0
    while not stop.wait(EVERY):
        _post(bank, accounts[first : first + BATCH])
        first = (first + BATCH) % len(accounts)
    connection.close()


def _stored(bank: Organization, name: str, definition: dict[str, Any]) -> Segment:
    segment, is_new = bank.segments.get_or_create(
        name=name, archived_at=None, defaults={"is_marketing": False}
    )
    if is_new:
        segment.save_definition(definition, by=None, at=noon(bank))
    return segment


def _kinds(number: int) -> list[dict[str, Any]]:
    """Definitions of the kinds that staff keep most, each with figures of its own."""
    return [
        (
            group(rule("country", "in", ["AT", "DE"]), rule("created_at", ">", ago(n))),
            group(rule("custom_data.tier", "=", f"gold {n}")),
            group(related("invoices", "some", rule("days_overdue", ">", n))),
            group(rule("total_balance", ">", f"{n}000.00")),
            group(amounts("sum", ">=", f"{n}00.00", CREDIT, LAST_90)),
            group(related("transactions", "atLeast", LAST_90, threshold=n + 1)),
        )[n % 6]
        for n in range(number)
    ]
