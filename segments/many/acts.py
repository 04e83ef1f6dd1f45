"""What is done to many segments: each by its own rules; what can't be done to one keeps none of the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from console.organizations.models import Staff
from segments.assigned import retiring
from segments.models import AlreadyDone, InUse, MadeOfArchived, NameTaken, Segment
from segments.using import users_of

Refused = (InUse, AlreadyDone, NameTaken, MadeOfArchived)


@dataclass
class Outcome:
    """Those to which it was done, those that go when their last account has left, and why others stay as they are."""

    done: list[Segment] = field(default_factory=list)
    leaving: list[Segment] = field(default_factory=list)
    refused: dict[Segment, str] = field(default_factory=dict)


def staying(segments: Iterable[Segment]) -> dict[Segment, str]:
    """Which of these would not be archived, each with what uses it: another one that goes too is no hindrance."""
    users = {one: users_of(one) for one in segments if not one.archived_at}
    stay = dict.fromkeys((one for one in segments if one.archived_at), "It is archived already.")
    while True:
        going = {one.get_absolute_url() for one in users if one not in stay}
        held = {
            one: using[0]
            for one, found in users.items()
            if one not in stay and (using := [each for each in found if each.url not in going])
        }
        if not held:
            return stay
        stay |= {one: f"The {user.kind} “{user.name}” uses it." for one, user in held.items()}


def archive(segments: Iterable[Segment], *, at: datetime) -> Outcome:
    """Take them out of use, those made of others first."""
    outcome = Outcome()

    def act(segment: Segment) -> None:
        retired = retiring.archive(segment, at=at)
        (outcome.leaving if retired.run else outcome.done).append(segment)

    outcome.refused = _until_settled(segments, act)
    return outcome


def restore(segments: Iterable[Segment], *, by: Staff, at: datetime) -> Outcome:
    """Put them back into use, those that others are made of first, and have them counted."""
    outcome = Outcome()

    def act(segment: Segment) -> None:
        segment.restore()
        if segment.version_id:  # while it was archived nobody counted it
            segment.request_refresh(by=by, at=at)
        outcome.done.append(segment)

    outcome.refused = _until_settled(segments, act)
    return outcome


def _until_settled(segments: Iterable[Segment], act: Callable[[Segment], None]) -> dict[Segment, str]:
    """Do it to each, and again to those that were refused as long as another one made way: why the rest was refused."""
    waiting, refused = list(segments), dict[Segment, str]()
    while waiting:
        refused = {}
        for segment in waiting:
            try:
                act(segment)
            except Refused as refusal:
                refused[segment] = str(refusal)
        if len(refused) == len(waiting):
            break
        waiting = list(refused)
    return refused


@transaction.atomic
def describe(
    segments: Any, *, added: Iterable[str] = (), removed: Iterable[str] = (), owner: Staff | None = None
) -> int:
    """Give them tags, take tags off, and an owner where one is named. How many are otherwise than before."""
    number = 0
    for segment in segments.select_for_update(of=("self",), no_key=True).order_by("pk"):
        kept = [tag for tag in segment.tags if tag not in removed]
        before = (segment.tags, segment.owner_id)
        segment.tags = [*kept, *(tag for tag in added if tag not in kept)]
        segment.owner = owner or segment.owner
        if before != (segment.tags, segment.owner_id):
            segment.save(update_fields=["tags", "owner"])
            number += 1
    return number
