"""Faults of a draft at the rows they belong to: the compiler says a JSON pointer, the page shows a rule."""

from dataclasses import dataclass

from segments.builder.controls import Control
from segments.builder.lexicon import Lexicon
from segments.builder.rows import Row, lay_out
from segments.builder.tree import Draft, children_of, find, kind_of, where_of
from segments.definition.faults import DefinitionFaults, Fault

UNCHOSEN = "Choose a field, or remove the rule. A blank rule never means “everyone”."
UNTESTED = "This field can't be tested like this. Choose another test."
UNRELATED = "Choose which rows, or remove the rule."


@dataclass(frozen=True)
class Mark:
    """A fault as the action bar names it: which rule, what to do, and the id of the control.

    `is_open`: somebody is still filling the rule in, or has not begun to; it is not a mistake yet.
    """

    number: str
    message: str
    target: str
    is_open: bool = False


def locate(draft: Draft, pointer: str) -> tuple[str, str]:
    """The path of the row that a JSON pointer leads to, and the part of it: ("/rules/1", "value/0")."""
    node, path, tokens = draft, "", [token for token in pointer.split("/") if token]
    while tokens:
        kind = kind_of(node)
        if kind == "group" and len(tokens) > 1 and tokens[0] == "rules" and tokens[1].isdecimal():
            children = children_of(node)
            if int(tokens[1]) >= len(children):
                break
            node, path, tokens = children[int(tokens[1])], f"{path}/rules/{tokens[1]}", tokens[2:]
        elif kind == "related" and tokens[0] == "value":
            node, path, tokens = where_of(node), f"{path}/where", tokens[1:]
        elif kind == "aggregate" and tokens[:2] == ["meta", "where"]:
            node, path, tokens = where_of(node), f"{path}/where", tokens[2:]
        else:
            break
    return path, "/".join(tokens)


def laid_out(
    draft: Draft,
    lexicon: Lexicon,
    faults: DefinitionFaults | None = None,
    *,
    spare: str | None = None,
    typing: str | None = None,
) -> tuple[Row, list[Mark]]:
    """The rows with their faults on them, and the faults in the order of the page.

    The row at the path `spare` is still being filled in: its faults count, but it is not painted red. At the path
    `typing` somebody is typing: the page keeps the faults until they leave the row.
    """
    root = lay_out(draft, lexicon)
    rows = {row.path: row for row in root.walk()}
    marks = []
    for fault in faults.faults if faults else []:
        path, part = locate(draft, fault.path)
        row = rows.get(path.removesuffix("/where")) or root
        message, controls = _words(draft, row, part, fault), _controls(row, part)
        row.is_open = message in (UNCHOSEN, UNRELATED) or _within(path, typing) or _within(path, spare)
        if _within(path, spare):
            row.is_new = True
        elif message not in row.faults:
            row.faults.append(message)
            for control in controls:
                control.is_wrong, control.described = True, f"{row.id}-fault"
        target = controls[0].target if controls else row.id
        marks.append((row, Mark(row.number, message, target, row.is_open)))
    order = {id(row): i for i, row in enumerate(root.walk())}
    marks.sort(key=lambda each: order[id(each[0])])
    return root, list(dict.fromkeys(mark for _, mark in marks))


def _within(path: str, place: str | None) -> bool:
    return place is not None and f"{path}/".startswith(f"{place}/")


def _words(draft: Draft, row: Row, part: str, fault: Fault) -> str:
    """The compiler's sentence, or the page's own where nothing was chosen yet."""
    if part == "field" and not find(draft, row.path).get("field"):
        return UNRELATED if row.kind in {"related", "aggregate"} else UNCHOSEN
    return UNTESTED if part == "operator" else fault.message


def _controls(row: Row, part: str) -> list[Control]:
    """The control that a fault is about, if the row has it."""
    head, _, rest = part.partition("/")
    if head == "value" and row.values:
        position = int(rest) if rest.isdecimal() and len(row.values) > 1 else 0
        return [row.values[min(position, len(row.values) - 1)]]
    names = {
        "field": ["path", "field", "rows"],
        "operator": ["test"],
        "lhs": ["figure"],
        "match": ["threshold", "figure"],
        "meta": ["window" if rest in ("days", "months") else "currency"],
    }
    return [row.cells[name] for name in names.get(head, []) if name in row.cells][:1]
