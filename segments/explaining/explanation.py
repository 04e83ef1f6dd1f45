"""One member and one segment: the tree by today's values, what is stored, and where the two differ."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.customers.masking import Sight
from segments import definition
from segments.builder.counting import BUDGET, TooSlow, time_limit
from segments.definition.faults import DefinitionFaults, Fault
from segments.definition.near import Near
from segments.definition.nodes import Group, Rule, walk
from segments.explaining.clauses import Clause, Explainer
from segments.models import MembershipEvent, Population, Segment

__all__ = ["Explanation", "TooSlow", "explain"]

HISTORY = 10
SEGMENTS = 1000


@dataclass(frozen=True)
class Explanation:
    """Why a member is in a segment or not.

    `root` is none for a segment without rules, or whose rules can't be read any more: `faults` say why then.
    `belongs` is by the values of the moment `at`, and unknown without a tree; `entered_at` is of the stored membership.
    """

    segment: Segment
    member: Any
    at: datetime
    words: str
    root: Clause | None
    belongs: bool | None
    faults: list[Fault]
    entered_at: datetime | None
    history: list[MembershipEvent]
    carries: str = ""

    @property
    def is_member(self) -> bool:
        """Whether the member is in, as last counted."""
        return self.entered_at is not None

    @property
    def left_out(self) -> str:
        """Why a customer is in no such segment whatever its rules say; "" where nothing is in the way."""
        if getattr(self.member, "erased_at", None):
            return "Erased customers are in no segment."
        if self.segment.is_marketing and getattr(self.member, "profiling_objected_at", None):
            return "Objected to profiling, so left out of segments for marketing, whatever the rules say."
        return ""

    @property
    def differs(self) -> bool:
        """Whether a count now would let the member in or out."""
        return self.belongs is not None and self.belongs != self.is_member and not self.segment.archived_at


def member_of(segment: Segment, pk: Any) -> Any:
    """The customer or account, as the segment's population says; none where the organization has no such one."""
    organization = segment.organization
    people: Any = (
        organization.customers if segment.population == Population.CUSTOMERS else organization.accounts
    )
    return people.select_related("organization").filter(pk=pk).first()


def explain(segment: Segment, member: Any, *, at: datetime, sight: Sight) -> Explanation:
    """Everything there is to know of this member and the segment, as somebody with this sight may read it.

    Raises TooSlow when the member has more related rows than can be looked at while a page waits.
    """
    words, root, belongs, faults = "", None, None, []
    if segment.version is not None:
        try:
            node = segment.rules()
        except DefinitionFaults as found:
            faults = found.faults
        else:
            names = names_in(segment, node)
            words = definition.read_back(node, names)
            with time_limit(BUDGET):
                root, belongs = _tree(segment, member, node, names, at, sight)
    who = "customer" if segment.population == Population.CUSTOMERS else "account"
    kept: Any = getattr(segment, f"{who}_memberships")
    events = segment.events.filter(**{who: member}).select_related(
        "version", "run", "key", "by__user", "bulk__requested_by__user"
    )
    return Explanation(
        segment,
        member,
        at,
        words,
        root,
        belongs,
        list(faults),
        kept.filter(**{who: member}).values_list("entered_at", flat=True).first(),
        list(events.order_by("-at", "-pk")[:HISTORY]),
        _carried(segment, member),
    )


def _tree(
    segment: Segment, member: Any, node: Group, names: dict[Any, str], at: datetime, sight: Sight
) -> tuple[Clause, bool]:
    near = Near.one(segment.organization, node.population, member.pk)
    compiler = definition.Compiler.of(node, segment.organization, at, near=near)
    is_asked = any(isinstance(each, Rule) and each.field.type == "segment" for each in walk(node))
    kept = member.memberships.exclude(segment=segment).order_by("segment__name", "segment")
    columns = ["segment", "segment__name"]
    held = list(kept.values_list(*columns)[:SEGMENTS]) if is_asked else []
    tags = (
        set(kept.filter(is_assigned=True).values_list("segment", flat=True))
        if is_asked and segment.population == Population.ACCOUNTS
        else set()
    )
    return Explainer(compiler, names, sight, [(key, name, key in tags) for key, name in held]).whole(
        node, segment.is_marketing
    )


def names_in(segment: Segment, node: Group) -> dict[Any, str]:
    """The names of the segments that a definition is made from."""
    used = definition.segments_used(node)
    return dict(segment.organization.segments.filter(pk__in=used).values_list("pk", "name")) if used else {}


def _carried(segment: Segment, member: Any) -> str:
    """The other segment that an account carries, where an assigned one is explained."""
    if segment.kind != Segment.Kind.ASSIGNED:
        return ""
    other = member.memberships.filter(is_assigned=True).exclude(segment=segment)
    return other.values_list("segment__name", flat=True).first() or ""
