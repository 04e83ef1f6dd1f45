"""The exchange format: a segment as a JSON file of name, population and definition."""

import json
from typing import Any

from segments.models import Population, Segment

KEYS = {"name", "population", "definition"}


class Unreadable(ValueError):
    """A file that is not a segment; the message says what to mend."""


def read(text: str) -> tuple[str, dict[str, Any]]:
    """Population and definition of an exchange file; the definition itself is not checked yet. Raises Unreadable."""
    return read_named(text)[1:]


def read_named(text: str) -> tuple[str, str, dict[str, Any]]:
    """Name, population and definition of an exchange file. Raises Unreadable."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"The file is not JSON: {error}.") from None
    except RecursionError:
        raise Unreadable("The file nests too deeply to be a definition.") from None
    if not isinstance(data, dict):
        raise Unreadable("The file must hold one object with name, population and definition.")
    if unknown := sorted(set(data) - KEYS):
        raise Unreadable(f"“{unknown[0]}” is not part of the format: name, population, definition.")
    if data.get("population") not in Population.values:
        raise Unreadable("The population must be “customers” or “accounts”.")
    if not isinstance(data.get("definition"), dict):
        raise Unreadable("The definition is missing.")
    return str(data.get("name", "")), data["population"], data["definition"]


def write(segment: Segment) -> str:
    """The segment's version in force as an exchange file."""
    held = segment.version.definition if segment.version else {}
    content = {"name": segment.name, "population": segment.population, "definition": held}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
