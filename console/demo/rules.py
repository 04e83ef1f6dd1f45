"""Definitions of segments as Python writes them: react-querybuilder's JSON without its noise."""

from typing import Any

Json = dict[str, Any]


def group(*rules: Json, combinator: str = "and", negated: bool = False) -> Json:
    """All of the rules, or with "or" any of them; negated: none of what that says."""
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def rule(field: str, operator: str, value: Any, **meta: Any) -> Json:
    """One field, one test. `meta`: days of a window, currency of an amount."""
    return {"field": field, "operator": operator, "value": value} | ({"meta": meta} if meta else {})


def related(field: str, mode: str, *rules: Json, **more: Any) -> Json:
    """How many related rows (`threshold`) must meet all of the rules."""
    return {"field": field, "operator": "=", "match": {"mode": mode, **more}, "value": group(*rules)}


def amounts(fn: str, operator: str, value: Any, *rules: Json) -> Json:
    """A figure (sum, avg, …) of the amounts of the transactions that meet all of the rules."""
    figure = {"kind": "func", "fn": fn, "args": [{"kind": "field", "field": "amount"}]}
    return {**rule("transactions", operator, value), "lhs": figure, "meta": {"where": group(*rules)}}


def ago(days: int, anchor: str = "startOfDay") -> Json:
    """So many days before the moment of the refresh; negative: after."""
    return {"mode": "relative", "anchor": anchor, "offset": -days, "unit": "day"}
