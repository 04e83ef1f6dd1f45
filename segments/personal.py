"""What a person who sees names masked may ask of them: whether it is this one, never how it begins.

Rules that look into a name or an address would spell it out letter by letter, counted beside a rule on the external id.
"""

from console.customers.masking import Sight
from segments.faults import Fault
from segments.nodes import Node, Rule, walk
from segments.operators import PARTS


def faults(node: Node, sight: Sight) -> list[Fault]:
    """The rules of a definition that look into what `sight` masks."""
    if sight.is_clear:
        return []
    return [
        Fault(
            f"{rule.path}/value",
            f"Your role sees “{rule.field.label}” masked, so a rule can name it whole only: is, is not, is one of, is"
            " empty. Somebody who sees it can test parts of it.",
        )
        for rule in walk(node)
        if isinstance(rule, Rule) and rule.field.is_personal and rule.operator in PARTS
    ]
