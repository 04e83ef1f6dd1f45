"""A change of many accounts at work: batch by batch, each in one transaction with the place where it goes on.

A worker that is killed loses at most the batch it was in. No id comes to Python but the last of each batch.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import OperationalError, transaction

from console.holding import NotPossible, held
from console.portfolios.models import Account
from segments.bulk import acts
from segments.models import BulkRun

log = structlog.get_logger(__name__)

BATCH = 2_000
Clock = Callable[[], datetime]


def process(run_id: UUID, *, clock: Clock, slice_of: timedelta | None = None) -> BulkRun:
    """Work on the run until it ends, is cancelled, or `slice_of` time has passed; returns it as it stands then.

    Raises Busy while another worker is at it. What goes wrong is recorded as the run's failure; only a database that is
    away is raised (OperationalError): the run then goes on when somebody asks again.
    """
    with held(f"bulk {run_id}"):
        run = BulkRun.objects.select_related("organization", "segment__ledger", "portfolio__ledger").get(
            pk=run_id
        )
        try:
            _work(run, clock, slice_of)
        except NotPossible:
            log.info("bulk_stopped", run=str(run_id))
        except OperationalError:
            raise
        except Exception as fault:
            log.exception("bulk_failed", run=str(run_id))
            with contextlib.suppress(NotPossible):
                run.fail(_words(fault), at=clock())
        run.refresh_from_db()
    return run


def _words(fault: Exception) -> str:
    if getattr(fault, "is_for_staff", False):
        return str(fault)
    return f"It stopped at an error of the console ({type(fault).__name__}). What was done up to here stays."


def _work(run: BulkRun, clock: Clock, slice_of: timedelta | None) -> None:
    started = clock()
    run.begin(at=started)
    while last := _last_of_batch(run):
        at = clock()
        if slice_of is not None and at - started > slice_of:
            return
        _commit(run, last, at)
    at = clock()
    with transaction.atomic():
        run.finish(at=at)
        acts.complete(run, at=at)


def _last_of_batch(run: BulkRun) -> UUID | None:
    """The account with which the next batch ends; None when all are done with."""
    rest = run.items.filter(account__gt=run.place) if run.place else run.items.all()
    following = rest.order_by("account").values_list("account", flat=True)
    return following[BATCH - 1 : BATCH].first() or following.last()


@transaction.atomic
def _commit(run: BulkRun, last: UUID, at: datetime) -> None:
    """Everything about one batch or nothing."""
    acts.hold_target(run)
    batch = run.items.filter(account__lte=last)
    if run.place:
        batch = batch.filter(account__gt=run.place)
    Account.everything.filter(pk__in=batch.values("account")).hold()
    refused = sum(
        batch.filter(condition, refusal="").update(refusal=reason)
        for reason, condition in acts.refusals(run).items()
    )
    going = run.organization.accounts.filter(pk__in=batch.filter(refusal="").values("account"))
    changed = acts.act(run, going, at=at)
    unchanged = batch.count() - refused - changed
    run.advance(at=at, place=last, changed=changed, unchanged=unchanged, refused=refused)
