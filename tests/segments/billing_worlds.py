"""What the small random banks bill: the same rows in plain Python and in PostgreSQL."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from console.billing.models import (
    Connector,
    ConnectorLink,
    Invoice,
    Monitor,
    MonitorReading,
    PaymentMethod,
)
from console.customers.models import Customer
from console.organizations.models import Organization
from tests.segments.plain import ZONE, Bill, Link, Method, Person, Watch, World

STATUSES = ["approved", "partially_paid", "paid", "void", "draft", "discarded", "edited", "upcoming"]
CONNECTORS = ["Stripe", "stripe EU", "Kontošek"]
MONITORS = ["Low balance", "Überfällig"]


def invoice(random: Random, n: int, today: date) -> Bill:
    status, total = (
        random.choice(STATUSES),
        Decimal(random.choice(["0.00", "100.00", "999.99", "1000.00"])),
    )
    due = {"paid": Decimal(0), "void": Decimal(0), "discarded": Decimal(0), "partially_paid": total / 2}
    if not total and status == "partially_paid":
        status = "approved"  # of nothing no part is paid
    days = random.choice([None, -40, -1, 0, 1, 30, 31, 366])
    return Bill(
        status=status,
        created_at=datetime(2026, 3, random.choice([1, 30]), 23, 30, tzinfo=ZONE),
        currency=random.choice(["CZK", "CZK", "EUR"]),
        total=total,
        amount_due=due.get(status, total),
        number=random.choice(["", f"F-{n}", "Říjen/2"]),
        issued_on=random.choice([None, today - timedelta(days=45)]),
        due_on=None if days is None else today - timedelta(days=days),
        promise_due_on=random.choice([None, today, today + timedelta(days=3)]),
    )


def bill(random: Random, person: Person, today: date) -> None:
    """Give the person invoices, ways to pay, links and figures, none of some."""
    for n in range(random.choice([0, 0, 1, 2, 4])):
        person.invoices.append(invoice(random, n, today))
    kinds = random.sample(["card", "direct_debit", "paypal"], random.randint(0, 3))
    has_default = random.random() < 0.7
    for n, kind in enumerate(kinds):
        person.payment_methods.append(
            Method(
                type=kind,
                status=random.choice(["active", "failed", "expired"]),
                connector=random.choice([None, *CONNECTORS]),
                is_default=has_default and n == 0,
                country=random.choice(["", "CZ", "DE"]),
                expires_on=random.choice([None, today, today + timedelta(days=1)]),
            )
        )
    for name in random.sample(CONNECTORS, random.randint(0, 2)):
        synced = random.choice(
            [None, datetime(2026, 3, 30, 23, 30, tzinfo=ZONE), datetime(2026, 3, 1, tzinfo=ZONE)]
        )
        person.connectors.append(Link(name, random.choice(["linked", "not linked"]), synced))
    for name in random.sample(MONITORS, random.randint(0, 2)):
        person.monitors.append(Watch(name, random.choice(["holds", "does not hold"])))


def store_billing(
    organization: Organization, world: World, customers: dict[str, Customer], at: datetime
) -> None:
    connectors = {name: Connector.objects.create(organization=organization, name=name) for name in CONNECTORS}
    monitors = {
        name: Monitor.objects.create(
            organization=organization, name=name, figure="days_overdue", test="gt", threshold=30
        )
        for name in MONITORS
    }
    for person in world.people.values():
        own = {"organization": organization, "customer": customers[person.key]}
        for n, one in enumerate(person.invoices):
            Invoice.objects.create(**own, external_id=f"{person.key}-{n}", **vars(one))
        for n, method in enumerate(person.payment_methods):
            kept = {**vars(method), "connector": connectors.get(method.connector or "")}
            PaymentMethod.objects.create(**own, external_id=f"{person.key}-{n}", **kept)
        for link in person.connectors:
            kept = {**vars(link), "connector": connectors[link.name]}
            kept.pop("name")
            ConnectorLink.objects.create(**own, **kept)
        for watch in person.monitors:
            MonitorReading.objects.create(
                **own, monitor=monitors[watch.name], state=watch.state, value=0, since=at
            )
