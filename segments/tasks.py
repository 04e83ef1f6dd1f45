"""What workers do for segments: ids in, one call."""

import contextlib
from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from django.utils import timezone

from console.holding import Busy
from console.organizations import scope
from console.wakeup import wake
from segments.builder.counting import count_draft as counted
from segments.bulk import engine
from segments.freshness import news, refreshing, touching
from segments.models import BulkRun, Run, Segment

log = structlog.get_logger(__name__)
SLICE = timedelta(seconds=20)


@shared_task
def refresh(run_id: str) -> None:
    """Carry out one queued run, then wake the one that had to wait for it."""
    run = refreshing.execute(UUID(run_id), at=timezone.now())
    if run and run.news:
        wake(write_about_runs)
    waiting = (
        Run.objects.filter(segment=run.segment_id, state=Run.State.QUEUED) if run else Run.objects.none()
    )
    for later in waiting:
        wake(refresh, str(later.pk), organization=later.organization_id)


@shared_task(is_across=True)
def refresh_due() -> None:
    """Queue what is due and may have changed, find runs that a lost wake-up or a killed worker forgot, forget notes."""
    now = timezone.now()
    for segment in list(Segment.objects.due(at=now)):
        with scope.inside(segment.organization_id):
            if not refreshing.renew(segment, at=now):
                segment.request_refresh(by=None, at=now)
    Run.objects.abandoned(at=now).requeue()
    for run in Run.objects.filter(state=Run.State.QUEUED, requested_at__lt=now - timedelta(seconds=10)):
        wake(refresh, str(run.pk), organization=run.organization_id)
    write_about_runs()
    touching.forget(at=now)


@shared_task(is_across=True)
def write_about_runs() -> None:
    """Write to those who look after segments what of their refreshes is news. What fails waits for the clock."""
    now = timezone.now()
    for pk, organization in news.to_write_about(at=now):
        try:
            with scope.inside(organization):
                news.write_about(pk, at=now)
        except OSError as error:  # SMTPException is one; another letter may go
            log.warning("refresh_not_written_about", run=str(pk), error=str(error))


@shared_task
def count_draft(draft_id: str) -> None:
    """Count a draft that takes longer than its page may wait."""
    counted(UUID(draft_id), at=timezone.now())


@shared_task
def change_many(run_id: str) -> None:
    """Carry a change of many accounts on for a while, then wake the next: none keeps a worker to itself."""
    with contextlib.suppress(Busy):
        run = engine.process(UUID(run_id), clock=timezone.now, slice_of=SLICE)
        if run.is_live:
            wake(change_many, run_id, organization=run.organization_id)


@shared_task(is_across=True)
def resume_changes() -> None:
    """Wake changes of many accounts whose worker died or whose wake-up was lost; forget what nobody goes on with."""
    now = timezone.now()
    for run in BulkRun.objects.silent(at=now).order_by("heartbeat_at")[:100]:
        wake(change_many, str(run.pk), organization=run.organization_id)
    BulkRun.objects.forget(at=now)
