"""Invented customers for an organization of one's own that is empty yet: to look around in before real ones come."""

from datetime import datetime

from django.db import transaction

from console.demo import bank, loading
from console.organizations.models import Organization

CUSTOMERS = 300


class NotEmpty(Exception):
    """The organization has customers or accounts: invented ones would stand among them."""


@transaction.atomic
def fill(organization: Organization, *, at: datetime) -> None:
    """Load CUSTOMERS with their accounts and a year of transactions into its first ledger. Raises NotEmpty."""
    held = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if held.customers.exists() or held.accounts.exists():
        raise NotEmpty
    ledger = held.ledgers.order_by("created_at", "pk").first() or held.ledgers.create(name="Retail")
    bank.furnish(held, ledger)
    loading.load(loading.Plan(held, CUSTOMERS, held.local_date(at)), workers=1, tell=lambda _: None)
