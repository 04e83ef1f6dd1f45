"""From what stands in a definition to typed values: every type refuses what it can't hold and says what to write."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from segments.catalog import Field
from segments.definition.nodes import Relative, Scalar, Value
from segments.definition.texts import UNSTORABLE, is_blank, shown

ANCHORS = ("now", "startOfDay", "startOfMonth", "startOfYear")
UNITS = ("minute", "hour", "day", "week", "month", "year")
MAX_VALUES = 1000
MAX_TEXT = 500
DIGITS = 18
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2999, 12, 31)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class UnusableValue(ValueError):
    """A value that the field can't be compared with. `at` is the position in a list, if in one."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at


def parse(field: Field, operator: str, raw: Any) -> Value:
    """The typed value for a field and test. Raises UnusableValue."""
    if operator in ("null", "notNull"):
        return None
    read = READERS[field.type]
    if operator in ("between", "notBetween"):
        return _pair(field, read, raw)
    if operator in ("in", "notIn"):
        return _list(field, read, raw)
    if isinstance(raw, list):
        raise UnusableValue("Give one value here, or choose “is one of” for several.")
    return read(field, raw)


def _pair(field: Field, read: "Reader", raw: Any) -> Value:
    if not isinstance(raw, list) or len(raw) != 2:
        raise UnusableValue("Give two values: from and to.")
    low, high = (_item(field, read, each, n) for n, each in enumerate(raw))
    if not isinstance(low, Relative) and not isinstance(high, Relative) and low > high:  # type: ignore[operator]  # one field, so one type
        raise UnusableValue("The first value is above the second, so nothing lies between. Swap them.")
    if _is_turned(low, high):
        raise UnusableValue("The first day is after the second, so nothing lies between. Swap them.")
    return (low, high)


def _is_turned(low: Scalar, high: Scalar) -> bool:
    """Whether two relative dates that count from the same day in the same unit stand the wrong way round."""
    if not isinstance(low, Relative) or not isinstance(high, Relative):
        return False
    return (low.anchor, low.unit) == (high.anchor, high.unit) and low.offset > high.offset


def _list(field: Field, read: "Reader", raw: Any) -> Value:
    if not isinstance(raw, list) or not raw:
        raise UnusableValue("Give at least one value. A blank list never means “everyone”.")
    if len(raw) > MAX_VALUES:
        raise UnusableValue(
            f"{len(raw):,} values are too many: {MAX_VALUES:,} at most. Import them as a tag instead."
        )
    return tuple(_item(field, read, each, n) for n, each in enumerate(raw))


def _item(field: Field, read: "Reader", raw: Any, position: int) -> Scalar:
    try:
        return read(field, raw)
    except UnusableValue as error:
        raise UnusableValue(str(error), at=position) from None


def _text(field: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise UnusableValue("Write a text here.")
    if is_blank(raw) and not UNSTORABLE.search(raw):
        raise UnusableValue("Write a value, or remove the rule. A blank value never means “everyone”.")
    if UNSTORABLE.search(raw):
        raise UnusableValue("The text holds a NUL character or half a character. Remove it.")
    if len(raw) > MAX_TEXT:
        raise UnusableValue(f"The text is longer than {MAX_TEXT} characters. Shorten it.")
    return raw.upper() if field.is_code else raw


def _choice(field: Field, raw: Any) -> str:
    known = [value for value, _ in field.choices or ()]
    if raw not in known:
        raise UnusableValue(
            f"“{shown(raw)}” is not a {field.label.lower()}. Choose one of: {', '.join(known)}."
        )
    return str(raw)


def _decimal(field: Field, raw: Any) -> Decimal:
    example = "1000.00" if field.type == "money" else "12"
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal) or raw == "":
        raise UnusableValue(
            f"Write {'an amount' if field.type == 'money' else 'a number'} such as {example}."
        )
    if field.type == "money" and isinstance(raw, float):
        raise UnusableValue(f'Write the amount as text, "{raw:.2f}": a float is not exact.')
    try:
        number = Decimal(_digits(str(raw)))
    except InvalidOperation:
        raise UnusableValue(
            f"Write {'an amount' if field.type == 'money' else 'a number'} such as {example}."
        ) from None
    if not number.is_finite() or number.adjusted() >= DIGITS:
        raise UnusableValue("The number is too large. Write one below a billion billions.")
    if number.adjusted() < -DIGITS or len(number.as_tuple().digits) > 2 * DIGITS:
        raise UnusableValue(
            f"The number is too long. Write {DIGITS} digits at most on each side of the point."
        )
    return number or number.copy_abs()


def _digits(text: str) -> str:
    """A number in plain digits; Python would read 1_000 and other scripts too. Raises InvalidOperation."""
    if not NUMBER.fullmatch(text.strip()):
        raise InvalidOperation
    return text.strip()


def _date(field: Field, raw: Any) -> Scalar:
    if isinstance(raw, dict):
        return _relative(field, raw)
    try:
        found = date.fromisoformat(raw) if isinstance(raw, str) and DAY.fullmatch(raw) else None
    except ValueError:
        found = None
    if found is None:
        raise UnusableValue("Write a date such as 2026-11-22, or a number of days ago.")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise UnusableValue(f"Write a date from {FIRST_DAY} to {LAST_DAY}.")
    return found


def _relative(field: Field, raw: dict[str, Any]) -> Relative:
    if unknown := sorted(set(raw) - {"mode", "anchor", "offset", "unit"}):
        raise UnusableValue(
            f"“{shown(unknown[0])}” is not part of a relative date: mode, anchor, offset, unit."
        )
    if raw.get("mode") != "relative":
        raise UnusableValue("Write a date such as 2026-11-22, or mode “relative”.")
    if raw.get("anchor") not in ANCHORS:
        raise UnusableValue(f"Choose where to count from: {', '.join(ANCHORS)}.")
    if raw.get("unit") not in UNITS or (field.type == "date" and raw.get("unit") in ("minute", "hour")):
        raise UnusableValue("Choose a unit: day, week, month or year (minute and hour for times).")
    offset = raw.get("offset")
    if not isinstance(offset, int) or isinstance(offset, bool) or abs(offset) > 100_000:
        raise UnusableValue(
            "Enter a number of days, or remove the rule. A blank value never means “everyone”."
        )
    if (
        raw["unit"] not in ("minute", "hour")
        and abs(offset) * {"day": 1, "week": 7, "month": 31, "year": 366}[raw["unit"]] > 73_000
    ):
        raise UnusableValue("That is more than 200 years. Enter a smaller number.")
    return Relative(raw["anchor"], offset, raw["unit"])


def _boolean(field: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise UnusableValue("Choose yes or no.")
    return raw


def _all(field: Field, raw: Any) -> bool:
    if raw is not True:
        raise UnusableValue("“Everyone” takes the value true only.")
    return True


def _segment(field: Field, raw: Any) -> UUID:
    try:
        return UUID(raw) if isinstance(raw, str) else UUID("")
    except ValueError:
        named = (
            f"There is no segment “{shown(raw)}” here. " if isinstance(raw, str) and not is_blank(raw) else ""
        )
        raise UnusableValue(f"{named}Choose a segment, or remove the rule.") from None


Reader = Callable[[Field, Any], Scalar]
READERS: dict[str, Reader] = {
    "text": _text,
    "list": _text,
    "choice": _choice,
    "number": _decimal,
    "money": _decimal,
    "date": _date,
    "datetime": _date,
    "boolean": _boolean,
    "segment": _segment,
    "all": _all,
}
