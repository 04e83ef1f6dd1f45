"""What the clock wakes for approvals, the audit trail and sessions: losing a wake-up loses nothing but its period."""

import structlog
from celery import shared_task
from django.utils import timezone

from console.organizations import approving, chain, heads, letters, scope, sessions
from console.organizations.models import IdempotencyKey

log = structlog.get_logger(__name__)


@shared_task(is_across=True)
def write_about_approvals() -> None:
    """Write to those who may decide, and to makers whose request was decided. What fails waits for the clock."""
    for pk, organization in letters.to_write_about():
        try:
            with scope.inside(organization):
                letters.write_about(pk, at=timezone.now())
        except OSError as error:  # SMTPException is one; another letter may go
            log.warning("approval_not_written_about", approval=str(pk), error=str(error))


@shared_task(is_across=True)
def tend_approvals() -> None:
    """Every minute: close what nobody decided on in time, and write what a lost wake-up forgot."""
    approving.expire(at=timezone.now())
    write_about_approvals()


@shared_task(is_across=True)
def witness() -> None:
    """Every half minute: link what waits in the audit trail, and write down how far each chain has come."""
    chain.extend_all()
    heads.export(at=timezone.now())


@shared_task(is_across=True)
def forget_sessions() -> None:
    """Every hour: delete what is left of sessions, and of keys of repeated requests, whose time is over."""
    sessions.forget_expired(at=timezone.now())
    IdempotencyKey.forget_expired(at=timezone.now())
