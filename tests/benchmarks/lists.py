"""The longest lists at a million customers: the first page, one in the middle and the last cost the same."""

import statistics
import time
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.test import Client, RequestFactory

from console.customers import columns as customer_columns
from console.organizations.models import Role
from console.paging import Orders, Walk
from console.portfolios import columns as account_columns
from tests.benchmarks.ground import large_bank
from tests.benchmarks.measuring import on_processor
from tests.benchmarks.report import Report
from tests.conftest import proven

LIMIT, REPEATS, SIZE = 100.0, 9, 50
DEEP = {"middle": 0.5, "last": 0.9999}


class Walked(NamedTuple):
    """A list in one order, as staff walk it."""

    name: str
    address: str
    rows: "QuerySet[Any]"
    orders: Orders
    sort: str


def run(report: Report) -> None:
    """Server milliseconds of each page, medians; the deepest at most 1.2 times the first."""
    organization = large_bank()
    client = proven(organization.staff.get(role=Role.ANALYST).user, SERVER_NAME="localhost")
    customers, accounts = (
        organization.url(name) for name in ("customers:customer_list", "portfolios:account_list")
    )
    held = organization.accounts.with_balance(organization)
    for each in (
        Walked("customers list", customers, organization.customers.all(), customer_columns.ORDERS, "name"),
        Walked("accounts list", accounts, held, account_columns.ORDERS, "external_id"),
        Walked("accounts by balance", accounts, held, account_columns.ORDERS, "-balance"),
    ):
        measure(report, client, each)


def measure(report: Report, client: Client, each: Walked) -> None:
    """The first page, one in the middle and the last but few rows, in turns."""
    first = f"{each.address}?sort={each.sort}"
    pages = {"first": first, **{name: each.address + cursor(each, first, at) for name, at in DEEP.items()}}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(REPEATS + 1):
        for name, address in pages.items():
            milliseconds = fetch(client, address)
            if turn:
                times[name].append(milliseconds)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        report.limit(f"{each.name}: {name} page", ours=median, at_most=LIMIT)
    last_beside_first = {"ours": medians["last"], "reference": medians["first"]}
    report.compare(f"{each.name}: last page beside first", **last_beside_first, at_most=1.2)


def fetch(client: Client, address: str) -> float:
    """Milliseconds of processor that the page takes, the console's and the database's: a busy machine's clock lies."""
    console, database = time.process_time_ns(), on_processor()
    answer = client.get(address)
    taken = (time.process_time_ns() - console + on_processor() - database) / 1e6
    if answer.status_code != 200:
        raise LookupError(f"{address} answered {answer.status_code}")
    return taken


def cursor(each: Walked, first: str, share: float) -> str:
    """The address of the page after the row that stands at that share of the list."""
    request = RequestFactory().get(first)
    request.user = AnonymousUser()
    walk = Walk.asked(each.rows, request, each.orders, each.sort, SIZE)
    position = int(each.rows.count() * share)
    whole = walk.parts(None, True)[0]
    return walk.address(request, "after", whole[position], position)
