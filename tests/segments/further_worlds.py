"""What else the small random banks hold: how people are reached, accounts' own facts, tags and segments of accounts."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from console.organizations.models import Organization
from console.portfolios.models import Account, Portfolio
from segments.models import AccountMembership
from tests.segments.plain import ZONE, Holding, Person, World

EMAILS = ["", "eva@mail.example", "EVA_x@mail.example", "řeka%@mail.example"]
WORDS = ["", "Card payment", "Tesco ＿", "50% back", "Říjen\\"]
FEES: list[dict[str, Any]] = [{}, {"fee": 7}, {"fee": 2.5}, {"fee": -3}, {"fee": "7"}, {"fee": None}]
POINTS: list[dict[str, Any]] = [{}, {}, {"points": 30}, {"points": 1}, {"points": True}]
# Around an hour and a minute ago, and around the night in which clocks went forward.
AGES = [
    *(timedelta(minutes=n) for n in (0, 1, 59, 59.5, 60, 61)),
    *(timedelta(hours=n) for n in (23, 24, 45, 46, 47, 48, 720)),
    *(timedelta(days=n) for n in (30, 31, 90, 400)),
]
ENTERED = datetime(2026, 3, 1, tzinfo=ZONE)


def write(random: Random, people: dict[str, Person], accounts: dict[str, Holding], at: datetime) -> None:
    """Give everybody the rest, by a random source of its own."""
    for person in people.values():
        person.email, person.phone = random.choice(EMAILS), random.choice(["", "+420 777"])
        for row in (person, *person.invoices):
            row.created_at = (at.astimezone(UTC) - random.choice(AGES)).astimezone(ZONE)
    for account in accounts.values():
        account.metadata = {**account.metadata, **random.choice(FEES)}
        account.status = random.choice(["ACTIVE", "ACTIVE", "DORMANT", "CLOSED"])
        account.name, account.alias = random.choice(WORDS), f"@{account.key}_x"
        account.portfolio = random.choice([None, "Retail", "Retail Přerov"])
        account.has_overdraft_protection = random.random() < 0.4
        account.segments = set(random.sample(["A1", "A2"], random.randint(0, 2)))
        account.segments |= set(random.choice([[], ["T1"], ["T2"]]))
        for item in account.items:
            item.metadata = {**item.metadata, **random.choice(POINTS)}
            item.operation, item.counterparty, item.description = (random.choice(WORDS) for _ in range(3))


def portfolio(ledger: Any, name: str | None) -> Portfolio | None:
    if name is None:
        return None
    found: Portfolio = Portfolio.objects.get_or_create(
        organization=ledger.organization, ledger=ledger, name=name
    )[0]
    return found


def store(
    organization: Organization, world: World, accounts: dict[str, Account], segments: dict[str, Any]
) -> None:
    """Who is in which segment of accounts, and who carries which tag."""
    AccountMembership.objects.bulk_create(
        AccountMembership(
            organization=organization,
            segment=segments[name],
            account=accounts[key],
            is_assigned=name in ("T1", "T2"),
            entered_at=ENTERED,
        )
        for key, account in world.accounts.items()
        for name in account.segments
    )
