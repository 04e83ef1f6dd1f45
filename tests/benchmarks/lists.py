"""The list of customers at a million: the first page, one in the middle and the last cost the same."""

import statistics
import time

from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from console.customers.columns import ORDERS
from console.organizations.models import Organization, Role
from console.paging import Walk
from tests.benchmarks.ground import large_bank
from tests.benchmarks.measuring import on_processor
from tests.benchmarks.report import Report

LIMIT, REPEATS, SIZE = 100.0, 9, 50


def run(report: Report) -> None:
    """Server milliseconds of each page, medians; the deepest at most 1.2 times the first."""
    organization = large_bank()
    client = Client(SERVER_NAME="localhost")
    client.force_login(organization.staff.get(role=Role.ANALYST).user)
    path = organization.url("customers:customer_list")
    middle, last = (path + cursor(organization, path, share) for share in (0.5, 0.9999))
    pages = {"first": path, "middle": middle, "last": last}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(REPEATS + 1):
        for name, address in pages.items():
            milliseconds = fetch(client, address)
            if turn:
                times[name].append(milliseconds)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        report.limit(f"customers list: {name} page", ours=median, at_most=LIMIT)
    report.compare(
        "customers list: last page beside first",
        ours=medians["last"],
        reference=medians["first"],
        at_most=1.2,
    )


def fetch(client: Client, address: str) -> float:
    """Milliseconds of processor that the page takes, the console's and the database's: a busy machine's clock lies."""
    console, database = time.process_time_ns(), on_processor()
    answer = client.get(address)
    taken = (time.process_time_ns() - console + on_processor() - database) / 1e6
    if answer.status_code != 200:
        raise LookupError(f"{address} answered {answer.status_code}")
    return taken


def cursor(organization: Organization, path: str, share: float) -> str:
    """The address of the page after the customer who stands at that share of the list, by name."""
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    customers = organization.customers.all()
    walk = Walk.asked(customers, request, ORDERS, "name", SIZE)
    position = int(customers.count() * share)
    whole = walk.parts(None, True)[0]
    return walk.address(request, "after", whole[position], position)
