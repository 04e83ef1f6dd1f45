"""Counting who meets a definition, beside the best SQL we know by hand, at a million customers."""

from functools import partial

from django.db import connection

from console.organizations.models import Organization
from segments import definition
from tests.benchmarks.definitions import CASES, Case
from tests.benchmarks.ground import large_bank, noon
from tests.benchmarks.measuring import in_turns
from tests.benchmarks.report import Report


class Disagree(Exception):
    """The definition and the SQL written by hand count different members: one of them is wrong."""


def run(report: Report) -> None:
    """Each definition counted by the compiler and by hand: the same number, at most 1.5 times the cost."""
    organization = large_bank()
    report.note("Processor milliseconds of one process, medians of 7 turns; by the clock in brackets.")
    for case in CASES:
        ours, by_hand = partial(compiled, case, organization), partial(written, case, organization)
        members, expected = ours(), by_hand()
        if members != expected:
            raise Disagree(f"{case.name}: {members:,} compiled, {expected:,} by hand")
        cost, reference = in_turns([ours, by_hand])
        report.compare(f"count: {case.name}", ours=cost.cpu, reference=reference.cpu, at_most=1.5)
        report.note(f"{members:,} members (by the clock {cost.wall:,.0f} and {reference.wall:,.0f} ms)")


def compiled(case: Case, organization: Organization) -> int:
    """The count of a definition, from its JSON on."""
    node = definition.parse(case.definition, case.population, organization)
    return definition.ids(node, organization, noon(organization)).count()


def written(case: Case, organization: Organization) -> int:
    """The count of the SQL written by hand."""
    with connection.cursor() as cursor:
        cursor.execute(case.by_hand, {"o": organization.pk})
        return int(cursor.fetchone()[0])
