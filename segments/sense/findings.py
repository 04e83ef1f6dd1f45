"""Rules of a definition that contradict each other, always hold, or change nothing, each by its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from segments.definition import english
from segments.definition.nodes import Aggregate, Group, Node, Related, Rule
from segments.sense.reasoning import Claim, Reasoner, keys_of


@dataclass(frozen=True)
class Finding:
    """What is so of the node at the JSON pointer `path`, and because of which other node, where it is one.

    `kind`: impossible (no member meets it, or both), together (nor it with several others), always (every member meets
    it), needless (it decides nothing beside the others). `side`: of the group that it stands in. `is_of_rows`: it is a
    condition on related rows.
    """

    kind: str
    path: str
    because: str | None
    side: str
    is_of_rows: bool = False


def find(root: Group, reasoner: Reasoner) -> list[Finding]:
    """All that can be shown, in the order of the page."""
    look = _Look(reasoner)
    look.group(root, ())
    return look.found


@dataclass
class _Look:
    """One walk from top to bottom. `above`: what holds of every member that a group is asked about."""

    reasoner: Reasoner
    found: list[Finding] = field(default_factory=list)
    is_of_rows: bool = False

    def tell(self, kind: str, node: Node, because: Node | None, group: Group) -> None:
        path = because.path if because else None
        self.found.append(Finding(kind, node.path, path, english.side(group), self.is_of_rows))

    def group(self, group: Group, above: Sequence[Claim]) -> None:
        """Look at the rules of a group."""
        side = english.side(group)
        if side == "all":
            self.all_of(group, above)
        elif side == "any":
            self.any_of(group, above)
        else:
            self.none_of(group, above if side == "none" else ())

    def all_of(self, group: Group, above: Sequence[Claim]) -> None:
        held, kept = list(above), []
        for child in group.rules:
            if self.is_against((child, True), held, group):
                return
            if self.is_idle(child, held, group):
                continue
            kept.append(child)
            held.append((child, True))
            self.inside(child, [claim for claim in held if claim[0] is not child])
        for child in kept:
            others = [(each, True) for each in kept if each is not child]
            if because := self.implied((child, True), others):
                self.tell("needless", child, because, group)
                kept = [each for each in kept if each is not child]

    def is_idle(self, child: Node, held: Sequence[Claim], group: Group) -> bool:
        """Tell of a rule that leaves out nobody."""
        if self.always(child):
            if len(group.rules) > 1 or not _is_everyone(child):
                self.tell("always", child, None, group)
            return True
        if because := self.implied((child, True), held):
            self.tell("needless", child, because, group)
        return bool(because)

    def any_of(self, group: Group, above: Sequence[Claim]) -> None:
        if len(group.rules) > 1 and (lone := next((c for c in group.rules if self.always(c)), None)):
            self.tell("always", lone, None, group)
            return
        if len(group.rules) > 1 and self.always(group):
            self.tell("always", group, None, group)
            return
        earlier: list[Claim] = []
        for child in group.rules:
            if self.is_against((child, True), above, group):
                continue
            if because := self.implied((child, False), earlier):
                self.tell("needless", child, because, group)
                continue
            earlier.append((child, False))
            self.inside(child, above)

    def none_of(self, group: Group, above: Sequence[Claim]) -> None:
        """Rules that must fail: one that can't hold removes nobody, one that always holds removes everybody."""
        held = list(above)
        for child in group.rules:
            if english.side(group) == "none" and self.is_against((child, False), held, group):
                return
            if because := self.implied((child, False), held):
                self.tell("needless", child, because, group)
                continue
            if not self.can((child, True)):
                self.tell_deepest(child, group)
                continue
            if english.side(group) == "none":
                held.append((child, False))
            self.inside(child, ())

    def inside(self, child: Node, above: Sequence[Claim]) -> None:
        """Look into a group, or into the conditions of related rows, of which nothing is known from outside."""
        if isinstance(child, Group):
            self.group(child, above)
        elif isinstance(child, Related | Aggregate) and child.where:
            inner = _Look(self.reasoner, self.found, is_of_rows=True)
            inner.group(child.where, ())

    def is_against(self, claim: Claim, held: Sequence[Claim], group: Group) -> bool:
        """Tell of a claim that can't hold beside those that do."""
        near = _near(claim, held)
        if self.can(*near, claim):
            return False
        if not self.can(claim):
            self.tell_deepest(claim[0], group)
        else:
            because = next((one for one in near if not self.can(one, claim)), None)
            self.tell(
                "impossible" if because else "together", claim[0], because[0] if because else None, group
            )
        return True

    def tell_deepest(self, node: Node, group: Group) -> None:
        """Tell of a node that can't do its part by itself: where in it that comes from, if it is made of others."""
        before = len(self.found)
        self.inside(node, ())
        if not any(one.kind == "impossible" for one in self.found[before:]):
            self.tell("impossible", node, None, group)

    def implied(self, claim: Claim, held: Sequence[Claim]) -> Node | None:
        """A claim from which, perhaps with others of those that hold, it follows."""
        near, (node, is_claimed) = _near(claim, held), claim
        if not near or self.can(*near, (node, not is_claimed)):
            return None
        alone = next((one for one in near if not self.can(one, (node, not is_claimed))), near[-1])
        return alone[0]

    def always(self, node: Node) -> bool:
        return not self.can((node, False))

    def can(self, *claims: Claim) -> bool:
        return self.reasoner.can_hold(*claims)


def _near(claim: Claim, held: Sequence[Claim]) -> list[Claim]:
    """Those of the claims that are about something that this one is about too."""
    keys = keys_of(claim[0])
    return [each for each in held if keys & keys_of(each[0])]


def _is_everyone(node: Node) -> bool:
    return isinstance(node, Rule) and node.field.type == "all"
