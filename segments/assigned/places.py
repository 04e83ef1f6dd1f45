"""In which ledgers and portfolios the accounts of a segment are."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Count

from segments.builder.counting import BUDGET, time_limit
from segments.models import Population, Segment

MOST = 20
# Of so many members the page of a segment asks by itself; of more, where somebody wants to know.
AT_ONCE = 20_000


def places(segment: Segment) -> dict[str, list[dict[str, Any]]]:
    """The ledgers and the portfolios that have the most of its accounts, those of customers by what they hold.

    Each has a `key`, a `name` and a `number` of accounts; key and name are None for those in none. Raises TooSlow.
    """
    organization = segment.organization
    accounts: Any = organization.accounts
    if segment.population == Population.ACCOUNTS:
        found = accounts.filter(memberships__segment=segment)
    else:
        held = organization.account_holders.filter(
            customer__in=segment.customer_memberships.values("customer")
        )
        found = accounts.filter(pk__in=held.values("account"))
    by_place = found.order_by().values("ledger", "portfolio").annotate(number=Count("pk"))
    with time_limit(BUDGET):
        rows = list(by_place.values_list("ledger", "portfolio", "number"))
    numbers: tuple[Counter[UUID | None], Counter[UUID | None]] = Counter(), Counter()
    for *keys, number in rows:
        for counted, key in zip(numbers, keys, strict=True):
            counted[key] += number
    return {
        "ledgers": _named(numbers[0], organization.ledgers),
        "portfolios": _named(numbers[1], organization.portfolios),
    }


def _named(numbers: Counter[UUID | None], among: Any) -> list[dict[str, Any]]:
    most = numbers.most_common(MOST)
    names = dict(among.filter(pk__in=[key for key, _ in most]).values_list("pk", "name"))
    return [{"key": key, "name": names.get(key), "number": number} for key, number in most]
