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
    """Evaluate one monitor, unless another worker has since this was asked for.

    Who is at it when somebody asks anew, or changes it, has it evaluated again after: whoever comes meanwhile is Busy.
    """
    monitor = _due(monitor_id)
    if monitor is None:
        return
    with contextlib.suppress(Busy):
        evaluated(monitor, at=timezone.now())
        if _due(monitor_id) is not None:
            wake(evaluate, monitor_id, organization=monitor.organization_id)


def _due(monitor_id: str) -> Monitor | None:
    due = Monitor.everything.due(at=timezone.now()).select_related("organization")
    return due.filter(pk=UUID(monitor_id)).first()


@shared_task(is_across=True)
def evaluate_due() -> None:
    """Wake a worker for each monitor that is due."""
    for monitor in Monitor.everything.due(at=timezone.now()):
        wake(evaluate, str(monitor.pk), organization=monitor.organization_id)
