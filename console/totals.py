"""Sums of balances under a list of accounts: at once where there are few, on request where adding takes its time."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from console.counts import Count


@dataclass(frozen=True)
class Totals:
    """One line per currency, never added to each other; None when nobody asked for them yet, then `url` asks."""

    lines: list[dict[str, Any]] | None
    url: str


def asked_totals(request: HttpRequest, accounts: Any, count: Count) -> Totals:
    """The totals of `accounts` (with_balance) when they are few or the address says `totals=1`."""
    query = request.GET.copy()
    query["totals"] = "1"
    is_wanted = count.is_few or "totals" in request.GET
    return Totals(list(accounts.totals()) if is_wanted else None, f"?{query.urlencode()}")
