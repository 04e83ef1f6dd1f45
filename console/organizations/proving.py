"""Proof of the audit trail: each chain is walked from its beginning, and the first event that does not fit is named."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from console.organizations import chain, heads
from console.organizations.models import AuditEvent


@dataclass
class Verdict:
    """What became of one chain: how many events were checked, and the first fault in words, "" where it holds."""

    organization: str
    events: int = 0
    fault: str = ""
    seq: int = 0
    event: UUID | None = None

    def found(self, fault: str, *, seq: int = 0, event: UUID | None = None) -> "Verdict":
        self.fault, self.seq, self.event = fault, seq, event
        return self


@dataclass
class Witness:
    """The heads of one chain: its link at some of its numbers, as it was seen outside the database."""

    macs: dict[int, str] = field(default_factory=dict)
    latest: heads.Head | None = None

    def add(self, head: heads.Head) -> None:
        self.macs[head.seq] = head.mac
        if self.latest is None or head.seq > self.latest.seq:
            self.latest = head


def witnesses(seen: "list[heads.Head]") -> dict[str, Witness]:
    """The heads by chain."""
    found: dict[str, Witness] = {}
    for head in seen:
        found.setdefault(head.organization, Witness()).add(head)
    return found


def prove(organization: UUID | None, witness: Witness, *, at: datetime, since_head: bool = False) -> Verdict:
    """Walk one chain, in constant memory; `since_head` begins at its newest head and takes what lies before as proved.

    Must be called in a scope that sees the chain.
    """
    verdict = Verdict(heads.name_of(organization))
    latest = witness.latest
    seq, before = (latest.seq, bytes.fromhex(latest.mac)) if since_head and latest else (0, chain.BEGINNING)
    if seq and not _stands(organization, seq, before):
        return verdict.found(
            f"event {seq} is not what its head said at {latest.at if latest else ''}", seq=seq
        )
    linked = chain.rows(organization).filter(seq__gt=seq).order_by("seq")
    for row in linked.values_list("seq", "mac", "mac_key", *chain.LINKED, "said").iterator(2000):
        (place, mac, key), columns, changes = row[:3], row[3:-1], row[-1]
        if place != seq + 1:
            gone = f"{seq + 1}" if place == seq + 2 else f"{seq + 1} to {place - 1}"
            return verdict.found(f"gone: event {gone}, before event {place}", seq=seq + 1)
        try:
            made = chain.link(columns, changes, seq=place, key=key, before=before)
        except chain.NoKey:
            return verdict.found(f"the key “{key}” is not in AUDIT_KEYS", seq=place, event=columns[0])
        if not hmac.compare_digest(made, mac):
            return verdict.found("altered, moved or put in by hand", seq=place, event=columns[0])
        if witness.macs.get(place, made.hex()) != made.hex():
            return verdict.found("another chain than its head saw", seq=place, event=columns[0])
        seq, before, verdict.events = place, made, verdict.events + 1
    if latest and latest.seq > seq:
        return verdict.found(f"cut off: events {seq + 1} to {latest.seq}, seen at {latest.at}", seq=seq + 1)
    if late := chain.overdue(organization, at=at):
        return verdict.found("never got its link: put in by hand, or nobody makes links", event=late)
    return verdict


def _stands(organization: UUID | None, seq: int, mac: bytes) -> bool:
    stored = AuditEvent.objects.of_chain(organization).filter(seq=seq).values_list("mac", flat=True).first()
    return stored is not None and bytes(stored) == mac
