"""The same rows in DuckDB, a column store: the most that a full recompute could gain from columns."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import duckdb
from django.db import connection

from console.organizations.models import Organization

# What the definitions need of each table, and from where it comes.
TABLES = {
    "customer": (
        "id UUID, country VARCHAR, tier VARCHAR",
        "SELECT id, country, fold(custom_data ->> 'tier') FROM customers_customer WHERE organization_id = {o}",
    ),
    "invoice": (
        "customer_id UUID, status VARCHAR, due_on DATE",
        "SELECT customer_id, status, due_on FROM billing_invoice WHERE organization_id = {o}",
    ),
    "method": (
        "customer_id UUID, is_default BOOLEAN, status VARCHAR",
        """SELECT customer_id, is_default, status FROM billing_paymentmethod
        WHERE organization_id = {o} AND deleted_at IS NULL""",
    ),
    "account": (
        "id UUID, asset_code VARCHAR",
        "SELECT id, asset_code FROM portfolios_account WHERE organization_id = {o} AND deleted_at IS NULL",
    ),
    "holder": (
        "customer_id UUID, account_id UUID, role VARCHAR",
        "SELECT customer_id, account_id, role FROM portfolios_accountholder WHERE organization_id = {o}",
    ),
    "balance": (
        "account_id UUID, ledger DECIMAL(28, 2)",
        "SELECT account_id, ledger FROM balances_balance WHERE organization_id = {o}",
    ),
    "item": (
        "account_id UUID, booked_on DATE, direction VARCHAR, amount DECIMAL(18, 2)",
        "SELECT account_id, booked_on, direction, amount FROM balances_transaction WHERE organization_id = {o}",
    ),
    "member": (
        "segment INTEGER, customer_id UUID",
        """SELECT CASE segment_id WHEN {first} THEN 1 ELSE 2 END, customer_id FROM segments_customermembership
        WHERE segment_id IN ({first}, {second})""",
    ),
}


class Columns:
    """A DuckDB database in memory with one thread, as a query of ours has one process."""

    def __init__(self) -> None:
        self.database = duckdb.connect(":memory:", config={"threads": 1})

    def fill(self, organization: Organization, segments: Mapping[str, UUID]) -> None:
        """Copy every table of the organization; `segments` are the stored ones by their names in TABLES."""
        ids = {name: f"'{key}'::uuid" for name, key in {"o": organization.pk, **segments}.items()}
        with TemporaryDirectory() as folder:
            for table, (columns, select) in TABLES.items():
                file = Path(folder) / f"{table}.csv"
                _export(select.format(**ids), file)
                self.database.execute(f"CREATE TABLE {table} ({columns})")
                self.database.execute(f"COPY {table} FROM '{file}' (FORMAT csv)")
                file.unlink()

    def count(self, statement: str) -> int:
        """The number that the statement counts."""
        row = self.database.execute(statement).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def columns_of(organization: Organization, segments: Mapping[str, UUID]) -> Iterator[Columns]:
    """The organization in columns, for as long as it is needed: its memory is given back."""
    columns = Columns()
    try:
        columns.fill(organization, segments)
        yield columns
    finally:
        columns.database.close()


def _export(select: str, file: Path) -> None:
    with (
        connection.cursor() as cursor,
        file.open("wb") as out,
        cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)") as rows,
    ):
        for block in rows:
            out.write(block)
