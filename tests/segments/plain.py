"""A small bank as plain rows in Python, for the evaluator beside the compiler."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Prague")


@dataclass
class Item:
    direction: str
    amount: Decimal
    booked_on: date
    purpose: str
    metadata: dict[str, Any] = field(default_factory=dict)
    operation: str = ""
    counterparty: str = ""
    description: str = ""

    @property
    def label(self) -> str:
        return self.metadata.get("label") or self.purpose


@dataclass
class Alarm:
    campaign: str
    state: str
    fired_at: datetime


@dataclass
class Letter:
    communication: str
    status: str
    sent_at: datetime | None


@dataclass
class Earning:
    """What came in of one kind in one currency, day by day."""

    label: str
    currency: str
    today: date
    days: list[tuple[date, Decimal]] = field(default_factory=list)

    @property
    def last_on(self) -> date:
        return max(day for day, _ in self.days)

    @property
    def in_window(self) -> list[tuple[date, Decimal]]:
        until = self.today.replace(day=1)
        return [
            (day, amount) for day, amount in self.days if until.replace(year=until.year - 1) <= day < until
        ]

    @property
    def months(self) -> int:
        return len({(day.year, day.month) for day, _ in self.in_window})

    @property
    def monthly_average(self) -> Decimal:
        total = sum((amount for _, amount in self.in_window), Decimal(0))
        return (total / 12).quantize(Decimal("0.01"), ROUND_HALF_UP)


KINDS = {"pension": "pension", "salary": "salary", "wages": "salary", "interest": "capital"}


@dataclass
class Holding:
    """An account: who holds it in which role, and what happened on it."""

    key: str
    asset_code: str
    type: str
    blocked: bool
    opened_on: date | None
    metadata: dict[str, Any]
    roles: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    alerts: list[Alarm] = field(default_factory=list)
    segments: set[str] = field(default_factory=set)
    status: str = "ACTIVE"
    name: str = ""
    alias: str = ""
    portfolio: str | None = None
    has_overdraft_protection: bool = False
    ledger = "Řetězec %_"

    @property
    def external_id(self) -> str:
        return self.key

    def monthly_low(self, today: date, months: int) -> Decimal | None:
        """The highest of the lows of so many complete months, looked up day by day."""
        lows, day = [], today.replace(day=1)
        for _ in range(months):
            last = day - timedelta(days=1)
            day = last.replace(day=1)
            lows.append(min(self.balance(last.replace(day=n + 1)) for n in range(last.day)))
        return None if self.opened_on is not None and self.opened_on > day else max(lows)

    def balance(self, day: date) -> Decimal:
        signed = (
            i.amount if i.direction == "credit" else -i.amount for i in self.items if i.booked_on <= day
        )
        return sum(signed, Decimal(0))


@dataclass
class Bill:
    status: str
    created_at: datetime
    currency: str
    total: Decimal
    amount_due: Decimal
    number: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    promise_due_on: date | None = None

    def days_overdue(self, today: date) -> Decimal | None:
        is_owed = self.status not in ("paid", "void", "draft", "discarded") and self.amount_due > 0
        return Decimal((today - self.due_on).days) if is_owed and self.due_on else None


@dataclass
class Method:
    type: str
    status: str
    connector: str | None
    is_default: bool
    country: str
    expires_on: date | None


@dataclass
class Link:
    name: str
    connection: str
    synced_at: datetime | None


@dataclass
class Watch:
    name: str
    state: str


@dataclass
class Person:
    key: str
    name: str
    country: str
    kind: str
    products: list[str]
    custom_data: dict[str, Any]
    created_at: datetime
    segments: set[str] = field(default_factory=set)
    email: str = ""
    phone: str = ""
    invoices: list[Bill] = field(default_factory=list)
    payment_methods: list[Method] = field(default_factory=list)
    connectors: list[Link] = field(default_factory=list)
    monitors: list[Watch] = field(default_factory=list)
    messages: list[Letter] = field(default_factory=list)

    @property
    def external_id(self) -> str:
        return self.key

    def fact(self, key: str) -> list[Any]:
        """What a field that stands on related rows says of the person."""
        if key == "connector_name":
            return [link.name for link in self.connectors if link.connection == "linked"]
        of = key.removeprefix("default_payment_method_")
        return [getattr(method, of) for method in self.payment_methods if method.is_default]


@dataclass(repr=False)
class World:
    """All of it. Without words of its own: a test that fails would print thousands."""

    people: dict[str, Person]
    accounts: dict[str, Holding]
    at: datetime
    types: dict[str, str]

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    def income(self, person: str) -> list[Earning]:
        """What came in by kind and currency on the accounts that somebody holds."""
        found: dict[tuple[str, str], Earning] = {}
        for account in self.accounts.values():
            for item in account.items if person in account.roles else ():
                label = KINDS.get(item.label.casefold())
                if label and item.direction == "credit":
                    key = label, account.asset_code
                    earning = found.setdefault(key, Earning(*key, self.today))
                    earning.days.append((item.booked_on, item.amount))
        return list(found.values())
