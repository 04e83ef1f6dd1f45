"""A file of the core system that came in this morning, with a few bad rows, as any such file."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from console.imports.engine import process
from console.imports.sniffing import look
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account

HEAD = [
    "transaction_ref",
    "account_ref",
    "booking_date",
    "direction",
    "amount",
    "operation",
    "purpose",
    "counterparty",
]
WORDS = ["direct debit", "utilities", "Energie Krämer"]


def receive(organization: Organization, *, by: Staff, at: datetime) -> None:
    """Import the file as an operator does: what is good is booked, the rest refused with its reason."""
    day = organization.local_date(at)
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *_rows(organization, day)])
    content = io.BytesIO(text.getvalue().encode())
    found = look(content)
    runs = organization.import_runs
    run = runs.receive(
        content, f"core-items-{day}.csv", found, kind="transactions", by=by, at=at, ledger_name="Retail"
    )
    run.start(by=by, at=at)
    process(run.pk, clock=lambda: at)


def _rows(organization: Organization, day: date) -> Iterator[list[str]]:
    """A year's settlement of electricity for some customers: those with little left feel it."""
    accounts = organization.accounts.filter(type="current", asset_code="EUR", status=Account.Status.ACTIVE)
    wanted = (
        accounts.filter(balance__items__gt=30).order_by("external_id").values_list("external_id", flat=True)
    )
    for nth, account in enumerate(wanted[:180]):
        amount = f"{40 + nth * 7 % 260}.{nth * 13 % 100:02}"
        yield [f"CORE-{day:%y%m%d}-{nth:05}", account, day.isoformat(), "debit", amount, *WORDS]
    yield [f"CORE-{day:%y%m%d}-90001", "ACC-9999999-1", day.isoformat(), "debit", "54.10", *WORDS]
    yield [f"CORE-{day:%y%m%d}-90002", "ACC-0000001-1", f"{day:%d}.13.{day:%Y}", "debit", "12.00", *WORDS]
    yield [f"CORE-{day:%y%m%d}-90003", "ACC-0000001-1", day.isoformat(), "sideways", "12.00", *WORDS]
    yield [f"CORE-{day:%y%m%d}-90004", "ACC-0000001-1", day.isoformat(), "debit", "twelve", *WORDS]
    yield ["", "ACC-0000001-1", day.isoformat(), "credit", "15.90", *WORDS]
