"""What the clock wakes: rows say what is due, and losing a wake-up loses nothing but a minute."""

import structlog
from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from alerts.triggers import Busy, evaluate
from console.organizations import scope
from console.organizations.models import Organization

log = structlog.get_logger(__name__)


@shared_task(is_across=True)
def evaluate_due() -> None:
    """Every minute: judge what moved in each organization, and what a new day, member or campaign asks for."""
    for pk in list(Organization.objects.values_list("pk", flat=True)):
        with scope.inside(pk):
            evaluate_organization(str(pk))


@shared_task
def evaluate_organization(pk: str) -> None:
    """Judge one organization's movements and members now."""
    try:
        result = evaluate(Organization.objects.get(pk=pk), at=timezone.now())
    except Busy as busy:
        log.info("alerts_busy", organization=pk, reason=str(busy))
        return
    except DatabaseError:  # one bank's trouble never keeps the others waiting; the next tick tries again
        log.exception("alerts_failed", organization=pk)
        return
    if result.movements or result.campaigns:
        log.info(
            "alerts_evaluated",
            organization=pk,
            fired=result.fired,
            cleared=result.cleared,
            voided=result.voided,
        )
