"""A refresh: evaluate, compare and write entries, exits and events in one statement. Ids never leave the database."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, OuterRef, Subquery

from segments.definition.faults import DefinitionFaults
from segments.freshness.news import news_of
from segments.freshness.touching import Look, look
from segments.models import (
    AccountMembership,
    CustomerMembership,
    Freshness,
    MembershipEvent,
    Population,
    Run,
    Segment,
)

log = structlog.get_logger(__name__)

EDITED = "The rules were edited meanwhile; a newer refresh counts by them."
REFRESH = """
WITH run (segment, organization, at, version, id) AS (
    SELECT %s::uuid, %s::uuid, %s::timestamptz, %s::bigint, %s::uuid
),
target AS MATERIALIZED ({target}),
present AS MATERIALIZED (SELECT {member}_id AS id FROM {membership}, run WHERE segment_id = run.segment{near}),
difference AS MATERIALIZED (
    SELECT target.id AS entering, present.id AS leaving
    FROM target FULL JOIN present ON present.id = target.id
    WHERE target.id IS NULL OR present.id IS NULL
),
entered AS (
    INSERT INTO {membership} (organization_id, segment_id, {member}_id, entered_at)
    SELECT run.organization, run.segment, entering, run.at FROM difference, run WHERE entering IS NOT NULL
),
gone AS (
    DELETE FROM {membership} AS m USING difference, run
    WHERE m.segment_id = run.segment AND m.{member}_id = difference.leaving AND difference.entering IS NULL
),
told AS (
    INSERT INTO {event} (organization_id, segment_id, {member}_id, change, at, version_id, run_id)
    SELECT run.organization, run.segment, COALESCE(entering, leaving),
           CASE WHEN entering IS NULL THEN 'left' ELSE 'entered' END, run.at, run.version, run.id
    FROM difference, run
)
SELECT (SELECT count(*) FROM target), count(entering), count(*) - count(entering) FROM difference
"""


class Superseded(Exception):
    """The definition changed while its refresh ran: what it found is discarded."""


class AlreadyRunning(Exception):
    """Another worker refreshes this segment right now; the run goes back into the queue."""


def execute(run_id: UUID, *, at: datetime) -> Run | None:
    """Carry out a queued run at the moment `at`; None when there is nothing to do any more.

    The last good membership stays when it fails, and the run says why. Dates in the definition are the organization's.
    """
    in_force = Segment.objects.filter(pk=OuterRef("segment")).values("version")
    claimed = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(
        state=Run.State.RUNNING, started_at=at, version=Subquery(in_force)
    )
    if not claimed:
        return None
    run = Run.objects.select_related("segment__organization", "segment__version").get(pk=run_id)
    try:
        with transaction.atomic():
            _refresh(run, at)
    except Superseded:
        _end(run, Run.State.SUPERSEDED, EDITED)
    except AlreadyRunning:
        # What runs now may have begun before the edit or the data that this run is for: it waits for its turn.
        Run.objects.filter(pk=run.pk).requeue()
        return None
    except DefinitionFaults as error:
        _end(run, Run.State.FAILED, " ".join(fault.told for fault in error.faults))
    except DatabaseError as error:
        if not _is_current(run):  # whoever edited the rules stopped it
            _end(run, Run.State.SUPERSEDED, EDITED)
            return run
        log.exception("refresh_failed", run=str(run.pk))
        _end(run, Run.State.FAILED, f"The database could not finish it: {str(error).splitlines()[0]}")
    return run


def renew(segment: Segment, *, at: datetime) -> bool:
    """Whether nothing that its members hang on has changed since they were counted, as far as can be told at once.

    Then they are right at the moment `at`, which is kept beside them, and no run is needed. What goes wrong here is for
    a run to say. Raises NoDefinition.
    """
    try:
        with transaction.atomic():
            return _renew(segment, at)
    except (AlreadyRunning, DefinitionFaults, DatabaseError):
        return False


def _renew(segment: Segment, at: datetime) -> bool:
    _lock(segment)
    asks = look(segment, at, is_brief=True)
    failed = Run.objects.filter(
        segment=segment, state=Run.State.FAILED, requested_at__gte=OuterRef("refreshed_at")
    )
    counted = Segment.objects.filter(
        ~Exists(failed),
        pk=segment.pk,
        version=segment.version_id,
        refreshed_version=F("version"),
        refreshed_at__lte=at,
    )
    if asks.number != 0 or not counted.update(refreshed_at=at):
        return False
    Freshness.objects.filter(segment=segment).update(**asks.left_over)
    return True


def _refresh(run: Run, at: datetime) -> None:
    segment = run.segment
    _lock(segment)
    if not _is_current(run):  # from here on whoever edits finds the lock, and stops this
        raise Superseded
    asks = look(segment, at)
    entered, left, members = (0, 0, asks.before) if asks.number == 0 else _write(run, asks, at)
    # Locked only now, so that editors never wait for a long evaluation.
    if not _is_current(run, is_held=True):
        raise Superseded
    Segment.objects.filter(pk=segment.pk).update(
        member_count=members, refreshed_at=at, refreshed_version=segment.version_id
    )
    Freshness.objects.update_or_create(segment=segment, defaults=asks.left_over)
    run.entered, run.left, run.members, run.looked_at = entered, left, members, asks.number
    _end(run, Run.State.DONE, "")
    if entered or left:
        for dependent in segment.dependents():
            dependent.request_refresh(by=None, at=at)


def _is_current(run: Run, *, is_held: bool = False) -> bool:
    """Whether the run counts by the version in force; with `is_held` that stays so until the transaction ends."""
    segments = Segment.objects.select_for_update(no_key=True) if is_held else Segment.objects.all()
    return segments.filter(pk=run.segment_id, version=run.version_id).exists()


def _lock(segment: Segment) -> None:
    """Hold the segment until the transaction ends. Raises AlreadyRunning when another refresh holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7))", [Run.lock_of(segment.pk)])
        if cursor.fetchone() == (False,):
            raise AlreadyRunning
        cursor.execute("SET LOCAL work_mem = '256MB'")


def _write(run: Run, asks: Look, at: datetime) -> tuple[int, int, int]:
    """Write the differences; the numbers of entries, exits and members."""
    segment = run.segment
    is_customers = segment.population == Population.CUSTOMERS
    membership: Any = CustomerMembership if is_customers else AccountMembership
    member = "customer" if is_customers else "account"
    target = asks.ids.once()
    is_near = asks.number is not None
    sql = REFRESH.format(
        target=target.sql,
        near=f" AND {member}_id IN (SELECT id FROM touched_member)" if is_near else "",
        member=member,
        membership=membership._meta.db_table,
        event=MembershipEvent._meta.db_table,
    )
    own = (segment.pk, segment.organization_id, at, segment.version_id, run.pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, (*own, *target.params))
        members, entered, left = cursor.fetchone()
    return entered, left, asks.before + entered - left if is_near else members


def _end(run: Run, state: str, error: str) -> None:
    """Close the run with the database's clock, so that a worker's wrong clock never orders runs wrongly."""
    run.state, run.error = state, error
    run.news = news_of(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (run.finished_at,) = cursor.fetchone()
    run.save()
