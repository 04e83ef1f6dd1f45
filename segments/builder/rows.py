"""A draft laid out for the page: a tree of rows, each with its controls, its number, and what can be done to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from segments.builder import cells
from segments.builder.controls import Control
from segments.builder.lexicon import Lexicon
from segments.builder.operations import possible
from segments.builder.posted import PREFIX
from segments.builder.tree import Draft, children_of, kind_of, where_of
from segments.builder.words import SIDES

DEEP = 4


@dataclass
class Row:
    """A rule, a group or a block of related rows. `number` is 6.3 as the page counts; the root has none."""

    path: str
    kind: str
    number: str
    scope: str
    level: int
    cells: dict[str, Control] = field(default_factory=dict)
    values: list[Control] = field(default_factory=list)
    unit: str = ""
    help: str = ""
    is_sensitive: bool = False
    hidden: list[tuple[str, str]] = field(default_factory=list)
    side: str = "all"
    words: str = ""
    children: list["Row"] = field(default_factory=list)
    able: frozenset[str] = frozenset()
    faults: list[str] = field(default_factory=list)
    is_new: bool = False
    is_open: bool = False
    focus: str = ""
    has_related: bool = False
    keeps: Any = None

    @property
    def id(self) -> str:
        return f"row{self.path.replace('/rules/', '-').replace('/where', 'w')}"

    @property
    def label(self) -> str:
        """How the page names it: Rule 3.1, Group 5, or the whole."""
        return f"{'Group' if self.kind == 'group' else 'Rule'} {self.number}" if self.number else "All rules"

    @property
    def container(self) -> str:
        """The path of the group that new rules go into."""
        return f"{self.path}/where" if self.kind in {"related", "aggregate"} else self.path

    @property
    def is_deep(self) -> bool:
        return self.level >= DEEP

    def controls(self) -> list[Control]:
        return [*self.cells.values(), *self.values]

    @property
    def target(self) -> str:
        """The id of its first control, for links to it."""
        return self.controls()[0].target

    def walk(self) -> Iterator["Row"]:
        yield self
        for child in self.children:
            yield from child.walk()


def lay_out(draft: Draft, lexicon: Lexicon) -> Row:
    """The root group's row, with all others inside it."""
    return _group(draft, "", "", lexicon.population, lexicon, 1)


def _name(path: str, *parts: str) -> str:
    return "/".join([PREFIX + path, *parts])


def _group(node: Draft, path: str, number: str, scope: str, lexicon: Lexicon, level: int) -> Row:
    row = Row(path, "group", number, scope, level)
    row.side = side_of(node)
    row.words = SIDES[row.side][1]
    row.cells["side"] = cells.side(_name(path, "side"), f"{row.label}: how rules combine", row.side)
    row.children = _children(node, path, number, scope, lexicon, level)
    row.has_related = bool(lexicon.related(scope))
    return row


def _children(node: Draft, path: str, number: str, scope: str, lexicon: Lexicon, level: int) -> list[Row]:
    rules = children_of(node)
    rows = []
    for i, child in enumerate(rules):
        child_path = f"{path}/rules/{i}"
        row = _row(child, child_path, f"{number}.{i + 1}".lstrip("."), scope, lexicon, level)
        row.able = possible(rules, i, child_path)
        rows.append(row)
    return rows


def _row(node: Draft, path: str, number: str, scope: str, lexicon: Lexicon, level: int) -> Row:
    kind = kind_of(node)
    if kind == "group":
        return _group(node, path, number, scope, lexicon, level + 1)
    if kind == "rule":
        return _rule(node, path, number, scope, lexicon, level)
    return _block(node, path, number, scope, lexicon, level + 1)


def _rule(node: Draft, path: str, number: str, scope: str, lexicon: Lexicon, level: int) -> Row:
    row = Row(path, "rule", number, scope, level)
    key = str(node.get("field") or "")
    found = lexicon.find(scope, key)
    row.cells |= cells.field(_name(path), row.label, key, scope, lexicon)
    row.hidden = [(_name(path, "was"), key)]
    if found:
        row.help, row.is_sensitive = found.help, bool(found.care)
    if not key or (found and found.type == "all"):
        return row
    row.cells |= cells.window(_name(path), row.label, node, found)
    row.cells |= cells.test(_name(path), row.label, node, found)
    row.values = cells.values(_name(path), row.label, node, found, scope, lexicon)
    row.cells |= cells.currency(_name(path), row.label, node, found, lexicon)
    row.unit = found.unit if found else ""
    return row


def _block(node: Draft, path: str, number: str, scope: str, lexicon: Lexicon, level: int) -> Row:
    row = Row(path, kind_of(node), number, scope, level)
    key, where = str(node.get("field") or ""), where_of(node)
    inner = lexicon.inner(scope, key)
    row.cells |= cells.block(_name(path), row.label, node, scope, lexicon)
    if row.kind == "aggregate":
        of = cells.compared(node, inner, lexicon)
        row.cells |= cells.test(_name(path), row.label, node, of)
        row.values = cells.values(_name(path), row.label, node, of, inner, lexicon)
        row.cells |= cells.currency(_name(path), row.label, node, of, lexicon)
        row.hidden = [(_name(path, "was"), of.type if of else "")]
    row.side = side_of(where)
    row.cells["side"] = cells.side(
        _name(path, "where", "side"), f"{row.label}: how conditions combine", row.side
    )
    row.children = _children(where, f"{path}/where", number, inner, lexicon, level)
    row.has_related = inner != scope and bool(lexicon.related(inner))
    return row


def side_of(group: dict[str, Any]) -> str:
    """all · any · none · notall, from combinator and not."""
    if group.get("combinator") == "or":
        return "none" if group.get("not") else "any"
    return "notall" if group.get("not") else "all"
