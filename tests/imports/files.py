"""Small files as a core system writes them, and an import of one from end to end."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from console.imports.engine import process
from console.imports.kinds import KINDS
from console.imports.mapping import changed
from console.imports.models import ImportRun
from console.imports.sniffing import look
from console.organizations.models import Organization
from tests.factories import NOW

CUSTOMERS = """customer_ref,gender,birth_date,district,country
C1,female,1970-12-13,Prague,CZ
C2,male,1945-02-04,Kolin,CZ
"""
ACCOUNTS = """account_ref,opened_on,statement_frequency,currency
A1,1993-01-01,monthly,CZK
A2,1993-02-15,weekly,CZK
"""
HOLDERS = """account_ref,customer_ref,role
A1,C1,owner
A1,C2,authorised user
A2,C2,owner
"""
TRANSACTIONS = """transaction_ref,account_ref,booked_on,direction,operation,amount,balance_after,purpose
T1,A1,1993-03-01,credit,cash deposit,700.00,700.00,
T2,A1,1993-03-05,debit,withdrawal,200.50,499.50,household
T3,A2,1993-03-05,credit,collection,3000,3000.00,pension
"""


def draft(
    bank: Organization, kind: str, data: str | bytes, *, ledger: str = "", wishes: Iterable[str] = ()
) -> ImportRun:
    """A file received, its mapping guessed and changed by `wishes` (column=field)."""
    file = BytesIO(data.encode() if isinstance(data, str) else data)
    found = look(file)
    run = bank.import_runs.receive(file, f"{kind}.csv", found, kind=kind, by=None, at=NOW, ledger_name=ledger)
    run.mapping = changed(KINDS[kind], run.header, run.mapping, wishes)
    run.save()
    return run


def imported(
    bank: Organization, kind: str, data: str | bytes, *, is_dry_run: bool = False, **how: Any
) -> ImportRun:
    """The whole way."""
    run = draft(bank, kind, data, **how)
    run.start(by=None, at=NOW, is_dry_run=is_dry_run)
    return process(run.pk, clock=lambda: NOW)


def whole_bank(bank: Organization) -> list[ImportRun]:
    """The four files above, in order."""
    files = {
        "customers": CUSTOMERS,
        "accounts": ACCOUNTS,
        "account_holders": HOLDERS,
        "transactions": TRANSACTIONS,
    }
    return [imported(bank, kind, data) for kind, data in files.items()]


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """New, updated, unchanged, rejected; and they are all the rows."""
    assert run.state == "done", run.error
    assert run.rows == run.accepted + run.rejected
    assert run.rejected_rows.count() == run.rejected
    return run.new, run.updated, run.unchanged, run.rejected


def refused(run: ImportRun) -> list[tuple[int, str, str, str]]:
    """Line, column, value and the first words of the reason of each rejected row."""
    rows = run.rejected_rows.order_by("line")
    return [(row.line, row.column, row.value, row.reason) for row in rows]
