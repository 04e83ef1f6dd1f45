"""A file of customers on its way in: rows a second from the upload's bytes to committed rows."""

import io
import time

from django.utils import timezone

from console.imports.engine import process
from console.imports.sniffing import look
from console.organizations import scope
from console.organizations.models import Organization
from tests.benchmarks.report import Report

ROWS, TARGET = 200_000, 50_000
HEAD = "customer_ref,name,email,country,phone,branch,tier\n"


def run(report: Report) -> None:
    """Import new customers into an organization of their own, then the same file again, which changes nothing."""
    organization, _ = Organization.objects.get_or_create(
        slug="import-bench", defaults={"name": "Import bench", "base_currency": "EUR"}
    )
    scope.enter(organization)
    began = organization.customers.count()
    content = file_of(began)
    report.reach("import: new customers", ours=rate(organization, content, "new"), at_least=TARGET)
    report.reach(
        "import: the same customers again", ours=rate(organization, content, "unchanged"), at_least=TARGET
    )


def file_of(first: int) -> bytes:
    """ROWS customers, numbered from `first` on, as a core system exports them."""
    rows = (
        f"B{n:09},Zdeňka Novotná {n},zdenka{n}@mail.example,CZ,+420 100 {n % 1000:03} 000,Praha,silver\n"
        for n in range(first, first + ROWS)
    )
    return (HEAD + "".join(rows)).encode()


def rate(organization: Organization, content: bytes, expected: str) -> float:
    """Rows a second. Raises LookupError when not every row came out as expected."""
    file = io.BytesIO(content)
    began = time.perf_counter()
    found = look(file)
    run = organization.import_runs.receive(
        file, "customers.csv", found, kind="customers", by=None, at=timezone.now()
    )
    run.start(by=None, at=timezone.now())
    run = process(run.pk, clock=timezone.now)
    taken = time.perf_counter() - began
    if getattr(run, expected) != ROWS:
        raise LookupError(f"{expected}: {getattr(run, expected):,} of {ROWS:,} rows. {run.error}")
    return ROWS / taken
