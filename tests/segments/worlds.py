"""Small random banks for the property test: the same rows in plain Python and in PostgreSQL."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from console.balances.models import Transaction
from console.customers.models import Attribute, Customer
from console.organizations.models import Organization
from console.portfolios.models import Account, AccountHolder
from segments.models import CustomerMembership
from tests.factories import AssetFactory, LedgerFactory, OrganizationFactory, SegmentFactory
from tests.rebuilding import rebuild
from tests.segments import further_worlds as further
from tests.segments import told_worlds as told
from tests.segments.billing_worlds import bill, store_billing
from tests.segments.plain import ZONE, Holding, Item, Person, World
from tests.segments.tags import a_tag

AT = datetime(2026, 3, 31, 0, 30, tzinfo=ZONE)
TODAY = AT.date()
NAMES = ["Říha", "riha", "Nguyễn Thu", "O'Brien", "50% off_now", "", "Ángel\\Diaz", "straße 9"]
REGIONS = ["Prague", "PRAGUE", "Přerov", "north Moravia", "", None]
PURPOSES = ["household", "Household", "insurance", "", "pojištění", "Pension", "interest"]
LABELS: list[dict[str, Any]] = [{}, {}, {"channel": "app"}, {"label": "Salary"}, {"label": ""}]
DAYS = [-3, 0, 1, 9, 10, 29, 30, 31, 89, 90, 366, 395, 396]
ATTRIBUTES = {
    "customers": {"birth_date": "date", "score": "number", "vip": "boolean"},
    "accounts": {"fee": "number"},
    "transactions": {"points": "number"},
}
PRODUCTS = ["overdraft_protection", "Visa", "savings"]


def declare(organization: Organization) -> None:
    """Have what random definitions ask of customers', accounts' and transactions' own data."""
    Attribute.objects.bulk_create(
        Attribute(organization=organization, entity=entity, key=key, type=type)
        for entity, keys in ATTRIBUTES.items()
        for key, type in keys.items()
    )


def make(seed: int) -> tuple[Organization, World, dict[str, str]]:
    """A bank of its own for each seed; the segments' ids by the names that the world uses."""
    random = Random(seed)
    organization = OrganizationFactory(slug=f"world-{seed}", base_currency="CZK", time_zone="Europe/Prague")
    declare(organization)
    people = {f"P{n}": _person(random, f"P{n}") for n in range(24)}
    accounts = {f"A{n}": _account(random, f"A{n}", list(people)) for n in range(20)}
    further.write(Random(f"{seed} further"), people, accounts, AT)
    paths = {"customers": "custom_data", "accounts": "metadata", "transactions": "metadata"}
    types = {f"{paths[of]}.{key}": type for of, keys in ATTRIBUTES.items() for key, type in keys.items()}
    world = World(people, accounts, AT, types)
    segments = _store(organization, world)
    return organization, world, segments


def _person(random: Random, key: str) -> Person:
    data: dict[str, Any] = {}
    if (region := random.choice([*REGIONS, "missing"])) != "missing":
        data["region"] = region
    if random.random() < 0.7:
        data["birth_date"] = random.choice(["1939-12-31", "1940-01-01", "1985-02-28", "2004-02-29"])
    if random.random() < 0.7:
        data["score"] = random.choice([1, 2.5, 7, -3, "7", None])
    if random.random() < 0.6:
        data["vip"] = random.choice([True, False, "true"])
    if random.random() < 0.5:
        data["address"] = random.choice([{"city": "Brno"}, {"city": None}, "Brno"])
    person = Person(
        key=key,
        name=random.choice(NAMES),
        country=random.choice(["CZ", "DE", ""]),
        kind=random.choice(["person", "business"]),
        products=random.sample(PRODUCTS, random.randint(0, 2)),
        custom_data=data,
        created_at=AT,
        segments=set(random.sample(["S1", "S2"], random.randint(0, 2))),
    )
    bill(random, person, TODAY)
    told.write(random, person, AT)
    return person


