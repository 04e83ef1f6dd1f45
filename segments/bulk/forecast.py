"""What a change of many accounts will do, in numbers, before it is started."""

from dataclasses import dataclass, field

from segments.bulk.acts import as_they_are, leaving, refusals
from segments.models import BulkRun

NAMED = 5


@dataclass(frozen=True)
class Forecast:
    """Each chosen account is counted once: changed, unchanged or refused. `leaving`: what the changed ones leave."""

    changed: int
    unchanged: int
    refused: dict[str, int]
    leaving: list[tuple[str, int]] = field(default_factory=list)
    leaving_others: int = 0


def forecast(run: BulkRun) -> Forecast:
    """As things stand now; what it was started for is counted again, batch by batch."""
    refused = {reason: run.items.filter(condition).count() for reason, condition in refusals(run).items()}
    accounts = run.organization.accounts.filter(pk__in=run.items.values("account"))
    if run.ledger:
        accounts = accounts.filter(ledger=run.ledger)
    unchanged = accounts.filter(as_they_are(run)).count()
    changed = run.total - unchanged - sum(refused.values())
    left = leaving(run, accounts.exclude(as_they_are(run)))
    return Forecast(changed, unchanged, refused, left[:NAMED], sum(number for _, number in left[NAMED:]))
