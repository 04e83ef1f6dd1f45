"""The exchange format: a segment as a JSON file of name, population and definition."""

import json
from dataclasses import dataclass
from typing import Any

from segments.models import Population, Segment

KEYS = ("name", "population", "definition", "description", "is_marketing")


class Unreadable(ValueError):
    """A file that is not a segment; the message says what to mend."""


@dataclass(frozen=True)
class Exchange:
    """What a file says of a segment. Whether its definition can be compiled is not known yet."""

    name: str
    population: str
    definition: dict[str, Any]
    description: str = ""
    is_marketing: bool = True


def read(text: str) -> Exchange:
    """What stands in a file. Raises Unreadable."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"This is not JSON: {place}, {error.msg}.") from error
    except RecursionError as error:
        raise Unreadable("This JSON is nested too deeply to be a segment.") from error
    if not isinstance(data, dict):
        raise Unreadable("A segment's file is an object with name, population and definition.")
    if unknown := sorted(set(data) - set(KEYS)):
        raise Unreadable(f"“{unknown[0]}” is not part of a segment's file: name, population, definition.")
    _check(data)
    return Exchange(**data)


def _check(data: dict[str, Any]) -> None:
    if data.get("population") not in Population.values:
        raise Unreadable("“population” says who can belong: write “customers” or “accounts”.")
    name = data.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 256:
        raise Unreadable("“name” is the segment's name: a text of 1 to 256 characters.")
    if not isinstance(data.get("definition"), dict):
        raise Unreadable("“definition” is missing: an object with the segment's rules.")
    if not isinstance(data.get("description", ""), str):
        raise Unreadable("“description” is a text.")
    if not isinstance(data.get("is_marketing", True), bool):
        raise Unreadable("“is_marketing” is true or false.")


def write(segment: Segment) -> dict[str, Any]:
    """What the segment's file holds: the definition in force, or null before the first."""
    definition = segment.version.definition if segment.version else None
    return {"name": segment.name, "population": segment.population, "definition": definition}
