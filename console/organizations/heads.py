"""The newest link of each chain, kept outside the database and signed: what a cut tail is noticed by.

A head is a line of JSON: organization ("platform" for none), seq, mac, at, key, signature. They stand in
TRANCHE_DATA/audit-heads, a file for each chain, and in the log as the event `audit_head`.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings

from console.organizations import chain, scope
from console.organizations.models import AuditEvent

log = structlog.get_logger(__name__)
PLATFORM = "platform"
TAIL = 4096


class Forged(Exception):
    """A line that no key of ours signed. The text says which."""


@dataclass(frozen=True)
class Head:
    """How far a chain had come at a moment."""

    organization: str
    seq: int
    mac: str
    at: str
    key: str
    signature: str = ""

    def signed(self) -> "Head":
        return Head(**{**asdict(self), "signature": self._sign()})

    def check(self) -> None:
        """Raises Forged, NoKey."""
        if not hmac.compare_digest(self.signature, self._sign()):
            raise Forged(f"The head of {self.organization} at {self.seq} ({self.at}) was not signed here.")

    def _sign(self) -> str:
        said = [self.organization, self.seq, self.mac, self.at]
        return chain.sign(self.key, "heads", json.dumps(said).encode()).hex()


def folder() -> Path:
    return settings.DATA_DIR / "audit-heads"


def name_of(organization: UUID | None) -> str:
    """How heads call a chain."""
    return str(organization) if organization else PLATFORM


def chains() -> list[UUID | None]:
    """Every chain that the database has, the platform's first: found by jumping through an index of a long trail."""
    events = AuditEvent.objects.order_by("organization_id").values_list("organization_id", flat=True)
    with scope.across():
        found: list[UUID | None] = list(events.filter(organization_id__isnull=True)[:1])
        one = events.filter(organization_id__isnull=False).first()
        while one:
            found.append(one)
            one = events.filter(organization_id__gt=one).first()
    return found


def export(*, at: datetime) -> int:
    """Write down the head of each chain that moved since the last time; how many did."""
    folder().mkdir(parents=True, exist_ok=True)
    return sum(_export(each, at) for each in chains())


def _export(organization: UUID | None, at: datetime) -> bool:
    with scope.across():
        seq, mac = chain.last(organization)
    path = folder() / f"{name_of(organization)}.jsonl"
    if not seq or _last_seq(path) == seq:
        return False
    head = Head(name_of(organization), seq, mac.hex(), at.isoformat(), chain.newest_key()).signed()
    with path.open("a") as file:
        file.write(json.dumps(asdict(head)) + "\n")
    log.info("audit_head", **asdict(head))
    return True


def _last_seq(path: Path) -> int:
    if not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - TAIL, 0))
        lines = file.read().splitlines()
    return int(json.loads(lines[-1])["seq"]) if lines else 0


def read(where: Path) -> Iterator[Head]:
    """The heads in a file or folder. Raises Forged, NoKey."""
    for path in sorted(where.glob("*.jsonl")) if where.is_dir() else [where]:
        with path.open() as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    head = Head(**json.loads(line))
                except (ValueError, TypeError) as fault:
                    raise Forged(f"Line {number} of {path} is not a head.") from fault
                head.check()
                yield head
