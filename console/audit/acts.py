"""Acts: one request makes several events, of which one tells what somebody did and the others follow from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from console.organizations.models import AuditEvent

# What an act is called after, the first first: a decision tells more than the rows that it opens.
LEADING = [
    *(("customers.Erasure", "created"), ("customers.Reveal", "created"), ("customers.Download", "created")),
    *(("organizations.Decision", "created"), ("organizations.Approval", "created")),
    *(("organizations.Staff", "created"), ("organizations.Staff", "changed")),
    *(("organizations.Invitation", "created"), ("organizations.SignInEvent", "created")),
    *(("mfa.Authenticator", "created"), ("mfa.Authenticator", "deleted")),
    *(("usersessions.UserSession", "created"), ("organizations.User", "changed")),
]


@dataclass(frozen=True)
class Act:
    """Events of one request by one hand; `lead` tells what it was."""

    lead: AuditEvent
    others: list[AuditEvent] = field(default_factory=list)


def acts_of(events: Iterable[AuditEvent]) -> list[Act]:
    """The events as acts, each where its first event stood. One act alone is told event by event."""
    found: dict[object, list[AuditEvent]] = {}
    for event in events:
        hand = (event.request, event.user_id, event.key_id) if event.request else event.pk
        found.setdefault(hand, []).append(event)
    if len(found) == 1:
        return [Act(event) for together in found.values() for event in together]
    return [act_of(together) for together in found.values()]


def act_of(events: list[AuditEvent]) -> Act:
    """One act, its other events the oldest first."""
    lead = min(events, key=weight)
    return Act(lead, sorted((one for one in events if one is not lead), key=lambda one: one.pk))


def weight(event: AuditEvent) -> tuple[int, int, bool, object]:
    """The least leads: what LEADING names, else what came into being before its parts, else what changed."""
    kind = (event.model, event.action)
    place = LEADING.index(kind) if kind in LEADING else len(LEADING)
    return place, event.action == "changed", event.model != event.whole, event.pk
