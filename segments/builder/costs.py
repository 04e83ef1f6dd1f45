"""What PostgreSQL expects a count to cost, before anybody waits for it."""

from segments.builder import funnel
from segments.builder.counting import Counter
from segments.builder.tree import Draft, children_of
from segments.definition.faults import DefinitionFaults

# In the planner's units, a page read in order each: about a second on one core, paid by every refresh.
LIMIT = 500_000.0


def dearest(root: Draft, counter: Counter) -> tuple[int, float] | None:
    """The position of the outermost rule that costs most, and how many times a look at everybody the whole costs.

    None where the whole is cheap. Raises DefinitionFaults.
    """
    whole = counter.ids(root).cost()
    if whole < LIMIT:
        return None
    costs = [_alone(child, counter) for child in children_of(root)]
    everyone = counter.ids(funnel.EVERYONE).cost()
    return costs.index(max(costs)), whole / max(everyone, 1.0)


def _alone(rule: Draft, counter: Counter) -> float:
    try:
        return counter.ids(funnel.every([rule])).cost()
    except DefinitionFaults:
        return 0.0
