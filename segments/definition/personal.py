"""What a person who sees names masked may ask of them: whether it is this one, never how it begins.

Rules that look into a name or an address would spell it out letter by letter, counted beside a rule on the external id.
"""

from typing import Any

from console.customers.masking import Sight
from segments.catalog import Field
from segments.catalog.operators import PARTS
from segments.definition.faults import Fault
from segments.definition.nodes import Node, Rule, walk

# Fields of transactions whose words all may read, while account numbers and addresses in them are masked.
BOOKING_TEXTS = ("counterparty", "description")


def faults(node: Node, sight: Sight) -> list[Fault]:
    """The rules of a definition that look into what `sight` masks."""
    if sight.is_clear:
        return []
    rules = [rule for rule in walk(node) if isinstance(rule, Rule) and rule.operator in PARTS]
    return [Fault(f"{rule.path}/value", words) for rule in rules if (words := why_not(rule))]


def why_not(rule: Rule) -> str:
    """Why masked eyes may not look for the rule's text as a part; "" where they may."""
    if rule.field.is_personal:
        return (
            f"Your role sees “{rule.field.label}” masked, so a rule can name it whole only: is, is not, is one of, is"
            " empty. Somebody who sees it can test parts of it."
        )
    if rule.field.key in BOOKING_TEXTS and any(sign.isdigit() or sign == "@" for sign in str(rule.value)):
        return (
            f"Your role sees numbers and addresses in “{rule.field.label}” masked, so a rule can look for words in it"
            " only. Somebody who sees them can look for digits."
        )
    return ""


def seen(field: Field, value: Any, sight: Sight) -> Any:
    """The value of a field as whoever has this sight may read it."""
    if value is None or value == "":
        return value
    parts = {"name": sight.name_alone, "alias": sight.alias, "email": sight.email, "phone": sight.phone}
    if field.is_personal and field.key in parts:
        return parts[field.key](value)
    if field.key == "counterparty":
        return sight.party(value, is_customer=True)  # masked eyes are not told who of them is one
    if field.key in BOOKING_TEXTS:
        return sight.text(value)
    return sight.data(value, is_personal=field.is_personal)
