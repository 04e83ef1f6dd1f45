"""The bank that the benchmarks measure on: the demo bank with a million customers, loaded once and kept."""

import os
from datetime import date, datetime, time

from django.core.management import call_command

from console.demo import bank
from console.organizations import scope
from console.organizations.models import Organization

AS_OF = date(2026, 11, 22)
OFTEN = "tier"  # of the customers' own data, what staff filter by often
CUSTOMERS = int(os.environ.get("TRANCHE_BENCH_CUSTOMERS") or 1_000_000)


def large_bank() -> Organization:
    """The demo bank with CUSTOMERS customers as of AS_OF; loads what is missing. Raises CommandError."""
    call_command("demo", customers=CUSTOMERS, as_of=AS_OF)
    organization = bank.found()
    if organization is None:
        raise LookupError("The demo bank was loaded and is not there.")
    if organization.attributes.filter(key=OFTEN, is_filtered_often=False).update(is_filtered_often=True):
        call_command("index_attributes")
    scope.enter(organization)  # measured behind its walls, as a page and a task work
    return organization


def noon(organization: Organization) -> datetime:
    """Midday of AS_OF at the bank."""
    return datetime.combine(AS_OF, time(12), organization.zone)
