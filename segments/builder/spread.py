"""How the members of a draft are spread by country, balance and tenure: shares, found with one look at who belongs.

Of many members a stable sample is looked at, chosen by a hash of their ids, so that the same rules always give the same
shares; what comes of it is an estimate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from console.charts import Bar, share_bar
from console.customers.models import Customer
from console.organizations.models import Organization
from console.portfolios.models import Account, AccountHolder
from segments.builder.counting import Counter
from segments.builder.tree import Draft
from segments.catalog import balance_fields
from segments.catalog.field import Row
from segments.definition.nodes import add_months
from segments.expressions import IdSet, Sql

LARGE, ENOUGH, PARTS = 50_000, 20_000, 1024
COUNTRIES = 6
# Lower ends of the bands, in the organization's base currency; and how long ago a band of tenure begins, in months.
STEPS = (0, 100, 1_000, 10_000, 100_000, 1_000_000)
MONTHS = (120, 60, 24, 12, 3)
TENURES = (
    "10 years or more",
    "5 to 10 years",
    "2 to 5 years",
    "1 to 2 years",
    "3 to 12 months",
    "under 3 months",
)
UNKNOWN = "not recorded"
OWNER = AccountHolder.Role.OWNER
CUSTOMERS, ACCOUNTS, HOLDERS = (each._meta.db_table for each in (Customer, Account, AccountHolder))
COUNTRY = {
    "customers": "SELECT NULLIF(c.country, ''), count(*)"
    f" FROM {CUSTOMERS} c JOIN looked_at m ON m.id = c.id GROUP BY 1",
    "accounts": "SELECT (SELECT min(NULLIF(c.country, ''))"
    f" FROM {HOLDERS} h JOIN {CUSTOMERS} c ON c.id = h.customer_id"
    f" WHERE h.account_id = m.id AND h.role = '{OWNER}'), count(*) FROM looked_at m GROUP BY 1",
}
TENURE = {
    "customers": "SELECT width_bucket(c.created_at, %s::timestamptz[]), count(*)"
    f" FROM {CUSTOMERS} c JOIN looked_at m ON m.id = c.id GROUP BY 1",
    "accounts": "SELECT width_bucket(a.opened_on::timestamp, %s::timestamp[]), count(*)"
    f" FROM {ACCOUNTS} a JOIN looked_at m ON m.id = a.id GROUP BY 1",
}


@dataclass(frozen=True)
class Slice:
    """So many of the members that were looked at."""

    label: str
    n: int
    bar: Bar


@dataclass(frozen=True)
class Spread:
    """The members by one thing; who has none of it is in a slice of its own."""

    title: str
    slices: list[Slice]


@dataclass(frozen=True)
class Spreads:
    """All of them, of `looked_at` members: of a sample of the `members` where it is an estimate."""

    parts: list[Spread]
    looked_at: int
    members: int

    @property
    def is_estimate(self) -> bool:
        return self.looked_at < self.members


def spread(tree: Draft, counter: Counter) -> Spreads:
    """How the members are spread: without parts where there is nobody. Raises DefinitionFaults, TooSlow."""
    members = counter.count(tree).n
    if not members:
        return Spreads([], 0, 0)
    found = counter.timed(lambda: _look(counter, counter.ids(tree), members))
    looked_at, is_customers = found["all"].get(None, 0), counter.population == "customers"
    code = counter.organization.base_currency
    balances = _in_bands(found["balance"], _bands())
    without = looked_at - sum(found["balance"].values())
    balances.append((f"no account in {code}" if is_customers else f"not in {code}", without))
    tenures = _in_bands(found["tenure"], TENURES)
    tenures.append((UNKNOWN, found["tenure"].get(None, 0)))
    parts = [
        Spread("Country" if is_customers else "Country of the owner", _slices(_largest(found["country"]))),
        Spread(f"{'Total balance' if is_customers else 'Balance'}, {code}", _slices(balances)),
        Spread("Customer for" if is_customers else "Open for", _slices(tenures)),
    ]
    return Spreads(parts, looked_at, members)


def _look(counter: Counter, ids: IdSet, members: int) -> dict[str, dict[Any, int]]:
    """{"country": {"CZ": 12, None: 1}, …} in one query: who belongs is found once for all."""
    once, organization, today = ids.once(), counter.organization, counter.organization.local_date(counter.at)
    share = -(-PARTS * ENOUGH // members) if members > LARGE else PARTS
    sample = f" WHERE (uuid_hash(id) & {PARTS - 1}) < {share}" if share < PARTS else ""
    totals, of_totals = _totals(counter, today)
    banded = (
        f"SELECT width_bucket(total, %s::numeric[]), count(*) FROM ({totals}) AS t(id, total)"
        " WHERE total IS NOT NULL GROUP BY 1"
    )
    begins = [_begins(today, months, organization, counter.population) for months in MONTHS]
    parts = {
        "all": ("SELECT NULL, count(*) FROM looked_at", ()),
        "country": (COUNTRY[counter.population], ()),
        "tenure": (TENURE[counter.population], (begins,)),
        "balance": (banded, (list(STEPS), *of_totals)),
    }
    union = " UNION ALL ".join(
        f"SELECT '{name}', band::text, n FROM ({sql}) AS part(band, n)" for name, (sql, _) in parts.items()
    )
    whole = f"WITH looked_at AS MATERIALIZED (SELECT id FROM ({once.sql}) AS those(id){sample}) {union}"
    found: dict[str, dict[Any, int]] = {name: {} for name in parts}
    with connection.cursor() as cursor:
        cursor.execute(whole, (*once.params, *(param for _, own in parts.values() for param in own)))
        for name, band, n in cursor.fetchall():
            found[name][band] = n
    return found


def _totals(counter: Counter, today: date) -> tuple[str, Sequence[Any]]:
    """(id, total) of those that are looked at: what a customer owns, or an account holds, in the base currency."""
    organization, code = counter.organization, counter.organization.base_currency
    if counter.population == "customers":
        owned = organization.account_holders.filter(role=OWNER, account__asset_code=code).order_by()
        near = owned.filter(Sql("{} IN (SELECT id FROM looked_at)", F("customer_id"))).values("customer_id")
        balance = balance_fields.ledger(Row("account__", organization, today))
        rows: Any = near.annotate(total=Sum(balance))
    else:
        held = counter.people.filter(Sql("{} IN (SELECT id FROM looked_at)", F("id")), asset_code=code)
        rows = (
            held.order_by().values("id").annotate(total=balance_fields.ledger(Row("", organization, today)))
        )
    sql, params = rows.query.sql_with_params()
    return str(sql), params


def _begins(today: date, months: int, organization: Organization, population: str) -> datetime:
    """The local midnight that many months ago: a moment for customers, a plain day for accounts."""
    midnight = add_months(datetime.combine(today, time()), -months)
    return midnight.replace(tzinfo=organization.zone) if population == "customers" else midnight


def _bands() -> list[str]:
    steps = [f"{step:,}" for step in STEPS]
    return [
        "below 0",
        *(f"{low} to {high}" for low, high in pairwise(steps)),
        f"{steps[-1]} or more",
    ]


def _in_bands(found: dict[Any, int], labels: Sequence[str]) -> list[tuple[str, int]]:
    """The bands in their order, without those at both ends that nobody is in."""
    numbers = [(label, found.get(str(n), 0)) for n, label in enumerate(labels)]
    filled = [n for n, (_, number) in enumerate(numbers) if number]
    return numbers[filled[0] : filled[-1] + 1] if filled else []


def _largest(found: dict[Any, int]) -> list[tuple[str, int]]:
    """The countries with most members, then all others together (two or more), then those of whom none is recorded."""
    known = sorted(((code, n) for code, n in found.items() if code), key=lambda each: (-each[1], each[0]))
    if len(known) > COUNTRIES + 1:
        rest = known[COUNTRIES:]
        known = [*known[:COUNTRIES], (f"{len(rest)} others", sum(n for _, n in rest))]
    return [*known, (UNKNOWN, found.get(None, 0))]


def _slices(numbers: list[tuple[str, int]]) -> list[Slice]:
    """A slice for each number; those that stand for nobody at the end are left out."""
    largest = max((n for _, n in numbers), default=0)
    rest = ("others", UNKNOWN, "no account", "not in")
    shown = [(label, n) for label, n in numbers if n or not any(word in label for word in rest)]
    return [Slice(label, n, share_bar(n, largest)) for label, n in shown]
