"""One rule on one row as one SQL condition."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Value

from segments.catalog import Field, Row
from segments.catalog.operators import NEGATIVE
from segments.definition.nodes import Relative, Rule, Scalar
from segments.expressions import Sql, every, fails, some

COMPARE = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
# Escaped only when folded: some characters, such as a wide percent sign, become one that LIKE understands.
PLAIN = r"replace(replace(replace(fold({}), '\', '\\'), '%%', '\%%'), '_', '\_')"
ANY = ("'%%'",)
ANYTHING: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "contains": (ANY, ANY),
    "beginsWith": ((), ANY),
    "endsWith": (ANY, ()),
}


def condition(rule: Rule, row: Row, currency: str, at: datetime) -> Any:
    """The condition that a rule puts on a row. Never true by a missing value, unless the test is a negative one.

    `currency` is the path to the row's currency: money of another currency counts as missing.
    """
    positive = NEGATIVE.get(rule.operator)
    if positive:
        return fails(
            condition(
                Rule(rule.field, positive, rule.value, rule.path, rule.currency, rule.days), row, currency, at
            )
        )
    field, left = rule.field, _left(rule.field, row)
    tested = field.test(row, rule.operator, rule.value) if field.test else None
    tested = tested or TESTS.get(field.type, _text)(field, left, rule, at, row)
    if not rule.currency or not currency:
        return tested
    same = Sql("{} = {}", F(row.prefix + currency), Value(rule.currency))
    return some([fails(same), tested]) if rule.operator == "null" else every([same, tested])


def compare(left: Any, operator: str, value: Any, cast: str) -> Any:
    """`left` against one value, or two for between, each parameter cast to a type."""
    if operator == "null":
        return Sql("{} IS NULL", left)
    if operator == "between":
        low, high = value
        return Sql(f"{{}} BETWEEN {{}}::{cast} AND {{}}::{cast}", left, Value(low), Value(high))
    if operator == "in":
        return Sql(
            "{} IN (" + ", ".join([f"{{}}::{cast}"] * len(value)) + ")",
            left,
            *(Value(each) for each in value),
        )
    return Sql(f"{{}} {COMPARE[operator]} {{}}::{cast}", left, Value(value))


def _left(field: Field, row: Row) -> Any:
    return Sql("TRUE") if field.read is None else field.read(row)


def _text(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    operator, value = rule.operator, rule.value
    if operator == "null":
        return Sql("COALESCE({}, '') = ''", left)
    if operator in ANYTHING:
        before, after = ANYTHING[operator]
        pattern = " || ".join([*before, PLAIN, *after])
        return Sql(f"{{}} LIKE {pattern}", left if field.is_folded else Sql("fold({})", left), Value(value))
    wanted = value if isinstance(value, tuple) else (value,)
    if field.is_code or field.type == "choice":
        return compare(left, "in", wanted, "text")
    folded = left if field.is_folded else Sql("fold({})", left)
    return Sql(
        "{} IN (" + ", ".join(["fold({})"] * len(wanted)) + ")", folded, *(Value(each) for each in wanted)
    )


def _number(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    value = rule.value
    if field.key == "average_collected_balance":
        # An average is compared as an exact sum: sum < threshold x days, never a rounded quotient.
        value = _each(value, lambda amount: amount * rule.days)
    return compare(left, rule.operator, value, "numeric")


def _boolean(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    if rule.operator == "null":
        return Sql("{} IS NULL", left)
    return Sql("{} IS TRUE" if rule.value else "{} IS FALSE", left)


def _all(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    return Sql("TRUE")


def _list(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    if rule.operator == "null":
        return Sql("COALESCE(cardinality({}), 0) = 0", left)
    wanted: tuple[Any, ...] = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    folded = ", ".join(["fold({})"] * len(wanted))
    held = "EXISTS (SELECT 1 FROM unnest({}) AS held(item) WHERE fold(held.item) IN (" + folded + "))"
    return Sql(held, left, *(Value(each) for each in wanted))


def _date(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    zone = row.organization.zone
    if field.path:
        return compare(
            left, rule.operator, _each(rule.value, lambda v: local_day(v, at, zone).isoformat()), "text"
        )
    return compare(left, rule.operator, _each(rule.value, lambda v: local_day(v, at, zone)), "date")


def _datetime(field: Field, left: Any, rule: Rule, at: datetime, row: Row) -> Any:
    """A date stands for its whole local day: after 1 March means from 2 March on."""
    operator, zone = rule.operator, row.organization.zone
    if operator == "null":
        return Sql("{} IS NULL", left)
    values: tuple[Any, ...] = rule.value if isinstance(rule.value, tuple) else (rule.value, rule.value)
    start, end = moments(values[0], at, zone)[0], moments(values[1], at, zone)[1]
    tests = {"=": (">=", "<"), "between": (">=", "<"), ">=": (">=", None), "<=": (None, "<")}
    if operator in tests:
        since, until = tests[operator]
        parts = [Sql(f"{{}} {since} {{}}::timestamptz", left, Value(start))] if since else []
        return every(parts + ([Sql(f"{{}} {until} {{}}::timestamptz", left, Value(end))] if until else []))
    return Sql(
        f"{{}} {'<' if operator == '<' else '>='} {{}}::timestamptz",
        left,
        Value(start if operator == "<" else end),
    )


def moments(value: Scalar, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """First moment of what a value stands for, and the first after it: a local day, or one microsecond for a moment."""
    if isinstance(value, Relative) and (value.anchor == "now" or value.unit in ("hour", "minute")):
        moment = value.resolve(at, zone)
        return moment, moment + timedelta(microseconds=1)
    day = local_day(value, at, zone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def local_day(value: Any, at: datetime, zone: ZoneInfo) -> date:
    """The local date that a date or relative date stands for at a moment."""
    return value.resolve(at, zone).date() if isinstance(value, Relative) else value


def _each(value: Any, turn: Any) -> Any:
    if value is None:
        return None
    return tuple(turn(each) for each in value) if isinstance(value, tuple) else turn(value)


TESTS: dict[str, Any] = {
    "text": _text,
    "choice": _text,
    "number": _number,
    "money": _number,
    "boolean": _boolean,
    "list": _list,
    "date": _date,
    "datetime": _datetime,
    "all": _all,
}
