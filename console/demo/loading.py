"""Customers with all that hangs on them, in runs of some thousands.

Each run is one transaction, so a load that was stopped goes on where it stopped.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from console.balances.models import Balance, DailyBalance, Transaction
from console.billing.models import ConnectorLink, Consent, Invoice, PaymentMethod
from console.customers.models import Customer
from console.demo import accounts, billing, customers, lookups, transactions
from console.organizations import scope
from console.organizations.models import Organization
from console.portfolios.models import Account, AccountHolder

RUN = 20_000
SMALL_BANK = 20_000


class Unfinished(Exception):
    """The demo bank was begun for another number of customers."""


@dataclass(frozen=True)
class Plan:
    """What is to be loaded: which bank, how many customers, up to which day (the last items are of the day before)."""

    organization: Organization
    customers: int
    as_of: date

    @property
    def liveliness(self) -> dict[str, float]:
        """How much happens: full lives in a small bank; about ten items an account in a large one, most on few."""
        if self.customers <= SMALL_BANK:
            return {"full": 0.42, "salary": 0.58, "side": 0.85, "busy": 4.0}
        return {"full": 0.045, "salary": 0.12, "side": 0.8, "busy": 3.8}

    def runs(self) -> Iterator[tuple[int, int]]:
        """First and last customer number of each run; a run begins with an odd number."""
        for first in range(1, self.customers + 1, RUN):
            yield first, min(first + RUN - 1, self.customers)


def missing(plan: Plan) -> list[tuple[int, int]]:
    """The runs not loaded yet. Raises Unfinished when what is there does not end where one of the plan's runs ends."""
    ends = {number for run in plan.runs() for number in run}
    ids = {f"CUS-{number:07}" for number in ends}
    there = set(plan.organization.customers.filter(external_id__in=ids).values_list("external_id", flat=True))
    found = [f"CUS-{first:07}" in there for first, _ in plan.runs()]
    if found != [f"CUS-{last:07}" in there for _, last in plan.runs()]:
        raise Unfinished("The demo bank there has another number of customers. Load it anew with --reset.")
    return [run for run, is_there in zip(plan.runs(), found, strict=True) if not is_there]


def load(plan: Plan, *, workers: int, tell: Callable[[int], None]) -> None:
    """Load the missing runs, and call `tell` with the number of customers after each. Raises Unfinished."""
    runs = missing(plan)
    if workers == 1:
        _load_runs(plan, runs, tell)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [
            pool.submit(copy_context().run, _in_own_connection, plan, runs[nth::workers], tell)
            for nth in range(workers)
        ]:
            done.result()


def settle(*, is_large: bool) -> None:
    """Tell the planner what is there; after a large load also which pages indexes alone can answer for."""
    verb = "VACUUM (ANALYZE)" if is_large and not connection.in_atomic_block else "ANALYZE"
    with scope.nobody(), connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(f"{verb} {', '.join(TABLES)}")
        cursor.execute("RESET maintenance_work_mem")


def _in_own_connection(plan: Plan, runs: list[tuple[int, int]], tell: Callable[[int], None]) -> None:
    try:
        _load_runs(plan, runs, tell)
    finally:
        connection.close()


def _load_runs(plan: Plan, runs: list[tuple[int, int]], tell: Callable[[int], None]) -> None:
    portfolios = dict(plan.organization.portfolios.values_list("entity_id", "id"))
    with connection.cursor() as cursor:
        lookups.fill(cursor, as_of=plan.as_of, portfolios=portfolios)
        for first, last in runs:
            with transaction.atomic():
                _load_run(cursor, plan, first, last)
            tell(last - first + 1)


def _load_run(cursor: Any, plan: Plan, first: int, last: int) -> None:
    ledger = plan.organization.ledgers.order_by("created_at", "pk")[0]
    values = plan.liveliness | {
        "first": first,
        "last": last,
        "as_of": plan.as_of,
        "organization": plan.organization.pk,
        "ledger": ledger.pk,
        **dict(plan.organization.connectors.values_list("kind", "pk")),
    }
    settings = SETTINGS | ({"session_replication_role": "replica"} if _may_trust_keys(cursor) else {})
    for name, value in settings.items():
        cursor.execute(f"SET LOCAL {name} = {value}")
    for draw, writes in STEPS:
        table = draw.split()[3]
        cursor.execute(draw, values)
        cursor.execute(f"ANALYZE {table}")
        for write in writes:
            cursor.execute(write, values)
    cursor.execute("DROP TABLE demo_customer, demo_account, demo_item")
    for name in settings:
        cursor.execute(f"SET LOCAL {name} TO DEFAULT")


def _may_trust_keys(cursor: Any) -> bool:
    """Whether this role may leave out the check of each foreign key.

    It takes as long as all the rest, and each row's parents were written just before it.
    """
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    return bool(cursor.fetchone()[0])


# The planner must know how large the temporary tables are, not what is in them.
SETTINGS = {
    "work_mem": "'256MB'",
    "synchronous_commit": "off",
    "default_statistics_target": "5",
    "tranche.everybody": "on",  # segments are told of everybody, not of a million customers one by one
}
TABLES = [
    model._meta.db_table
    for model in (
        *(Customer, Invoice, PaymentMethod, ConnectorLink, Consent),
        *(Account, AccountHolder, Transaction, DailyBalance, Balance),
    )
]
STEPS = [
    (customers.DRAW, [customers.WRITE, *billing.WRITES]),
    (accounts.DRAW, [accounts.WRITE, accounts.HOLDERS]),
    (transactions.DRAW, [transactions.WRITE, transactions.DAILY, transactions.BALANCES]),
]
