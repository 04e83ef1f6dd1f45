"""The actual value that a rule looks at, as it is said to whoever looks."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from console.customers.masking import Sight
from console.templatetags.console import day, money, number
from segments.catalog import Field
from segments.catalog.operators import NEGATIVE
from segments.definition.nodes import Rule
from segments.definition.personal import seen

NOT_SET = "not set"
LONGEST = 200
BOUNDS = ("<", "<=", ">", ">=")


@dataclass(frozen=True)
class Said:
    """A value in words, and what more there is to know of it."""

    value: str = ""
    note: str = ""


def said(rule: Rule, value: Any, currency: str, holds: bool, sight: Sight, zone: Any) -> Said:
    """What a rule found. `currency` is the row's own, "" where it has none: the rule's is meant then."""
    field, note = rule.field, ""
    if field.key == "average_collected_balance" and value is not None:
        note = f"Sum {money(value, '')} over {rule.days:,} days."
        value = as_said(rule, value)
    if rule.currency and currency and currency != rule.currency:
        note = f"In {currency}: the rule compares amounts in {rule.currency} only."
    elif seen(field, value, sight) == value and not holds and (short := _short(rule, value)):
        note = f"{short} short of it. {note}".strip()
    return Said(written(field, value, currency or rule.currency, sight, zone), note)


def _short(rule: Rule, value: Any) -> str:
    """How far a number is from holding, where the test has one bound."""
    test = NEGATIVE.get(rule.operator, rule.operator)
    if test not in BOUNDS or not isinstance(rule.value, Decimal) or not isinstance(value, int | Decimal):
        return ""
    short = abs(Decimal(value) - rule.value)
    return money(short, rule.currency) if rule.field.type == "money" else number(short)


def written(field: Field, value: Any, currency: str, sight: Sight, zone: Any) -> str:
    """A value as it is said: money with its currency, a date of the organization, a missing one as “not set”."""
    if value is None or value in ("", [], ()):
        return NOT_SET
    value = seen(field, value, sight)
    if field.type == "date" and isinstance(value, str):
        value = _date(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        words = money(value, currency) if field.type == "money" else number(plain(Decimal(value)))
        return f"{words} {field.unit}".rstrip() if field.type != "money" else words
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{day(local)}, {local:%H:%M}"
    if isinstance(value, date):
        return day(value)
    words = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    words = dict(field.choices or ()).get(words, words)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def as_said(rule: Rule, value: Any) -> Any:
    """What `value_of` gave, as it is said: of an average not the sum that is compared."""
    is_sum = rule.field.key == "average_collected_balance" and value is not None
    return per_day(value, rule.days) if is_sum else value


def per_day(total: Any, number: int) -> Decimal:
    """An average to the cent, as it is said; what is compared is the sum."""
    return (Decimal(total) / number).quantize(Decimal("0.01"))


def plain(value: Decimal) -> Decimal:
    """The same number without zeros at its end: 7.5000 -> 7.5, 100 -> 100. Every digit stays."""
    digits = f"{value:f}"
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def _date(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
