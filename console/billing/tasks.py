"""What workers do for billing: ids in, one call."""

import contextlib
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from console.billing.evaluating import evaluate as evaluated
from console.billing.models import Monitor
from console.holding import Busy
from console.wakeup import wake


@shared_task
def evaluate(monitor_id: str) -> None:
    """Evaluate one monitor, unless another worker is at it or has been since this was asked for."""
    now = timezone.now()
    monitor = (
        Monitor.everything.due(at=now).select_related("organization").filter(pk=UUID(monitor_id)).first()
    )
    if monitor is not None:
        with contextlib.suppress(Busy):
            evaluated(monitor, at=now)


@shared_task(is_across=True)
def evaluate_due() -> None:
    """Wake a worker for each monitor that is due."""
    for monitor in Monitor.everything.due(at=timezone.now()):
        wake(evaluate, str(monitor.pk), organization=monitor.organization_id)
