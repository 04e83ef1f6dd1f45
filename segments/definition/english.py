"""A definition read back in plain English, from the parsed tree and never written by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from segments.definition.nodes import Aggregate, Group, Node, Related, Relative, Rule

MISSING = " (or nothing is recorded)"
TESTS = {
    "=": "is",
    "!=": "is not",
    "<": "is under",
    ">": "is over",
    "<=": "is at most",
    ">=": "is at least",
    "between": "is between",
    "notBetween": "is not between",
    "in": "is",
    "notIn": "is not",
    "contains": "contains",
    "doesNotContain": "does not contain",
    "beginsWith": "begins with",
    "doesNotBeginWith": "does not begin with",
    "endsWith": "ends with",
    "doesNotEndWith": "does not end with",
    "null": "is not recorded",
    "notNull": "is recorded",
}
DATE_TESTS = {
    "=": "is on",
    "!=": "is not on",
    "<": "is before",
    ">": "is after",
    "<=": "is on or before",
    ">=": "is on or after",
}
LIST_TESTS = {
    "contains": "include",
    "doesNotContain": "do not include",
    "in": "include",
    "notIn": "do not include",
}
NEGATIVE = ("!=", "notIn", "notBetween", "doesNotContain", "doesNotBeginWith", "doesNotEndWith")
FIGURES = {
    "sum": "the sum of",
    "avg": "the average of",
    "min": "the lowest",
    "max": "the highest",
    "count": "the number of",
}
MODES = {"some": "at least one of their", "none": "none of their", "all": "every one of their"}
SIDES = {
    "all": "all of these",
    "any": "any of these",
    "none": "none of these",
    "notall": "not all of these",
}
COUNTED = {"atLeast": "at least", "atMost": "at most", "exactly": "exactly"}


def read_back(node: Group, names: dict[Any, str] | None = None) -> str:
    """One sentence that says who belongs. `names` gives the names of segments by id.

    Negative tests say that they include members about whom nothing is recorded.
    """
    who = "Accounts" if node.population == "accounts" else "Customers"
    if _is_everyone(node):
        return f"Every {who.lower()[:-1]}."
    return f"{who} {_whose(node)}{say(node, names or {})}."


def side(node: Group) -> str:
    """Which of its rules a group wants to hold: all, any, none, or notall."""
    if node.combinator == "and":
        return "notall" if node.negated else "all"
    return "none" if node.negated else "any"


def heading(node: Node, names: dict[Any, str]) -> str:
    """What stands over the parts of a node in a tree; of a rule, which has none, the whole rule."""
    words = say(node, names)
    if isinstance(node, Group):
        words = SIDES[side(node)]
    elif isinstance(node, Related) and not node.where.is_everything:
        words = f"{_many(node)} where {_that(node.where)}"
    elif isinstance(node, Aggregate) and node.where:
        words = f"{say(replace(node, where=None), names)}, of those where {_that(node.where)}"
    return words[0].upper() + words[1:]


def _that(where: Group) -> str:
    return "this holds" if len(where.rules) == 1 and not where.negated else f"{SIDES[side(where)]} hold"


def _is_everyone(node: Group) -> bool:
    return not node.negated and all(isinstance(r, Rule) and r.field.type == "all" for r in node.rules)


def _whose(node: Group) -> str:
    return "for whom none of this holds: " if node.negated else "where "


def say(node: Node, names: dict[Any, str]) -> str:
    """A part of a definition as a clause: “country is DE or AT”."""
    if isinstance(node, Group):
        return _group(node, names)
    if isinstance(node, Related):
        return _related(node, names)
    if isinstance(node, Aggregate):
        return _aggregate(node, names)
    return _rule(node, names)


def _group(node: Group, names: dict[Any, str]) -> str:
    words = [_nested(each, names) for each in node.rules]
    return _joined(words, "and" if node.combinator == "and" else "or")


def _nested(node: Node, names: dict[Any, str]) -> str:
    said = say(node, names)
    if not isinstance(node, Group):
        return said
    if node.negated:
        return f"it is not so that {said}" if len(node.rules) == 1 else f"it is not so that ({said})"
    return said if len(node.rules) == 1 else f"({said})"


def _joined(words: list[str], conjunction: str) -> str:
    if len(words) == 1:
        return words[0]
    comma = "," if any(len(word) > 40 for word in words) else ""
    return f"{', '.join(words[:-1])}{comma} {conjunction} {words[-1]}"


def _rule(node: Rule, names: dict[Any, str]) -> str:
    if node.field.type == "all":
        return "anything holds"
    subject = node.field.label[0].lower() + node.field.label[1:]
    if node.days:
        unit = "complete months" if node.field.window == "months" else node.field.window
        subject += f" over the last {node.days:,} {unit}"
    tested = _tested(node.field, node.operator, node.value, node.currency, names)
    said = _once(subject, tested) if node.field.type in ("date", "datetime") else f"{subject} {tested}"
    return said + (MISSING if node.operator in NEGATIVE else "")


def _once(subject: str, tested: str) -> str:
    """“Booked on” and “is on or after …” as “booked on or after …”: no word of time stands twice."""
    if not subject.endswith((" on", " at")) or not tested.startswith("is ") or tested.endswith(" recorded"):
        return f"{subject} {tested}"
    subject, tested = subject[:-3], tested.removeprefix("is ")
    return (
        f"not {subject} {tested.removeprefix('not ')}" if tested.startswith("not ") else f"{subject} {tested}"
    )


def _tested(field: Any, operator: str, value: Any, currency: str, names: dict[Any, str]) -> str:
    tests = {"date": DATE_TESTS, "datetime": DATE_TESTS, "list": LIST_TESTS}.get(field.type, {})
    test = tests.get(operator, TESTS[operator])
    if operator in ("null", "notNull"):
        return test
    unit = f" {currency or field.unit}".rstrip()
    if operator in ("between", "notBetween"):
        return f"{test} {_value(value[0], names)} and {_value(value[1], names)}{unit}"
    several = value if isinstance(value, tuple) else (value,)
    values = [_called(field, each) or _value(each, names) for each in several]
    return f"{test} {_joined(values, 'or')}{unit}"


def _called(field: Any, value: Any) -> str:
    """What people call a value that is one of some; "" for any other."""
    return dict(getattr(field, "choices", None) or ()).get(str(value), "")


def _value(value: Any, names: dict[Any, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:,f}".replace("-", "\N{MINUS SIGN}")
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Relative):
        return _relative(value)
    return f"“{names.get(value, value)}”" if value in names or not isinstance(value, str) else str(value)


def _relative(value: Relative) -> str:
    start = {
        "now": "now",
        "startOfDay": "today",
        "startOfMonth": "the first of this month",
        "startOfYear": "1 January",
    }
    if value.offset == 0:
        return start[value.anchor]
    count = abs(value.offset)
    amount = f"{count:,} {value.unit}{'' if count == 1 else 's'}"
    if value.anchor in ("now", "startOfDay"):
        return f"{amount} ago" if value.offset < 0 else f"{amount} from now"
    return f"{amount} {'before' if value.offset < 0 else 'after'} {start[value.anchor]}"


def _related(node: Related, names: dict[Any, str]) -> str:
    many = _many(node)
    if node.where.is_everything:
        return f"they have {many.replace(' of their', '')}".replace("none", "no").replace(
            "at least one", "at least one of the"
        )
    is_several = node.mode in COUNTED and node.threshold != 1
    return f"{many} {'meet' if is_several else 'meets'} ({_inner(node.where, names)})"


def _many(node: Related) -> str:
    rows = node.field.label.lower()
    if node.mode in COUNTED:
        return f"{COUNTED[node.mode]} {node.threshold:,} of their {rows}"
    return f"{MODES[node.mode]} {rows}"


def _inner(where: Group, names: dict[Any, str]) -> str:
    said = say(where, names)
    return f"none of: {said}" if where.negated else said


def _aggregate(node: Aggregate, names: dict[Any, str]) -> str:
    rows = node.field.label.lower()
    what = (
        f"{FIGURES[node.fn]} {rows}"
        if node.of is None
        else f"{FIGURES[node.fn]} {node.of.label.lower()} of {rows}"
    )
    where = f" with ({_inner(node.where, names)})" if node.where else ""
    field = node.of
    if field is None:
        return f"{what}{where} {_tested(_Rows, node.operator, node.value, '', names)}"
    return f"{what}{where} {_tested(field, node.operator, node.value, node.currency, names)}"


class _Rows:
    """Stands for the field of a count: it has no unit."""

    type = "number"
    unit = ""
