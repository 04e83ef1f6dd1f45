"""One webhook as it goes over the wire."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """Where to, under which id, which body, signed with which secrets."""

    identity: str
    url: str
    body: bytes
    secrets: Sequence[str]
