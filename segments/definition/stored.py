"""A stored definition in plain English, outside the builder."""

from typing import Any

from segments import definition
from segments.definition import english
from segments.definition.faults import DefinitionFaults
from segments.models import SegmentVersion


def stored(tree: Any, version: SegmentVersion | None) -> str:
    """What a version says, with the names that segments have now; in words too when it can't be read any more."""
    if version is None:
        return "Rules of a segment that is gone"
    segment = version.segment
    try:
        node = definition.parse(tree, segment.population, segment.organization)
    except DefinitionFaults as faults:
        return f"It can't be read any more: {faults.faults[0].message}"
    names = segment.organization.segments.filter(pk__in=version.uses).values_list("pk", "name")
    return english.read_back(node, dict(names))
