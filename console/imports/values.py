"""One cell at a time: text of a CSV file into the text that PostgreSQL copies, or a reason in words that mend it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from console.currencies import CURRENCIES
from console.customers.models.attribute import INDEXED

# Control characters, halves of surrogate pairs (bytes that the encoding does not know).
STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
UNSEEN = re.compile("[\t\r\n\x85\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
SPACES = re.compile("[\t\n\r \x85\u2028\u2029]+")
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
AMOUNT = re.compile(r"[+-]?\d{1,18}(\.\d{1,8})?", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
ALIAS = re.compile(r"[a-zA-Z0-9@:_-]+")
NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?", re.ASCII)
SIMPLE_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}[A-Za-z0-9]@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
YES, NO = frozenset({"true", "t", "yes", "y", "1"}), frozenset({"false", "f", "no", "n", "0"})
CUSTOM_LIMIT = 10_000
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2999, 12, 31)

Parser = Callable[[str], "str | None"]


class BadValue(ValueError):
    """The cell can't be taken. The text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What reading a cell depends on: the organization's zone and the date it is there."""

    zone: ZoneInfo
    today: date


def text(limit: int) -> Parser:
    """Free text of at most `limit` characters, trimmed."""

    def parse(value: str) -> str:
        value = value.strip()
        if len(value) > limit:
            raise BadValue(f"The text has {len(value):,} characters; at most {limit:,} fit. Shorten it.")
        if STRANGE.search(value):
            raise BadValue(strange(value))
        return value

    return parse


def line(limit: int) -> Parser:
    """Text on one line: a line break or any run of spaces is one space, since names stand in subjects and addresses."""
    plain = text(limit)
    return lambda value: plain(SPACES.sub(" ", value))


def strange(value: str) -> str:
    """Why a character is refused, with its code."""
    found = STRANGE.search(value)
    code = ord(found[0]) if found else 0
    if code == 0:
        return "The text has a NUL character. Remove it."
    if 0xDC80 <= code <= 0xDCFF:
        return f"The byte {code - 0xDC00:#04x} is not text in the encoding of this file. Write the row in one encoding."
    return f"The text has the control character {code:#04x}. Remove it."


def reference(limit: int = 100) -> Parser:
    """An id of the bank's own system: text without characters that can't be seen."""
    plain = text(limit)

    def parse(value: str) -> str | None:
        value = plain(value) or ""
        if found := UNSEEN.search(value):
            raise BadValue(f"The id has an invisible character (U+{ord(found[0]):04X}). Remove it.")
        return value or None

    return parse


def alias(value: str) -> str:
    """The name under which an account is also known: letters, digits and @ : _ - only."""
    value = value.strip()
    if len(value) > 100 or (value and not ALIAS.fullmatch(value)):
        raise BadValue("Use letters, digits and @ : _ - only, at most 100.")
    return value


def country(value: str) -> str:
    """Two letters, ISO 3166."""
    value = value.strip().upper()
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise BadValue("Write a country as two letters (ISO 3166), such as CZ.")
    return value


def currency(value: str) -> str | None:
    """Three letters, a currency of ISO 4217."""
    value = value.strip().upper()
    if value and value not in CURRENCIES:
        raise BadValue("Write a currency as its three letters (ISO 4217), such as EUR.")
    return value or None


def email(value: str) -> str:
    """An email address, or nothing."""
    value = value.strip()
    if value and not (len(value) <= 254 and SIMPLE_EMAIL.fullmatch(value)):
        try:
            validate_email(value)
        except ValidationError as fault:
            raise BadValue("Write an email address such as jana@bank.example.") from fault
    return value


def choice(words: Mapping[str, str], shown: str) -> Parser:
    """One of the keys of `words` in any case; `shown` says which there are. Empty: not said."""

    def parse(value: str) -> str | None:
        value = value.strip()
        if not value:
            return None
        found = words.get(value.lower().replace("_", " "))
        if found is None:
            raise BadValue(f"Write {shown}.")
        return found

    return parse


def whole(first: int, last: int) -> Parser:
    """A whole number from `first` to `last`. Empty: not said."""

    def parse(value: str) -> str | None:
        value = value.strip()
        if value and not (WHOLE.fullmatch(value) and first <= int(value) <= last):
            raise BadValue(f"Write a whole number from {first:,} to {last:,}.")
        return value or None

    return parse


def boolean(value: str) -> str | None:
    """Yes or no. Empty: not said."""
    value = value.strip().lower()
    if value in YES:
        return "true"
    if value in NO:
        return "false"
    if value:
        raise BadValue("Write yes or no.")
    return None


def day(first: date, last: date) -> Parser:
    """An ISO date from `first` to `last`. Empty: not said."""

    def parse(value: str) -> str | None:
        value = value.strip()
        if not value:
            return None
        if not ISO_DATE.fullmatch(value):
            raise BadValue("Write the date as year-month-day, such as 1994-03-31.")
        try:
            found = date.fromisoformat(value)
        except ValueError as fault:
            raise BadValue("There is no such day in the calendar.") from fault
        if not first <= found <= last:
            raise BadValue(f"The date must lie between {first} and {last}.")
        return value

    return parse


def moment(zone: ZoneInfo) -> Parser:
    """An ISO date or time as one of UTC; one without offset is the organization's. Empty: not said."""

    def parse(value: str) -> str | None:
        value = value.strip()
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError as fault:
            raise BadValue("Write the time as 1994-03-31T14:05:00+01:00, or the date alone.") from fault
        if not FIRST_DAY < found.date() < LAST_DAY:
            raise BadValue(f"The time must lie between {FIRST_DAY} and {LAST_DAY}.")
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).isoformat()

    return parse


def amount(*, is_signed: bool, why: str = "the direction says which way it goes") -> Parser:
    """Money: digits, a point, up to eight decimals. Without sign unless `is_signed`; `why` says why there is none."""

    def parse(value: str) -> str | None:
        value = value.strip()
        if not value:
            return None
        if not AMOUNT.fullmatch(value):
            raise BadValue(
                "Write the amount with a point before the decimals and nothing between thousands: 1234.50."
            )
        if value[0] == "-" and not is_signed:
            raise BadValue(f"Write the amount without a minus; {why}.")
        return value.lstrip("+")

    return parse


def products(value: str) -> str:
    """Names between semicolons, bars or commas, as a PostgreSQL array; each once, in order."""
    names = sorted({name.strip() for name in re.split("[;|,]", value)} - {""})
    plain = text(60)
    return "{" + ",".join(json.dumps(plain(name), ensure_ascii=False) for name in names) + "}"


def custom(kind: str) -> Parser:
    """A declared or free value as JSON: text, short text, number, boolean or date. Empty: the key is left out."""
    return {
        "text": _custom_text,
        "short": _short_text,
        "number": _custom_number,
        "boolean": boolean,
        "date": _custom_date,
    }[kind]


_long_text = text(CUSTOM_LIMIT)
_any_day = day(FIRST_DAY, LAST_DAY)


def _short_text(value: str) -> str | None:
    return _custom_text(text(INDEXED)(value) or "")


def _custom_text(value: str) -> str | None:
    value = _long_text(value) or ""
    return json.dumps(value, ensure_ascii=False) if value else None


def _custom_date(value: str) -> str | None:
    found = _any_day(value)
    return f'"{found}"' if found else None


def _custom_number(value: str) -> str | None:
    value = value.strip()
    if not value:
        return None
    if not NUMBER.fullmatch(value):
        raise BadValue(
            "Write a number with a point before the decimals and nothing between thousands: 1234.5."
        )
    return f"{Decimal(value):f}"
