"""Bodies of the API as they were written: a number loses no digit, and nothing is nested without end."""

import json
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from pydantic import PlainSerializer

from console.problems import Unusable

LEVELS = 100
# An amount in an answer: a text without zeros at its end.
Money = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount.normalize():f}", return_type=str)]


class TooDeep(ValueError):
    """A body has lists or objects in each other, more than LEVELS deep."""


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
        said = json.loads(request.body, parse_float=Written)
        check_depth(said)
        return said


def check_depth(said: Any, levels: int = LEVELS) -> None:
    """Raise TooDeep where more is nested than can be passed on and answered."""
    if isinstance(said, dict | list):
        if not levels:
            raise TooDeep(f"The body is nested more than {LEVELS} levels deep.")
        for inner in said.values() if isinstance(said, dict) else said:
            check_depth(inner, levels - 1)
