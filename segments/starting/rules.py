"""Pieces of a definition, written as its format wants them."""

from datetime import date
from typing import Any

Rules = list[dict[str, Any]]


def rule(field: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    """One rule; `more` is what only some have: match, meta."""
    return {"field": field, "operator": operator, "value": value, **more}


def all_of(rules: Rules) -> dict[str, Any]:
    return {"combinator": "and", "rules": rules}


def any_of(rules: Rules) -> dict[str, Any]:
    """A group of which one rule is enough; a single rule stands for itself."""
    return rules[0] if len(rules) == 1 else {"combinator": "or", "rules": rules}


def related(field: str, rules: Rules, mode: str = "some") -> dict[str, Any]:
    """Rows that hang on the member, of which `mode` (some, none) have all of the rules at once."""
    return rule(field, "=", all_of(rules), match={"mode": mode})


def ago(days: int) -> dict[str, Any]:
    """The beginning of the local day that many days ago."""
    return {"mode": "relative", "anchor": "startOfDay", "offset": -days, "unit": "day"}


def day(value: date) -> str:
    return value.isoformat()
