"""What workers do for accounts."""

from celery import shared_task

from console.ledgers.models import Ledger
from console.organizations import scope
from console.portfolios import marking


@shared_task(is_across=True)
def set_milestones() -> None:
    """Count ahead in every ledger that has grown, so that a page of its list is found without counting."""
    for ledger in list(Ledger.objects.order_by("pk")):
        with scope.inside(ledger.organization_id):
            marking.tend(ledger)
