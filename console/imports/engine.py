"""An import at work: batch by batch, each in one transaction with the place where reading goes on.

A worker that is killed loses at most the batch it was in; the next one continues after the last that was committed.
A lock of the database, held by the worker's connection and gone with it, keeps two from working on one run.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction

from console.billing.tasks import evaluate_due
from console.holding import held
from console.imports import billing, booking
from console.imports.billing import ERASED, OF_PSEUDONYM
from console.imports.checking import Rejected, check
from console.imports.kinds import KINDS
from console.imports.ledgers import ledger_for, open_assets
from console.imports.mapping import BadMapping, Plan, declared_types, plan
from console.imports.merging import merge
from console.imports.models import ImportRun, Stopped
from console.imports.reader import Batch, Place, batches
from console.imports.refusing import Refusal, refuse, refuse_repeated
from console.imports.staging import keep_rejected, stage
from console.imports.values import Setting
from console.wakeup import wake

log = structlog.get_logger(__name__)

BATCH_ROWS = 10_000
BATCH_BYTES = 8 * 1024 * 1024
Clock = Callable[[], datetime]


def process(run_id: UUID, *, clock: Clock, slice_of: timedelta | None = None) -> ImportRun:
    """Work on the run until it ends, is cancelled, or `slice_of` time has passed; returns it as it stands then.

    Raises Busy while another worker is at it. What goes wrong beyond single rows is recorded as the run's failure; only
    a database that is away is raised (OperationalError): the run then continues when somebody asks again.
    """
    with held(f"import {run_id}"):
        run = ImportRun.objects.select_related("organization").get(pk=run_id)
        try:
            _work(run, clock, slice_of)
        except Stopped:
            log.info("import_stopped", run=str(run_id))
        except OperationalError:
            raise
        except Exception as fault:
            log.exception("import_failed", run=str(run_id))
            run.refresh_from_db()  # a transition that was undone left its state behind
            with contextlib.suppress(Stopped):
                run.fail(_words(fault), at=clock())
        run.refresh_from_db()
    return run


def _words(fault: Exception) -> str:
    if isinstance(fault, BadMapping | FileNotFoundError) or getattr(fault, "is_for_staff", False):
        return (
            "The file is not in the store any more. Send it again."
            if isinstance(fault, OSError)
            else str(fault)
        )
    return (
        f"The import stopped at an error of the console ({type(fault).__name__}). Its rows up to here are in."
    )


def _work(run: ImportRun, clock: Clock, slice_of: timedelta | None) -> None:
    run.begin(at=clock())
    started = clock()
    reading = plan_of(run, at=started)
    if run.kind in ("accounts", "transactions"):
        ledger_for(run)
    with run.file.open("rb") as file:
        for batch in batches(
            file.file,
            *(run.encoding, run.delimiter, reading.width, Place(run.byte, run.line)),
            rows=BATCH_ROWS,
            size=BATCH_BYTES,
        ):
            at = clock()
            if slice_of is not None and at - started > slice_of:
                return
            _commit(run, reading, batch, at)
    run.refresh_from_db()
    run.finish(at=clock())
    if run.kind == "monitors" and not run.is_dry_run:
        wake(evaluate_due)


def plan_of(run: ImportRun, *, at: datetime) -> Plan:
    """How the run's columns are read. Raises BadMapping."""
    organization = run.organization
    types = declared_types(organization.attributes.filter(entity=run.kind))
    setting = Setting(organization.zone, organization.local_date(at))
    return plan(KINDS[run.kind], run.header, run.mapping, types, setting)


@transaction.atomic
def _commit(run: ImportRun, reading: Plan, batch: Batch, at: datetime) -> None:
    """Everything about one batch or nothing."""
    checked = check(reading, run.header, batch)
    rejected = checked.rejected
    new = updated = 0
    taken = len(checked.lines)
    if taken:
        values: dict[str, Any] = {"organization": run.organization_id, "ledger": run.ledger_id, "at": at}
        values |= {"currency": run.organization.base_currency, "by": run.requested_by_id}
        one_at_a_time(run.organization_id, run.kind)
        stage(reading.kind, checked)
        refused = [*refuse(reading, values), *refuse_repeated(reading, run.pk)]
        new, updated, different = _enter(run, reading, values, taken - len(refused), at)
        refused += different
        taken -= len(refused)
        rejected += _told(reading, batch, refused)
    keep_rejected(run.pk, rejected)
    counts = {"rows": len(batch), "new": new, "updated": updated, "rejected": len(rejected)}
    counts["unchanged"] = taken - new - updated
    run.advance(counts, byte=batch.place.byte, line=batch.place.line, at=at)


def _enter(
    run: ImportRun, reading: Plan, values: dict[str, Any], staged: int, at: datetime
) -> tuple[int, int, list[Refusal]]:
    """Write what is staged (a dry run only counts): new, updated, and rows booked already with other values."""
    if run.kind == "accounts" and not run.is_dry_run:
        open_assets(run)
    if run.kind != "transactions":
        return *_merged(reading, values, is_dry_run=run.is_dry_run), []
    if run.is_dry_run:
        different = list(booking.refuse_different(reading, values))
        return staged - len(different) - booking.count_booked(values), 0, different
    new = booking.book(reading, run.organization, at=at)
    return new, 0, list(booking.refuse_different(reading, values)) if new < staged else []


def _merged(reading: Plan, values: dict[str, Any], *, is_dry_run: bool) -> tuple[int, int]:
    """How many rows are new and how many were updated, with what comes before and after writing them."""
    if is_dry_run:
        return merge(reading, values, is_dry_run=True)
    billing.run(billing.BEFORE.get(reading.kind.key, ()), values)
    found = merge(reading, values, is_dry_run=False)
    billing.run(billing.AFTER.get(reading.kind.key, ()), values)
    return found


def _told(reading: Plan, batch: Batch, refused: list[Refusal]) -> Iterator[Rejected]:
    """Refusals with the cells of their rows."""
    cells = dict(zip(batch.lines, batch.rows, strict=True)) if refused else {}
    index = {column.name: column.index for column in reading.columns}
    for line, column, reason in refused:
        if reason in (ERASED, OF_PSEUDONYM):  # what the file says of somebody who was erased is kept nowhere
            yield Rejected(line, column, "", reason, [])
        else:
            yield Rejected(line, column, cells[line][index[column]], reason, cells[line])


def one_at_a_time(organization: UUID, kind: str) -> None:
    """Batches of one organization and kind come one after the other: each sees what the one before wrote."""
    with connection.cursor() as cursor:
        name = f"import {organization} {kind}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        cursor.execute("SET LOCAL jit = off")