def _account(random: Random, key: str, people: list[str]) -> Holding:
    holders = random.sample(people, random.choice([0, 1, 1, 1, 2, 3]))
    account = Holding(
        key=key,
        asset_code=random.choice(["CZK", "CZK", "CZK", "EUR"]),
        type=random.choice(["current", "Current", "savings"]),
        blocked=random.random() < 0.3,
        opened_on=random.choice(
            [None, date(2025, 1, 1), TODAY - timedelta(days=29), TODAY - timedelta(days=10)]
        ),
        metadata=random.choice([{}, {"frequency": "weekly"}, {"frequency": "Weekly", "limit": {"day": "5"}}]),
        roles={person: random.choice(["owner", "owner", "authorised user"]) for person in holders},
    )
    for _ in range(random.choice([0, 0, 1, 3, 8])):
        account.items.append(
            Item(
                direction=random.choice(["credit", "debit"]),
                amount=Decimal(random.choice(["0.00", "100.00", "100.01", "999.99", "1000.00"])),
                booked_on=TODAY - timedelta(days=random.choice(DAYS)),
                purpose=random.choice(PURPOSES),
                metadata=random.choice(LABELS),
            )
        )
    told.alarm(random, account, AT)
    return account


OWN = ("name", "country", "kind", "products", "custom_data", "created_at", "email", "phone")


def _store(organization: Organization, world: World) -> dict[str, str]:
    ledger = LedgerFactory(organization=organization, name=Holding.ledger)
    AssetFactory(ledger=ledger, code="EUR", name="Euro")
    segments = {name: SegmentFactory(organization=organization, name=name) for name in ("S1", "S2")}
    tags = {
        name: SegmentFactory(organization=organization, name=name, population="accounts")
        for name in ("A1", "A2")
    }
    tags |= {name: a_tag(organization, name) for name in ("T1", "T2")}
    customers = {
        each.key: Customer.objects.create(
            organization=organization, external_id=each.key, **{name: getattr(each, name) for name in OWN}
        )
        for each in world.people.values()
    }
    for person in world.people.values():
        for name in person.segments:
            CustomerMembership.objects.create(
                organization=organization,
                segment=segments[name],
                customer=customers[person.key],
                entered_at=AT,
            )
    store_billing(organization, world, customers, AT)
    told.store_letters(segments["S1"], world, customers, AT)
    accounts = {
        account.key: _store_account(organization, ledger, account, customers)
        for account in world.accounts.values()
    }
    told.store_alarms(segments["S1"], world, accounts)
    further.store(organization, world, accounts, tags)
    rebuild(organization)
    return {name: str(segment.pk) for name, segment in (segments | tags).items()}


def _store_account(
    organization: Organization, ledger: Any, account: Holding, customers: dict[str, Customer]
) -> Account:
    row = Account.objects.create(
        organization=organization,
        ledger=ledger,
        external_id=account.key,
        asset_code=account.asset_code,
        type=account.type,
        is_blocked=account.blocked,
        opened_on=account.opened_on,
        metadata=account.metadata,
        status=account.status,
        name=account.name,
        alias=account.alias,
        portfolio=further.portfolio(ledger, account.portfolio),
        has_overdraft_protection=account.has_overdraft_protection,
    )
    AccountHolder.objects.bulk_create(
        AccountHolder(organization=organization, account=row, customer=customers[key], role=role)
        for key, role in account.roles.items()
    )
    Transaction.objects.bulk_create(
        Transaction(
            organization=organization,
            account=row,
            external_id=f"{account.key}-{n}",
            direction=item.direction,
            amount=item.amount,
            booked_on=item.booked_on,
            purpose=item.purpose,
            metadata=item.metadata,
            operation=item.operation,
            counterparty=item.counterparty,
            description=item.description,
        )
        for n, item in enumerate(account.items)
    )
    return row
