"""What PostgreSQL expects a count to cost, before anybody waits for it."""

import json
from typing import Any

from django.db import connection

from segments.builder import funnel
from segments.builder.counting import Counter
from segments.builder.tree import Draft, children_of
from segments.expressions import IdSet
from segments.faults import DefinitionFaults

# In the planner's units, a page read in order each: about a second on one core, paid by every refresh.
LIMIT = 500_000.0


def planned(ids: IdSet) -> float:
    """The cost that the planner expects of counting a set."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT count(*) FROM ({ids.sql}) AS those(id)", ids.params)
        plan: Any = cursor.fetchone()[0]
    found = json.loads(plan) if isinstance(plan, str) else plan
    return float(found[0]["Plan"]["Total Cost"])


def dearest(root: Draft, counter: Counter) -> tuple[int, float] | None:
    """The position of the outermost rule that costs most, and how many times a look at everybody the whole costs.

    None where the whole is cheap. Raises DefinitionFaults.
    """
    whole = planned(counter.ids(root))
    if whole < LIMIT:
        return None
    costs = [_alone(child, counter) for child in children_of(root)]
    everyone = planned(counter.ids(funnel.EVERYONE))
    return costs.index(max(costs)), whole / max(everyone, 1.0)


def _alone(rule: Draft, counter: Counter) -> float:
    try:
        return planned(counter.ids(funnel.every([rule])))
    except DefinitionFaults:
        return 0.0
