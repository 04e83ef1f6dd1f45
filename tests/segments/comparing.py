"""The tests of the format on plain values, in plain Python."""

import unicodedata
from decimal import Decimal
from typing import Any

OPPOSITE = {
    "!=": "=",
    "notIn": "in",
    "doesNotContain": "contains",
    "doesNotBeginWith": "beginsWith",
    "doesNotEndWith": "endsWith",
}


def fold(value: Any) -> str:
    decomposed = unicodedata.normalize("NFKD", str(value))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def text(operator: str, actual: Any, value: Any) -> bool:
    have = fold(actual) if actual not in (None, "") else None
    want = [fold(v) for v in value] if isinstance(value, list) else fold(value)
    positive = {
        "=": lambda: have == want,
        "in": lambda: have in want,
        "contains": lambda: want in have,  # type: ignore[operator]  # a text where this is asked
        "beginsWith": lambda: have.startswith(want),  # type: ignore[union-attr]  # a text where this is asked
        "endsWith": lambda: have.endswith(want),  # type: ignore[union-attr]  # a text where this is asked
    }
    if operator in OPPOSITE:
        return have is None or not positive[OPPOSITE[operator]]()
    return have is not None and positive[operator]()


def in_list(operator: str, actual: Any, value: Any, kind: str) -> bool:
    wanted = {fold(v) for v in (value if isinstance(value, list) else [value])}
    found = bool({fold(v) for v in actual} & wanted)
    return found if operator in ("in", "contains", "=") else not found


def compare(operator: str, actual: Any, wanted: Any) -> bool:
    if operator in ("!=", "notBetween", "notIn"):
        return not compare({"!=": "=", "notBetween": "between", "notIn": "in"}[operator], actual, wanted)
    if actual is None:
        return False
    if operator == "between":
        return bool(wanted[0] <= actual <= wanted[1])
    if operator == "in":
        return actual in wanted
    tests = {"=": actual == wanted, "<": actual < wanted, ">": actual > wanted}
    return bool(tests.get(operator, actual <= wanted if operator == "<=" else actual >= wanted))


def number(value: Any) -> Any:
    return [Decimal(str(v)) for v in value] if isinstance(value, list) else Decimal(str(value))
