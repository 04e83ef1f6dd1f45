"""What changed between two versions of a definition, rule by rule and in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from segments.definition import english
from segments.definition.nodes import Aggregate, Group, Node, Related, Rule

MARKS = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~"}


@dataclass(frozen=True)
class Line:
    """One part of a definition: kept, added, removed, changed from `before`, or what holds others."""

    mark: str
    words: str
    before: str = ""
    lines: "tuple[Line, ...]" = ()
    side: str = ""

    @property
    def sign(self) -> str:
        """The mark as one character; nothing where nothing changed."""
        return MARKS.get(self.mark, "")

    def walk(self) -> "Iterator[Line]":
        """The line and those under it."""
        yield self
        for each in self.lines:
            yield from each.walk()


def summary(root: Line) -> str:
    """How much changed, in words: “2 rules added, 1 changed”."""
    marks = [each.mark for each in root.walk()]
    counted = [(marks.count(mark), mark) for mark in MARKS if mark in marks]
    if not counted:
        return "The same rules."
    first = f"{counted[0][0]} rule{'' if counted[0][0] == 1 else 's'} {counted[0][1]}"
    return ", ".join([first, *(f"{n} {mark}" for n, mark in counted[1:])]) + "."


def difference(before: Group, after: Group, names: dict[Any, str]) -> Line:
    """The later definition as a tree, with what was removed from the earlier one at the end of its group."""
    head = english.heading(after, names)
    had = english.heading(before, names)
    pairs, removed = _paired(before.rules, after.rules)
    lines = [_line(old, new, names) for old, new in pairs]
    lines += [Line("removed", _whole(each, names)) for each in removed]
    mark = "changed" if head != had else ""
    return Line(mark, head, had if mark else "", tuple(lines), english.side(after))


def _line(old: Node | None, new: Node, names: dict[Any, str]) -> Line:
    if old is None:
        return Line("added", _whole(new, names))
    if bare(old) == bare(new):
        return Line("kept", _whole(new, names))
    if isinstance(old, Group) and isinstance(new, Group):
        return difference(old, new, names)
    if isinstance(old, Related | Aggregate) and isinstance(new, Related | Aggregate):
        return _block(old, new, names)
    return Line("changed", _whole(new, names), _whole(old, names))


def _block(old: Related | Aggregate, new: Related | Aggregate, names: dict[Any, str]) -> Line:
    """Related rows: what is asked of them as a line, and what changed in the conditions under it."""
    if old.where is None or new.where is None:
        return Line("changed", _whole(new, names), _whole(old, names))
    inner = difference(old.where, new.where, names)
    head, had = english.heading(new, names), english.heading(old, names)
    mark = "changed" if head != had else ""
    return Line(mark, head, had if mark else "", inner.lines, "related")


def _paired(
    before: tuple[Node, ...], after: tuple[Node, ...]
) -> tuple[list[tuple[Node | None, Node]], list[Node]]:
    """Each of the later rules with the earlier one that it came from, and the earlier ones of which nothing came.

    What stayed the same is found first, then what is about the same thing, in the order in which it stands.
    """
    left, found = list(before), {}
    for like in (bare, about):
        for n, new in enumerate(after):
            match = next((old for old in left if like(old) == like(new)), None) if n not in found else None
            if match is not None:
                found[n] = match
                left = [each for each in left if each is not match]
    return [(found.get(n), new) for n, new in enumerate(after)], left


def about(node: Node) -> tuple[str, ...]:
    """What a node is about: two that are about the same are one that was changed."""
    if isinstance(node, Group):
        return ("group",)
    if isinstance(node, Aggregate | Related):
        return ("rows", node.field.key)
    return ("rule", node.field.key)


def bare(node: Node) -> Node:
    """The node without its place, so that it is the same wherever it stands."""
    if isinstance(node, Group):
        return replace(node, path="", rules=tuple(bare(each) for each in node.rules))
    if isinstance(node, Rule):
        return replace(node, path="", field=_named(node.field))
    where: Any = bare(node.where) if node.where else None
    if isinstance(node, Aggregate):
        node = replace(node, of=_named(node.of) if node.of else None)
    return replace(node, path="", field=_named(node.field), where=where)


def _named(field: Any) -> Any:
    """A field by what it is called: how it is read is made anew at each reading of an organization's attributes."""
    return replace(field, read=None)


def _whole(node: Node, names: dict[Any, str]) -> str:
    said = english.say(node, names)
    if isinstance(node, Group) and len(node.rules) > 1:
        said = f"{english.heading(node, names)}: {said}"
    return said[0].upper() + said[1:]
