"""Wake-ups for imports. Each works a while and then wakes the next, so that no import keeps a worker to itself."""

import contextlib
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from console.holding import Busy
from console.imports.engine import process
from console.imports.models import ImportRun
from console.wakeup import wake

SLICE = timedelta(seconds=20)


@shared_task
def work(run_id: str) -> None:
    """Carry the import on for a while."""
    with contextlib.suppress(Busy):
        run = process(UUID(str(run_id)), clock=timezone.now, slice_of=SLICE)
        if run.is_live:
            wake(work, str(run_id), organization=run.organization_id)


@shared_task(is_across=True)
def resume_stopped() -> None:
    """Wake imports whose worker died or whose wake-up was lost."""
    for run in ImportRun.objects.silent(at=timezone.now()).order_by("heartbeat_at")[:100]:
        wake(work, str(run.pk), organization=run.organization_id)
