"""What workers do for segments: ids in, one call."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from console.organizations import scope
from console.wakeup import wake
from segments import refreshing
from segments.builder.counting import count_draft as counted
from segments.models import Run, Segment


@shared_task
def refresh(run_id: str) -> None:
    """Carry out one queued run, then wake the one that had to wait for it."""
    run = refreshing.execute(UUID(run_id), at=timezone.now())
    waiting = (
        Run.objects.filter(segment=run.segment_id, state=Run.State.QUEUED) if run else Run.objects.none()
    )
    for later in waiting:
        wake(refresh, str(later.pk), organization=later.organization_id)


@shared_task(is_across=True)
def refresh_due() -> None:
    """Queue what is due, and find the runs that a lost wake-up or a killed worker forgot."""
    now = timezone.now()
    for segment in list(Segment.objects.due(at=now)):
        with scope.inside(segment.organization_id):
            segment.request_refresh(by=None, at=now)
    Run.objects.abandoned(at=now).requeue()
    for run in Run.objects.filter(state=Run.State.QUEUED, requested_at__lt=now - timedelta(seconds=10)):
        wake(refresh, str(run.pk), organization=run.organization_id)


@shared_task
def count_draft(draft_id: str) -> None:
    """Count a draft that takes longer than its page may wait."""
    counted(UUID(draft_id), at=timezone.now())
