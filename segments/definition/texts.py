"""Texts that come from outside: which of them can be kept, which say nothing, and how they are shown in a fault."""

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LONGEST_SHOWN = 60


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: separators, controls and marks without a letter. Folded, marks are nothing."""
    return all(unicodedata.category(each)[0] in "ZCM" for each in text)


def shown(raw: Any) -> str:
    """What somebody wrote, short enough for a sentence and without what can't be sent."""
    text = UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", str(raw))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def below(path: str, key: str) -> str:
    """The place of what an object at `path` has under `key` (RFC 6901); of a key too long to be told, the object's."""
    escaped = UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", key.replace("~", "~0").replace("/", "~1"))
    return f"{path}/{escaped}" if len(key) <= LONGEST_SHOWN else path


def unkeepable(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where JSON has what the database can't keep, and what that is."""
    if isinstance(data, str) and UNSTORABLE.search(data):
        yield path, "The text holds a NUL character or half a character. Remove it."
    elif isinstance(data, float) and not math.isfinite(data):
        yield path, "This is not a number that can be compared. Write another one."
    elif isinstance(data, dict):
        for key, value in data.items():
            if UNSTORABLE.search(key):
                yield path, f"The name “{shown(key)}” holds a NUL character or half a character. Remove it."
            yield from unkeepable(value, below(path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from unkeepable(value, f"{path}/{number}")
