"""The exchange format: a segment as a JSON file of name, population and definition."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segments.definition.texts import UNSTORABLE, shown
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
    data = _load(text)
    if not isinstance(data, dict):
        raise Unreadable("A segment's file is an object with name, population and definition.")
    if unknown := sorted(set(data) - set(KEYS)):
        raise Unreadable(
            f"“{shown(unknown[0])}” is not part of a segment's file: name, population, definition."
        )
    _check(data)
    return Exchange(**data)


def _load(text: str) -> Any:
    """JSON that can be kept as it is: every key once, no number beyond the finite, no text that is not text.

    Raises Unreadable.
    """
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_finite)
        if any(UNSTORABLE.search(each) for each in _texts(data)):
            raise Unreadable("A text in it holds a NUL character or half a character. Remove it.")
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"This is not JSON: {where}, {error.msg}.") from error
    except RecursionError as error:
        raise Unreadable("This JSON is nested too deeply to be a segment.") from error
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable("A number in it has too many digits. Shorten it.") from error
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for n, (key, _) in enumerate(pairs) if key in dict(pairs[:n]))
        raise Unreadable(f"“{shown(twice)}” stands twice in one object. Keep one of them.")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise Unreadable(f"{shown(text)} is not a number that can be compared. Write another one.")
    return number


def _texts(data: Any) -> Iterator[str]:
    """Every text in it, the keys too."""
    if isinstance(data, str):
        yield data
    for each in [*data, *data.values()] if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(each)


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
    """What the segment's file holds: the definition in force, or null before the first; the others where they differ
    from what a file that leaves them out says."""
    definition = segment.version.definition if segment.version else None
    said = {"name": segment.name, "population": segment.population, "definition": definition}
    beside = {"description": segment.description, "is_marketing": segment.is_marketing}
    return said | {key: value for key, value in beside.items() if value != getattr(Exchange, key)}
