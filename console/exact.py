"""Bodies of the API as they were written: a number loses no digit, and nothing is nested without end."""

import json
from decimal import Decimal
from json import JSONDecodeError
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from pydantic import PlainSerializer

from console.problems import Unusable

LEVELS = 100
# Clients of Midaz know that the last of two counts.
OURS = "/api/"
TOO_DEEP = f"The body is nested more than {LEVELS} levels deep."
# An amount in an answer: a text without zeros at its end.
Money = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount.normalize():f}", return_type=str)]


class TooDeep(ValueError):
    """A body has lists or objects in each other, more than LEVELS deep."""


class Twice(ValueError):
    """An object in a body has a name twice: what it says depends on who reads it."""


class Written(float):
    """A number with a point or an exponent. `text` is how it was written, which a float may only come near to."""

    text: str

    def __new__(cls, text: str) -> "Written":
        number = super().__new__(cls, text)
        number.text = text
        return number


class ExactParser(Parser):
    """Reads bodies so, and questions without the character NUL, which the database has in no text."""

    def parse_querydict(
        self, data: "MultiValueDict[str, Any]", list_fields: list[str], request: HttpRequest
    ) -> Any:
        """What the address asks. Raises Unusable."""
        for name, values in data.lists():
            if "\0" in "".join([name, *map(str, values)]):
                shown = name.replace("\0", "␀")
                raise Unusable((f"/query/{shown}", "It has the character NUL in it. Take that out."))
        return super().parse_querydict(data, list_fields, request)

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says. Raises ValueError, RecursionError."""
        in_pairs = _once if request.path.startswith(OURS) else None
        said = json.loads(request.body, parse_float=Written, object_pairs_hook=in_pairs)
        check_depth(said)
        return said


def why_unreadable(error: BaseException | None) -> str:
    """What was wrong with a body that `parse_body` could not read, and where, in words for who sent it."""
    if isinstance(error, JSONDecodeError):
        return f"The body is not JSON: line {error.lineno}, column {error.colno}, {error.msg}."
    if isinstance(error, TooDeep | Twice):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return f"The body is not UTF-8: byte {error.start + 1} is no part of a character."
    if isinstance(error, RecursionError):
        return TOO_DEEP
    return "The body is not JSON that can be read: a number in it has too many digits."


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for n, name in enumerate(names) if name in names[:n])
        raise Twice(f"“{twice[:60]}” stands twice in one object of the body. Keep one of them.")
    return found


def check_depth(said: Any, levels: int = LEVELS) -> None:
    """Raise TooDeep where more is nested than can be passed on and answered."""
    if isinstance(said, dict | list):
        if not levels:
            raise TooDeep(TOO_DEEP)
        for inner in said.values() if isinstance(said, dict) else said:
            check_depth(inner, levels - 1)
