"""What is wrong with a definition, where, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault: a JSON pointer (RFC 6901) to the place, and a sentence for the person who mends it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


class DefinitionFaults(Exception):
    """A definition that can't be compiled. `faults` says every place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults
