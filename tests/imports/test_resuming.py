"""Imports that are broken off, cancelled, taken up again, and never by two workers at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone

from console.holding import Busy, NotPossible
from console.imports import engine, staging, tasks
from console.imports.engine import process
from console.imports.models import ImportRun, SeenKey, Stopped
from console.organizations.models import Organization, Staff
from tests.factories import NOW
from tests.imports.files import ACCOUNTS, TRANSACTIONS, counts, draft, imported

ROWS = 95
FILE = "customer_ref,name\n" + "".join(
    f"C{n if n % 10 else 1},{'x' * 300 if n % 25 == 3 else n}\n" for n in range(1, ROWS + 1)
)


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing catches it."""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH_ROWS", 10)


def started(bank: Organization, data: str = FILE, kind: str = "customers") -> ImportRun:
    run = draft(bank, kind, data)
    run.start(by=None, at=NOW)
    return run


def killed_after(batches: int, run_id: UUID) -> None:
    """Work until the given number of batches is in, then die in the middle of the next."""
    whole = staging.keep_rejected
    calls: list[int] = []

    def dies(*args: Any) -> None:
        calls.append(1)
        if len(calls) > batches:
            raise Killed
        whole(*args)

    with mock.patch.object(engine, "keep_rejected", dies), pytest.raises(Killed):
        process(run_id, clock=lambda: NOW)


def test_a_killed_run_goes_on_after_its_last_batch(nordbank: Organization) -> None:
    expected = counts(imported(nordbank, "customers", FILE))
    stored = sorted(nordbank.customers.values_list("external_id", "name"))
    nordbank.customers.all().delete()
    run = started(nordbank)
    for batches in (0, 3, 1, 4):
        killed_after(batches, run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows, run.line) == ("running", 80, 82)
    assert counts(process(run.pk, clock=lambda: NOW)) == expected
    assert sorted(nordbank.customers.values_list("external_id", "name")) == stored
    assert not SeenKey.objects.exists()


def test_transactions_of_a_killed_run_count_once(nordbank: Organization) -> None:
    imported(nordbank, "accounts", ACCOUNTS)
    head = TRANSACTIONS.splitlines()[0]
    rows = [f"T{n},A{1 + n % 2},1993-03-{1 + n % 28:02},credit,,1.50,," for n in range(55)]
    run = started(nordbank, "\n".join([head, *rows]), "transactions")
    killed_after(2, run.pk)
    killed_after(1, run.pk)
    assert counts(process(run.pk, clock=lambda: NOW)) == (55, 0, 0, 0)
    assert sum(balance.ledger for balance in nordbank.balances.all()) == 55 * 1.5


def test_work_in_slices_comes_to_the_same(nordbank: Organization) -> None:
    run = started(nordbank)

    def ticking() -> Iterator[datetime]:
        for second in range(1000):
            yield NOW + timedelta(seconds=second)

    ticks = ticking()
    rows = []
    while run.is_live:
        run = process(run.pk, clock=lambda: next(ticks), slice_of=timedelta(seconds=1))
        rows.append(run.rows)
    assert len(rows) > 3
    assert rows == sorted(rows)
    assert run.rows == ROWS


class TestCancelling:
    def test_stops_before_the_next_batch_and_resumes_there(
        self, nordbank: Organization, alice: Staff
    ) -> None:
        run = started(nordbank)

        def cancelled_meanwhile() -> datetime:
            now = ImportRun.objects.get(pk=run.pk)
            if now.rows == 30:
                now.cancel(by=alice, at=NOW)
            return NOW

        stopped = process(run.pk, clock=cancelled_meanwhile)
        assert (stopped.state, stopped.rows) == ("cancelled", 30)
        stopped.resume(by=alice, at=NOW)
        assert process(run.pk, clock=lambda: NOW).rows == ROWS
        said = [(event.state, event.by) for event in run.events.all()]
        assert said[-5:] == [
            ("running", None),
            ("cancelled", alice),
            ("queued", alice),
            ("running", None),
            ("done", None),
        ]

    def test_is_not_possible_at_the_end(self, nordbank: Organization) -> None:
        run = imported(nordbank, "customers", FILE)
        with pytest.raises(NotPossible, match="done now"):
            run.cancel(by=None, at=NOW)
        with pytest.raises(Stopped):
            run.begin(at=NOW)


class TestFailures:
    def test_of_the_console_are_said_and_can_be_resumed(self, nordbank: Organization) -> None:
        run = started(nordbank)
        with mock.patch.object(engine, "merge", side_effect=RuntimeError("boom")):
            failed = process(run.pk, clock=lambda: NOW)
        assert failed.state == "failed"
        assert (
            failed.error
            == "The import stopped at an error of the console (RuntimeError). Its rows up to here are in."
        )
        failed.resume(by=None, at=NOW)
        assert process(run.pk, clock=lambda: NOW).state == "done"

    def test_at_the_very_end_are_failures_too(self, nordbank: Organization) -> None:
        run = started(nordbank)
        with mock.patch.object(ImportRun, "_declare_keys", side_effect=RuntimeError("boom")):
            assert process(run.pk, clock=lambda: NOW).state == "failed"

    def test_a_file_that_is_gone_is_asked_for_again(self, nordbank: Organization) -> None:
        run = started(nordbank)
        run.file.storage.delete(str(run.file.name))
        assert (
            process(run.pk, clock=lambda: NOW).error
            == "The file is not in the store any more. Send it again."
        )

    def test_a_database_that_is_away_leaves_the_run_as_it_was(self, nordbank: Organization) -> None:
        run = started(nordbank)
        ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
        with (
            mock.patch.object(engine, "merge", side_effect=OperationalError),
            pytest.raises(OperationalError),
        ):
            process(run.pk, clock=lambda: NOW)
        run.refresh_from_db()
        assert run.state == "running"

    def test_rows_always_add_up(self, nordbank: Organization) -> None:
        run = started(nordbank)
        with pytest.raises(IntegrityError, match="import_rows_add_up"):
            ImportRun.objects.filter(pk=run.pk).update(rows=1)


def test_one_worker_at_a_time(nordbank: Organization) -> None:
    run = started(nordbank)
    settings = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: settings[name] for name in wanted if settings.get(name)}) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"import {run.pk}"])
        with pytest.raises(Busy):
            process(run.pk, clock=lambda: NOW)
        tasks.work(str(run.pk))
        other.execute("SELECT pg_advisory_unlock_all()")
    assert process(run.pk, clock=lambda: NOW).state == "done"


class TestWakeUps:
    def test_find_runs_whose_worker_went_silent(self, nordbank: Organization) -> None:
        silent, fresh, ended = started(nordbank), started(nordbank), imported(nordbank, "customers", FILE)
        ImportRun.objects.filter(pk=fresh.pk).update(heartbeat_at=NOW + timedelta(minutes=5))
        assert list(ImportRun.objects.silent(at=NOW + timedelta(minutes=5))) == [silent]
        assert ended.state == "done"

    def test_carry_them_to_their_end(
        self, nordbank: Organization, at_once: None, django_capture_on_commit_callbacks: Any
    ) -> None:
        run = started(nordbank)
        ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
        with django_capture_on_commit_callbacks(execute=True):
            tasks.resume_stopped()
        run.refresh_from_db()
        assert run.state == "done"
