"""The builder's first answer while somebody edits: S1 to S5 as drafts, at a million customers.

It is an exact number where that is quick, else an estimate marked ≈; nothing that was counted before is used again.
"""

import statistics
import time
from functools import partial
from typing import Any

from django.test import Client
from django.utils import timezone

from console.organizations.models import Organization, Role, Staff
from segments.models import Draft
from tests.benchmarks import refreshes
from tests.benchmarks.ground import large_bank
from tests.benchmarks.measuring import on_processor
from tests.benchmarks.report import Report
from tests.benchmarks.standard import Standard, standards
from tests.conftest import proven
from tests.segments.pages import read_form

REPEATS, LIMIT = 30, 300.0


def run(report: Report) -> None:
    """Half and 95 of 100 of the first answers, in processor milliseconds; the clock, and the exact answer, beside."""
    organization = large_bank()
    staff = organization.staff.get(role=Role.ANALYST)
    client = proven(staff.user, SERVER_NAME="localhost")
    first, second = (
        refreshes.stored(organization, f"Benchmark: {case.name}", case.definition)
        for case in standards(organization.pk, organization.pk)[:2]
    )
    for one in standards(first.pk, second.pk):
        measure(report, client, staff, one)


def measure(report: Report, client: Client, staff: Staff, one: Standard) -> None:
    """One definition, asked again and again as if it had just been typed."""
    organization: Organization = staff.organization
    drafts = Draft.objects.filter(organization=organization, staff=staff, segment=None)
    drafts.delete()
    draft = Draft(organization=organization, staff=staff, name=f"Benchmark: {one.name}")
    draft.keep(one.definition, at=timezone.now())
    fields = read_form(client.get(organization.url("segments:draft_edit", draft.pk))).fields
    forget = partial(drafts.update, counts={})
    ask = partial(fetch, client, organization.url("segments:preview"))
    seen = [(forget(), ask(fields))[1] for _ in range(REPEATS + 1)][1:]
    processor, clock = (
        sorted(column) for column in zip(*((cpu, wall) for cpu, wall, _ in seen), strict=True)
    )
    report.limit(f"first answer, p50: {one.name}", ours=statistics.median(processor), at_most=LIMIT)
    report.limit(f"first answer, p95: {one.name}", ours=of_95(processor), at_most=LIMIT)
    forget()
    exact_cpu, exact_wall, _ = ask({**fields, "op": "exact", "drawn": "yes"})
    kind = "an estimate" if "≈" in seen[-1][2] else "exact"
    report.note(
        f"{kind}; by the clock {statistics.median(clock):,.0f} and {of_95(clock):,.0f} ms;"
        f" the exact answer {exact_cpu:,.0f} ({exact_wall:,.0f}) ms"
    )
    drafts.delete()


def of_95(times: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return times[int(len(times) * 0.95)]


def fetch(client: Client, address: str, fields: dict[str, Any]) -> tuple[float, float, str]:
    """Milliseconds of processor, the console's and the database's, and of the clock; and the answer."""
    console, database, wall = time.process_time_ns(), on_processor(), time.perf_counter()
    answer = client.post(address, fields, headers={"HX-Request": "true", "HX-Target": "live"})
    taken = (time.process_time_ns() - console + on_processor() - database) / 1e6
    if answer.status_code != 200:
        raise LookupError(f"{address} answered {answer.status_code}")
    return taken, (time.perf_counter() - wall) * 1e3, answer.content.decode()
