"""Why something can't be done to a segment."""

from typing import TYPE_CHECKING

from console.keeping import Refusal

if TYPE_CHECKING:
    from segments.models.segments import SegmentVersion


class NoDefinition(Exception):
    """A dynamic segment that has no version to refresh to."""


class InUse(Refusal):
    """Something still uses the segment, so it can't be archived; the message names it."""


class NameTaken(Refusal):
    """Another segment took the name while this one was archived."""


class AlreadyDone(Exception):
    """Somebody archived the segment, or took it back into use, a moment before."""


class MadeOfArchived(Exception):
    """A segment that this one is made from is out of use, so that nobody counts it any more."""


class VersionConflict(Exception):
    """Somebody else saved a version since the editor was opened: `latest` is theirs."""

    def __init__(self, latest: "SegmentVersion") -> None:
        super().__init__(f"Version {latest.number} was saved meanwhile.")
        self.latest = latest
