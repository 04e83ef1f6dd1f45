"""Why something can't be done to a segment."""

from console.keeping import Refusal


class NoDefinition(Exception):
    """A dynamic segment that has no version to refresh to."""


class InUse(Refusal):
    """Something still uses the segment, so it can't be archived; the message names it."""


class NameTaken(Exception):
    """Another segment took the name while this one was archived."""


class AlreadyDone(Exception):
    """Somebody archived the segment, or took it back into use, a moment before."""


class MadeOfArchived(Exception):
    """A segment that this one is made from is out of use, so that nobody counts it any more."""
