"""Counting and refreshing, beside the best SQL we know by hand and a column store, at a million customers."""

from functools import partial
from typing import Any

from django.db import connection

from console.organizations.models import Organization
from segments import definition
from tests.benchmarks import refreshes
from tests.benchmarks.columnar import columns_of
from tests.benchmarks.definitions import CASES, Case
from tests.benchmarks.ground import large_bank, noon
from tests.benchmarks.measuring import Cost, Here, in_turns
from tests.benchmarks.report import Report
from tests.benchmarks.standard import Standard, ids_by_hand, standards


class Disagree(Exception):
    """The definition and the SQL written by hand count different members: one of them is wrong."""


def run(report: Report) -> None:
    """Each definition counted by the compiler and by hand: the same number, at most 1.3 times the cost; refreshes."""
    organization = large_bank()
    report.note("Processor milliseconds of one process, medians of 7 turns; by the clock in brackets.")
    for case in CASES:
        written = partial(by_hand, case.by_hand, {"o": organization.pk})
        counted(report, case, organization, written)
    first, second = (
        refreshes.stored(organization, f"Benchmark: {case.name}", case.definition)
        for case in standards(organization.pk, organization.pk)[:2]
    )
    values = {"o": organization.pk, "first": first.pk, "second": second.pk}
    five = standards(first.pk, second.pk)
    segments = {name: values[name] for name in ("first", "second")}
    in_columns = {}
    with columns_of(organization, segments) as columns:
        for one in five:
            written = partial(by_hand, f"SELECT count(*) FROM ({ids_by_hand(one)}) AS m", values)
            read = Here(partial(columns.count, one.in_columns))
            in_columns[one.name] = counted(report, one, organization, written, read)[-1]
    for one in five:
        segment = refreshes.stored(organization, f"Benchmark: {one.name}", one.definition)
        refreshes.measure(report, one, segment, values, in_columns[one.name].cpu)


def counted(
    report: Report,
    case: Case | Standard,
    organization: Organization,
    *references: Any,
    population: str = "customers",
) -> list[Cost]:
    """Ours beside the SQL written by hand and, where there is one, the column store: their costs. Raises Disagree."""
    population = case.population if isinstance(case, Case) else population
    works = [partial(compiled, case.definition, population, organization), *references]
    found = [work() for work in works]
    if len(set(found)) > 1:
        raise Disagree(f"{case.name}: {', '.join(f'{n:,}' for n in found)} compiled, by hand, in columns")
    cost, reference, *columns = in_turns(works)
    report.compare(f"count: {case.name}", ours=cost.cpu, reference=reference.cpu, at_most=1.3)
    for column in columns:
        report.beside(f"fresh count beside DuckDB: {case.name}", cost.cpu, column.cpu, at_most=None)
    report.note(f"{found[0]:,} members (by the clock {cost.wall:,.0f} and {reference.wall:,.0f} ms)")
    return [cost, reference, *columns]


def compiled(data: dict[str, Any], population: str, organization: Organization) -> int:
    """The count of a definition, from its JSON on."""
    node = definition.parse(data, population, organization)
    return definition.ids(node, organization, noon(organization)).count()


def by_hand(statement: str, values: dict[str, Any]) -> int:
    """The count of the SQL written by hand."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
