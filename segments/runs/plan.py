"""How the database goes about finding members, in words: what it reads, by which index, and what it does with that."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from segments import definition
from segments.models import Run

LOOKED_UP = ("Index Scan", "Index Only Scan", "Bitmap Heap Scan")
PUT_TOGETHER = ("Hash Join", "Merge Join", "Nested Loop")
JOINED = {
    "Semi": "Keep those that the other side has too",
    "Right Semi": "Keep those that the other side has too",
    "Anti": "Leave out those that the other side has",
    "Right Anti": "Leave out those that the other side has",
}
DONE = {
    "Append": "Take all of these",
    "Aggregate": "Add up, or take each one once",
    "Unique": "Take each one once",
    "Function Scan": "Make a list of months",
}


@dataclass(frozen=True)
class Step:
    """One thing that the database does, and how many rows it expects to have after it."""

    words: str
    rows: int
    index: str = ""


def plan_of(run: Run, *, at: datetime) -> list[Step]:
    """How the version of a run would be evaluated at the moment `at`, the first step first. Nothing is read for it.

    Raises DefinitionFaults when the version can't be compiled any more.
    """
    segment = run.segment
    node = definition.parse(run.version.definition, segment.population, segment.organization, own=segment.pk)
    ids = definition.ids(node, segment.organization, at, is_marketing=segment.is_marketing).once()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {ids.sql}", ids.params)
        (found,) = cursor.fetchone()
    read = json.loads(found) if isinstance(found, str) else found
    return list(_steps(read[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Iterator[Step]:
    """The steps below a node of the plan, then its own."""
    for inner in node.get("Plans", []):
        yield from _steps(inner)
    kind, rows = node["Node Type"], node["Plan Rows"]
    if "Relation Name" in node:
        what = _tables().get(node["Relation Name"], node["Relation Name"])
        index = ", ".join(_indexes(node)) if kind in LOOKED_UP else ""
        yield Step(f"{'Look up' if index else 'Read all'} {what}", rows, index)
    elif kind in PUT_TOGETHER:
        yield Step(JOINED.get(node.get("Join Type", ""), "Put the two together"), rows)
    elif kind in DONE:
        yield Step(DONE[kind], rows)


def _indexes(node: dict[str, Any]) -> Iterator[str]:
    """The indexes by which a table is looked up, those of a bitmap's parts among them."""
    if "Index Name" in node:
        yield node["Index Name"]
    for inner in node.get("Plans", []):
        if inner["Node Type"].startswith("Bitmap"):
            yield from _indexes(inner)


@cache
def _tables() -> dict[str, str]:
    """What people call the rows of each table."""
    return {model._meta.db_table: str(model._meta.verbose_name_plural) for model in apps.get_models()}
