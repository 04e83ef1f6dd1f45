"""Random changes of what the small random banks hold, each as something in the console would make it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import F

from console.balances.posting import Item, post_items
from console.organizations.models import Organization
from segments.assigned.assigning import assign
from tests.segments.further_worlds import EMAILS, WORDS
from tests.segments.worlds import LABELS, NAMES, PRODUCTS, PURPOSES, REGIONS, TODAY

Edit = Callable[[Random, Organization], None]


def one(random: Random, rows: Any) -> Any:
    """One of the rows at random."""
    return random.choice(list(rows.order_by("pk")))


def customer_edited(random: Random, bank: Organization) -> None:
    data = {"region": random.choice(REGIONS), "score": random.choice([1, 7, "7"]), "vip": True}
    settings: dict[str, Any] = {
        "name": random.choice(NAMES),
        "country": random.choice(["CZ", "DE", ""]),
        "products": random.sample(PRODUCTS, 1),
        "custom_data": data,
        "email": random.choice(EMAILS),
        "created_at": F("created_at") - timedelta(days=30),
    }
    field = random.choice(list(settings))
    bank.customers.filter(pk=one(random, bank.customers).pk).update(**{field: settings[field]})


def customer_objected(random: Random, bank: Organization) -> None:
    person = one(random, bank.customers)
    bank.customers.filter(pk=person.pk).update(profiling_objected_at=person.created_at)


def customer_came(random: Random, bank: Organization) -> None:
    number = bank.customers.count()
    bank.customers.create(external_id=f"N{number}", name=random.choice(NAMES), country="CZ")


def account_edited(random: Random, bank: Organization) -> None:
    settings = {
        "type": random.choice(["current", "savings"]),
        "is_blocked": random.random() < 0.5,
        "opened_on": random.choice([None, TODAY - timedelta(days=10)]),
        "metadata": random.choice([{}, {"frequency": "weekly"}]),
        "status": random.choice(["ACTIVE", "DORMANT"]),
        "name": random.choice(WORDS),
        "portfolio": random.choice([None, *bank.portfolios.all()]),
        "has_overdraft_protection": random.random() < 0.5,
    }
    field = random.choice(list(settings))
    bank.accounts.filter(pk=one(random, bank.accounts).pk).update(**{field: settings[field]})


def account_deleted(random: Random, bank: Organization) -> None:
    account = one(random, bank.accounts)
    account.deleted_at = account.created_at
    account.save()


def held_otherwise(random: Random, bank: Organization) -> None:
    holding, person = one(random, bank.account_holders), one(random, bank.customers)
    free = bank.accounts.exclude(holders__customer=person)
    what = random.choice(["role", "gone", "moved", "new"])
    if what == "gone":
        holding.delete()
    elif what == "role":
        bank.account_holders.filter(pk=holding.pk).update(role=random.choice(["owner", "authorised user"]))
    elif (
        what == "moved" and not bank.account_holders.filter(account=holding.account, customer=person).exists()
    ):
        bank.account_holders.filter(pk=holding.pk).update(customer=person)
    elif free.exists():
        bank.account_holders.create(account=one(random, free), customer=person, role="owner")


def items_posted(random: Random, bank: Organization) -> None:
    live = bank.accounts.all()
    items = [
        Item(
            account_id=one(random, live).pk,
            external_id=f"E{random.getrandbits(60)}",
            booked_on=TODAY - timedelta(days=random.choice([-3, 0, 1, 30, 90, 366])),
            direction=random.choice(["credit", "debit"]),
            amount=Decimal(random.choice(["0.00", "100.01", "1000.00"])),
            purpose=random.choice(PURPOSES),
            metadata=random.choice(LABELS),
        )
        for _ in range(random.randint(1, 3))
    ]
    post_items(bank, items, source="edit", at=one(random, bank.customers).created_at)


def item_described(random: Random, bank: Organization) -> None:
    item = one(random, bank.transactions)
    bank.transactions.filter(pk=item.pk).update(
        metadata=random.choice(LABELS), purpose=random.choice(PURPOSES), operation=random.choice(WORDS)
    )


def invoice_edited(random: Random, bank: Organization) -> None:
    invoice = one(random, bank.invoices)
    settings: dict[str, Any] = {
        "status": random.choice(["approved", "draft"]),
        "due_on": TODAY - timedelta(days=random.choice([0, 31])),
        "customer": one(random, bank.customers),
    }
    field = random.choice(list(settings))
    bank.invoices.filter(pk=invoice.pk).update(**{field: settings[field]})


def method_edited(random: Random, bank: Organization) -> None:
    method = one(random, bank.payment_methods)
    what = random.choice(["status", "default", "gone"])
    if what == "gone":
        bank.payment_methods.filter(pk=method.pk).delete()
    elif what == "status":
        bank.payment_methods.filter(pk=method.pk).update(status=random.choice(["active", "failed"]))
    else:
        bank.payment_methods.filter(customer=method.customer_id).update(is_default=False)


def linked_otherwise(random: Random, bank: Organization) -> None:
    link = one(random, bank.connector_links)
    bank.connector_links.filter(pk=link.pk).update(connection=random.choice(["linked", "not linked"]))


def figure_evaluated(random: Random, bank: Organization) -> None:
    reading = one(random, bank.monitor_readings)
    bank.monitor_readings.filter(pk=reading.pk).update(state=random.choice(["holds", "does not hold"]))


def called_otherwise(random: Random, bank: Organization) -> None:
    kinds = [
        bank.ledgers,
        bank.portfolios,
        bank.connectors,
        bank.monitors,
        bank.configurations,
        bank.campaigns,
    ]
    rows = random.choice([each for each in kinds if each.exists()])
    rows.filter(pk=one(random, rows).pk).update(name=f"Renamed {random.getrandbits(30)}")


def message_moved(random: Random, bank: Organization) -> None:
    message = one(random, bank.messages)
    what = random.choice(["sent", "gone"])
    if what == "gone":
        bank.messages.filter(pk=message.pk).delete()
    else:
        bank.messages.filter(pk=message.pk).update(state="sent", held_back="", sent_at=message.created_at)


def alert_ended(random: Random, bank: Organization) -> None:
    alert = one(random, bank.alerts)
    bank.alerts.filter(pk=alert.pk).update(state="voided", ended_at=alert.fired_at)


def put_in(random: Random, bank: Organization) -> None:
    segment = bank.segments.get(name=random.choice(["S1", "S2"]))
    person = one(random, bank.customers)
    _, is_new = bank.customer_memberships.get_or_create(
        segment=segment, customer=person, defaults={"entered_at": person.created_at}
    )
    if not is_new:
        bank.customer_memberships.filter(segment=segment, customer=person).delete()


def put_account_in(random: Random, bank: Organization) -> None:
    segment = bank.segments.get(name=random.choice(["A1", "A2"]))
    account = one(random, bank.accounts)
    _, is_new = bank.account_memberships.get_or_create(
        segment=segment, account=account, defaults={"entered_at": account.created_at}
    )
    if not is_new:
        bank.account_memberships.filter(segment=segment, account=account).delete()


def tagged(random: Random, bank: Organization) -> None:
    tag = random.choice([None, *bank.segments.filter(kind="assigned")])
    account = one(random, bank.accounts)
    assign(bank, bank.accounts.filter(pk=account.pk), tag, at=account.created_at)


EDITS: list[Edit] = [
    *(customer_edited, customer_edited, customer_objected, customer_came),
    *(account_edited, account_edited, account_deleted, held_otherwise, held_otherwise),
    *(items_posted, items_posted, items_posted, item_described),
    *(invoice_edited, method_edited, linked_otherwise, figure_evaluated),
    *(called_otherwise, message_moved, alert_ended, put_in, put_in),
    *(put_account_in, tagged),
]
