"""What else the small random banks hold: how people are reached, accounts' own facts, tags and segments of accounts."""

from datetime import datetime
from random import Random
from typing import Any

from console.organizations.models import Organization
from console.portfolios.models import Account, Portfolio
from segments.models import AccountMembership
from tests.segments.plain import ZONE, Holding, Person, World

EMAILS = ["", "eva@mail.example", "EVA_x@mail.example", "řeka%@mail.example"]
WORDS = ["", "Card payment", "Tesco ＿", "50% back", "Říjen\\"]
ENTERED = datetime(2026, 3, 1, tzinfo=ZONE)


def write(random: Random, people: dict[str, Person], accounts: dict[str, Holding]) -> None:
    """Give everybody the rest, by a random source of its own."""
    for person in people.values():
        person.email, person.phone = random.choice(EMAILS), random.choice(["", "+420 777"])
    for account in accounts.values():
        account.status = random.choice(["ACTIVE", "ACTIVE", "DORMANT", "CLOSED"])
        account.name, account.alias = random.choice(WORDS), f"@{account.key}_x"
        account.portfolio = random.choice([None, "Retail", "Retail Přerov"])
        account.has_overdraft_protection = random.random() < 0.4
        account.segments = set(random.sample(["A1", "A2"], random.randint(0, 2)))
        account.segments |= set(random.choice([[], ["T1"], ["T2"]]))
        for item in account.items:
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
