"""Whether the segments that a definition names are there, hold what is asked for, and are in use."""

from console.organizations.models import Organization
from segments.definition.faults import Fault
from segments.definition.nodes import Group, Rule, segments_of, segments_used, walk


def wrong_segments(root: Group, population: str, organization: Organization) -> list[Fault]:
    """What is wrong with those that it names: each must exist here and hold the same kind of member."""
    used = [(node, segment) for node in walk(root) if isinstance(node, Rule) for segment in segments_of(node)]
    kept = dict(organization.segments.filter(pk__in=[s for _, s in used]).values_list("pk", "population"))
    faults = []
    for node, segment in used:
        inside = "/value" in node.path or "/meta" in node.path
        own = "accounts" if population == "accounts" or inside else "customers"
        if segment not in kept:
            faults.append(Fault(f"{node.path}/value", f"There is no segment {segment}. Choose another one."))
        elif kept[segment] != own:
            faults.append(
                Fault(f"{node.path}/value", f"That segment holds {kept[segment]}; here {own} are asked for.")
            )
    return faults


def retired_segments(root: Group, organization: Organization) -> list[Fault]:
    """The places of those that are out of use: nobody counts them any more."""
    archived = dict(
        organization.segments.filter(pk__in=segments_used(root), archived_at__isnull=False).values_list(
            "pk", "name"
        )
    )
    return [
        Fault(f"{node.path}/value", f"“{archived[one]}” is archived. Restore it, or choose another segment.")
        for node in walk(root)
        if isinstance(node, Rule)
        for one in segments_of(node)
        if one in archived
    ]
