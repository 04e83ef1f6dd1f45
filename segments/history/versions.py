"""The versions of a segment's rules: read, compared with each other, and put in force again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from console.customers.masking import Sight
from console.organizations.models import Staff
from segments import definition
from segments.builder.counting import Change, Counter, TooSlow
from segments.builder.tree import plain
from segments.definition import english, personal
from segments.definition.faults import DefinitionFaults
from segments.definition.nodes import Group
from segments.history.difference import Line, difference, summary
from segments.models import Segment, SegmentVersion


class CantRestore(Exception):
    """The version can't be in force again; the message says why."""


@dataclass(frozen=True)
class Read:
    """A version as it is understood now: parsed, or with the fault that says why it can't be."""

    version: SegmentVersion
    node: Group | None
    words: str


@dataclass(frozen=True)
class Comparison:
    """What changed from one version to another; no `tree` where one of them can't be read any more."""

    before: Read
    after: Read
    tree: Line | None

    @property
    def summary(self) -> str:
        """How much changed, in words."""
        return summary(self.tree) if self.tree else "They can’t be compared rule by rule."


def read(version: SegmentVersion, segment: Segment, names: dict[Any, str]) -> Read:
    """A version with its sentence; in words too when it can't be read any more."""
    try:
        node = definition.parse(version.definition, segment.population, segment.organization)
    except DefinitionFaults as faults:
        return Read(version, None, f"It can't be read any more: {faults.faults[0].message}")
    return Read(version, node, english.read_back(node, names))


def names_of(segment: Segment, *versions: SegmentVersion) -> dict[Any, str]:
    """The names of the segments that some versions are made from."""
    used = {key for version in versions for key in version.uses}
    return dict(segment.organization.segments.filter(pk__in=used).values_list("pk", "name")) if used else {}


def compare(before: Read, after: Read, names: dict[Any, str]) -> Comparison:
    """What changed from `before` to `after`."""
    is_whole = before.node is not None and after.node is not None
    return Comparison(before, after, difference(before.node, after.node, names) if is_whole else None)  # type: ignore[arg-type]  # both are there


def effect(segment: Segment, version: SegmentVersion, *, at: datetime) -> Change | None:
    """Who would enter and leave if the version were in force; none where that can't be counted while a page waits."""
    counter = Counter(segment.organization, segment.population, segment.is_marketing, at, own=segment.pk)
    try:
        return counter.against(version.definition, segment)
    except (DefinitionFaults, TooSlow):
        return None


@transaction.atomic
def restore(
    segment: Segment, version: SegmentVersion, *, by: Staff | None, at: datetime, expected: int, sight: Sight
) -> SegmentVersion:
    """Put what a version said in force, as the next version, and have the segment counted.

    `expected` is the number that was in force when the person decided; nobody is `by` where a system did. Raises
    CantRestore, or VersionConflict when another version was saved meanwhile.
    """
    if segment.archived_at:
        raise CantRestore(f"“{segment}” is archived. Take it back into use first.")
    if segment.version and plain(segment.version.definition) == plain(version.definition):
        raise CantRestore(f"Version {segment.version.number}, in force, says the same already.")
    try:
        node = definition.parse(version.definition, segment.population, segment.organization)
        if faults := personal.faults(node, sight):
            raise DefinitionFaults(faults)
        made = segment.save_definition(plain(version.definition), by=by, at=at, expected=expected)
    except DefinitionFaults as found:
        words = " ".join(fault.message for fault in found.faults)
        raise CantRestore(f"Version {version.number} can’t be in force again: {words}") from found
    segment.request_refresh(by=by, at=at)
    return made
