"""A refresh through the product beside the bare statement with the best predicate, and what a small change costs."""

import re
import statistics
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from console.organizations.models import Organization
from segments.freshness import refreshing
from segments.models import Freshness, Run, Segment
from tests.benchmarks.ground import noon
from tests.benchmarks.measuring import Work, once
from tests.benchmarks.report import Report
from tests.benchmarks.standard import COUNTRIES, Standard, ids_by_hand

REPEATS = 3
# DuckDB reads everything anew for each count: what is kept fresh need not.
COLUMNAR_TARGETS = {"S4": 0.5, "S5": 1.0}
# One in a hundred customers moves: into one of the countries that S1 asks for, or out of them.
MOVE = """UPDATE customers_customer SET country = CASE WHEN country = ANY(%s) THEN 'CZ' ELSE 'AT' END
WHERE organization_id = %s AND hashtext(id::text) %% 100 = 0"""


class DidNotRefresh(Exception):
    """A refresh that the benchmark asked for ended otherwise than done."""


def stored(organization: Organization, name: str, definition: dict[str, Any]) -> Segment:
    """The segment of that name by that definition, refreshed; made where it is not there."""
    segment, _ = organization.segments.get_or_create(
        name=name, archived_at=None, defaults={"is_marketing": False}
    )
    if segment.version is None or segment.version.definition != {"schema_version": 1, **definition}:
        segment.save_definition(definition, by=None, at=noon(organization))
    refresh(segment, noon(organization))
    return segment


def refresh(segment: Segment, at: datetime) -> Run:
    """One refresh as a worker does it. Raises DidNotRefresh."""
    run = refreshing.execute(segment.request_refresh(by=None, at=at).pk, at=at)
    if run is None or run.state != Run.State.DONE:
        raise DidNotRefresh(f"{segment}: {run and run.error}")
    return run


def measure(
    report: Report, case: Standard, segment: Segment, values: dict[str, Any], in_columns: float
) -> None:
    """A refresh into nothing, of what is unchanged, and after one customer in a hundred moved.

    `in_columns`: the milliseconds in which a column store counts it anew.
    """
    organization, at = segment.organization, noon(segment.organization)
    works = [partial(refresh, segment, at), partial(by_hand, case, segment, values)]
    full = {}
    for state, prepare in (
        ("empty", emptied(segment)),
        ("unchanged", None),
        ("1 % changed", moved(organization)),
    ):
        ours, reference = undone(works, prepare)
        report.compare(f"refresh, {state}: {case.name}", ours=ours, reference=reference, at_most=1.2)
        full[state] = ours
    report.compare(
        f"refresh, 1 % changed, of the first one: {case.name}",
        ours=full["1 % changed"],
        reference=full["empty"],
        at_most=0.05,
    )
    for state in ("unchanged", "1 % changed"):
        report.beside(
            f"live, {state}, beside DuckDB: {case.name}",
            full[state],
            in_columns,
            at_most=COLUMNAR_TARGETS.get(case.name[:2]),
        )


def by_hand(case: Standard, segment: Segment, values: dict[str, Any]) -> None:
    """The bare statement: one FULL JOIN against what is stored, entries, exits, events; no run and no lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        named = iter(("segment", "organization", "at", "version", "run"))
        statement = re.sub("%s", lambda _: f"%({next(named)})s", refreshing.REFRESH).format(
            target=ids_by_hand(case),
            near="",
            member="customer",
            membership="segments_customermembership",
            event="segments_membershipevent",
        )
        own = {
            "segment": segment.pk,
            "organization": segment.organization_id,
            "at": noon(segment.organization),
            "version": segment.version_id,
            "run": None,
        }
        cursor.execute(statement, values | own)


def undone(works: list[Work], prepare: Callable[[], object] | None) -> list[float]:
    """Median processor milliseconds of each, done in turns after `prepare`; everything is taken back each time."""
    costs: list[list[float]] = [[] for _ in works]
    for turn in range(REPEATS + 1):
        for work, seen in zip(works, costs, strict=True):
            with transaction.atomic():
                if prepare:
                    prepare()
                cpu, wall = once(work)
                transaction.set_rollback(True)
            if turn:
                seen.append(cpu or wall)
    return [statistics.median(seen) for seen in costs]


def emptied(segment: Segment) -> Callable[[], object]:
    """Nobody is in it, and the next refresh asks everybody."""

    def empty() -> None:
        segment.customer_memberships.all().delete()
        Freshness.objects.filter(segment=segment).update(seen="")

    return empty


def moved(organization: Organization) -> Callable[[], object]:
    def move() -> None:
        with connection.cursor() as cursor:
            cursor.execute(MOVE, [COUNTRIES, organization.pk])

    return move
