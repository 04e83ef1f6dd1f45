"""What is wrong with a definition, where, and how to mend it."""

import re
from dataclasses import dataclass

PLACE = re.compile(r"/rules/(\d+)")


@dataclass(frozen=True)
class Fault:
    """One fault: a JSON pointer (RFC 6901) to the place, and a sentence for the person who mends it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"

    @property
    def told(self) -> str:
        """With the rule’s number as the builder counts them, where it is about one: Rule 2.1: Write a number."""
        number = ".".join(str(int(place) + 1) for place in PLACE.findall(self.path))
        return f"Rule {number}: {self.message}" if number else self.message


class DefinitionFaults(Exception):
    """A definition that can't be compiled. `faults` says every place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults
