"""What a file can bring: a kind of file and the fields that its columns fill, and how a cell of each is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from console.imports import values
from console.imports.values import Parser, Setting

FIRST_DAY = date(1800, 1, 1)
CUSTOMER_REF = ("customer_ref", "customer_id", "customer", "client_ref", "client_id")
ACCOUNT_REF = ("account_ref", "account_id", "account", "account_number", "iban")


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can fill. `heads` are the column names it is guessed by, best first.

    An empty cell clears what is stored, or with `keeps` leaves it as it is. `type` and `default` (for new rows) are
    SQL. A field with `is_stored` False names another row or is only checked.
    """

    key: str
    label: str
    parser: Callable[[Setting], Parser]
    heads: tuple[str, ...]
    type: str = "text"
    default: str = "''"
    keeps: bool = False
    is_required: bool = False
    is_never_empty: bool = False
    is_stored: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `extra` is the JSON column for columns that fill no field ("" if there is none).

    Who imports one needs the `permission` to do by hand what its rows do.
    """

    key: str
    label: str
    needs: str
    extra: str
    fields: tuple[Field, ...]
    permission: str = "record.edit"

    def field(self, key: str) -> Field | None:
        """The field of that key, or None."""
        return next((field for field in self.fields if field.key == key), None)


def plain(key: str, label: str, limit: int, *heads: str) -> Field:
    """A field of free text."""
    return Field(key, label, lambda _: values.text(limit), heads)


def name(*heads: str) -> Field:
    """The name that people know it by."""
    return Field("name", "Name", lambda _: values.line(256), heads)


def told(key: str, label: str, parser: Parser, default: str, *heads: str, type: str = "text") -> Field:
    """A field that an empty cell says nothing about."""
    return Field(key, label, lambda _: parser, heads, type=type, default=default, keeps=True)


def identity(*heads: str) -> Field:
    """The row's own id in the bank's system."""
    return Field("external_id", "External id", lambda _: values.reference(), heads, is_required=True)


def named(key: str, label: str, *heads: str) -> Field:
    """The external id of another row."""
    return Field(key, label, lambda _: values.reference(), heads, is_required=True, is_stored=False)


def day(key: str, label: str, *heads: str, is_required: bool = False) -> Field:
    """A date up to a year ahead."""
    return any_day(key, label, *heads, days_ahead=366, is_required=is_required)


def any_day(key: str, label: str, *heads: str, days_ahead: int = 36_600, is_required: bool = False) -> Field:
    """A date up to so many days ahead."""

    def parser(setting: Setting) -> Parser:
        return values.day(FIRST_DAY, setting.today + timedelta(days=days_ahead))

    return Field(key, label, parser, heads, type="date", default="NULL", is_required=is_required)


def words(choices: list[tuple[str, str]], **others: str) -> dict[str, str]:
    """What a file may write for each of the choices: the value, or the word that pages show."""
    found = {
        written.lower().replace("_", " "): value for value, label in choices for written in (value, label)
    }
    return found | others


def one_of(choices: list[tuple[str, str]], **others: str) -> Parser:
    """One of the choices of a model."""
    return values.choice(words(choices, **others), f"one of {', '.join(value for value, _ in choices)}")
