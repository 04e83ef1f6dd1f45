"""Ledgers whose milestones are to say what is there, and what is there, counted one by one."""

import time
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db import transaction

from console.coherence import accounts as proven
from console.ledgers.models import Ledger
from console.organizations.fields import new_keys
from console.portfolios import marking, milestones
from console.portfolios.models import Account, AccountMilestone
from tests.factories import NOW


def made(ledger: Ledger, number: int = 1, keys: list[UUID] | None = None) -> list[UUID]:
    keys = keys or new_keys(number)
    common = {"organization": ledger.organization, "ledger": ledger, "asset_code": "EUR"}
    Account.everything.bulk_create([Account(pk=key, external_id=str(key), **common) for key in keys])
    return keys


def live(ledger: Ledger) -> list[UUID]:
    """The ids of all accounts of the ledger, one by one."""
    rows = Account.everything.filter(ledger=ledger, deleted_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def numbers(ledger: Ledger) -> list[int | None]:
    return list(
        AccountMilestone.objects.filter(ledger=ledger).order_by("low").values_list("number", flat=True)
    )


@transaction.atomic
def assert_exact(ledger: Ledger, *limits: int) -> None:
    """Every page of these lengths in both orders, and the count; and the milestones are what they say."""
    every = live(ledger)
    assert milestones.count(ledger) == len(every)
    for order in (every, every[::-1]):
        for limit in limits or (1, 2, 7, 100):
            for start in range(0, len(every) + 2 * limit, limit):
                found = milestones.at(ledger, start, limit, is_descending=order is not every)
                assert found == order[start : start + limit], (start, limit, order is not every)
    check = proven(ledger.organization)
    assert check.broken == 0, check.examples


def delete(ledger: Ledger, *keys: UUID) -> None:
    Account.everything.filter(pk__in=keys).update(deleted_at=NOW)


def between(low: UUID, high: UUID) -> UUID:
    """An id that comes after what has it already, as of an import that began long before it ended."""
    return UUID(int=(low.int + high.int) // 2)


def tended(*ledgers: Ledger, by: Callable[[], object] | None = None) -> None:
    """Have milestones set and counted: as soon as what other tests do on the server at this moment is over."""
    for _ in range(200):
        for ledger in ledgers:
            (by or partial(marking.tend, ledger))()
        if not any(None in numbers(ledger) for ledger in ledgers):
            return
        time.sleep(0.1)
