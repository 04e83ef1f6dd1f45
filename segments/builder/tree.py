"""Nodes of a draft and the paths that name them."""

from copy import deepcopy
from typing import Any

Draft = dict[str, Any]
MAX_DEPTH = 6
MAX_RULES = 200
MAX_VALUES = 5000  # each is a control of the form, of which browsers may send 10,000


def kind_of(node: Any) -> str:
    """group · related (rows that match) · aggregate (a figure of related rows) · rule."""
    if not isinstance(node, dict):
        return "rule"
    if "rules" in node:
        return "group"
    if "lhs" in node:
        return "aggregate"
    value = node.get("value")
    return "related" if "match" in node or (isinstance(value, dict) and "rules" in value) else "rule"


def new_rule() -> Draft:
    """A rule of which nothing is said yet."""
    return {"field": "", "operator": "", "value": ""}


def new_group(*rules: Draft, combinator: str = "and") -> Draft:
    return {"combinator": combinator, "rules": list(rules)}


def new_related(field: str, *, match: dict[str, Any], where: Draft) -> Draft:
    """Rows of `field` of which as many as `match` says fulfil `where`."""
    return {"field": field, "operator": "=", "match": match, "value": where}


def where_of(node: Draft) -> Draft:
    """The group of conditions inside a block of related rows; an empty one where the JSON has none."""
    found = node.get("value") if kind_of(node) == "related" else (node.get("meta") or {}).get("where")
    return found if isinstance(found, dict) else new_group()


def set_where(node: Draft, where: Draft) -> None:
    """Put conditions into a block of related rows, at the place its kind keeps them."""
    if kind_of(node) == "related":
        node["value"] = where
    else:
        node["meta"] = {**(node.get("meta") or {}), "where": where}


def steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step]


def parent_of(path: str) -> tuple[str, int]:
    """("/rules/1", 0) for "/rules/1/rules/0". Raises ValueError for a path that does not end in a position."""
    head, _, position = path.rpartition("/")
    return head.removesuffix("/rules"), int(position)


def children_of(node: Draft) -> list[Draft]:
    """The nodes of a group; none of anything else."""
    return (
        [child for child in node.get("rules") or [] if isinstance(child, dict)]
        if kind_of(node) == "group"
        else []
    )


def find(draft: Draft, path: str) -> Draft:
    """The node at `path`. Raises LookupError when there is none."""
    node, walk = draft, iter(steps(path))
    for step in walk:
        if step == "where" and kind_of(node) in {"related", "aggregate"}:
            node = where_of(node)
            continue
        position = next(walk, "")
        if step != "rules" or kind_of(node) != "group" or not position.isdecimal():
            raise LookupError(path)
        node = node["rules"][int(position)]
    return node


def copied(draft: Draft) -> Draft:
    """A draft to change; where a block lacks its conditions it gets an empty group to put them in."""
    fresh = deepcopy(draft)
    for block in blocks(fresh):
        set_where(block, where_of(block))
    return fresh


def pruned(draft: Draft) -> Draft:
    """Take the empty conditions of aggregates off again: a figure of all rows needs none. Changes `draft`."""
    for block in blocks(draft):
        if kind_of(block) == "aggregate" and not where_of(block).get("rules"):
            block["meta"] = {key: value for key, value in (block.get("meta") or {}).items() if key != "where"}
            if not block["meta"]:
                del block["meta"]
    return draft


def plain(tree: Any) -> Any:
    """A definition from elsewhere as the builder writes it: `not` stands only where it is true."""
    if isinstance(tree, list):
        return [plain(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    return {key: plain(value) for key, value in tree.items() if key != "not" or value}


def blocks(node: Draft) -> list[Draft]:
    """The blocks of related rows in a node, itself included."""
    if kind_of(node) in {"related", "aggregate"}:
        return [node, *blocks(where_of(node))]
    return [block for child in children_of(node) for block in blocks(child)]


def depth_of(node: Draft) -> int:
    """How many groups stand inside each other, related blocks included; a lone rule has none."""
    if kind_of(node) == "group":
        return 1 + max((depth_of(child) for child in children_of(node)), default=0)
    return 0 if kind_of(node) == "rule" else depth_of(where_of(node))


def rules_in(node: Draft) -> int:
    """How many rules, related blocks included, a node holds."""
    if kind_of(node) == "group":
        return sum(rules_in(child) for child in children_of(node))
    return 1 if kind_of(node) == "rule" else 1 + rules_in(where_of(node))


def values_in(node: Any) -> int:
    """How many values stand in lists of a node and of all below it."""
    if isinstance(node, dict):
        own = len(node["value"]) if isinstance(node.get("value"), list) else 0
        return own + sum(values_in(each) for each in node.values())
    return sum(values_in(each) for each in node) if isinstance(node, list) else 0


def paths(node: Draft, at: str = "") -> list[str]:
    """The paths of a node and all below it, from top to bottom as the page shows them."""
    if kind_of(node) in {"related", "aggregate"}:
        return [at, *paths(where_of(node), f"{at}/where")[1:]]
    return [at] + [
        one for i, child in enumerate(children_of(node)) for one in paths(child, f"{at}/rules/{i}")
    ]


def misshapen(node: Any, at: str = "", depth: int = 0) -> str | None:
    """The JSON pointer to the first place that the builder could not even show; None for a draft, faulty or not."""
    if not isinstance(node, dict) or depth > 4 * MAX_DEPTH:
        return at or "/"
    if depth == 0 or "rules" in node:
        rules = node.get("rules")
        if not isinstance(rules, list):
            return f"{at}/rules"
        return next(
            (bad for i, each in enumerate(rules) if (bad := misshapen(each, f"{at}/rules/{i}", depth + 1))),
            None,
        )
    return _misshapen_rule(node, at, depth)


def _misshapen_rule(node: Draft, at: str, depth: int) -> str | None:
    wrong = [key for key in ("match", "lhs", "meta") if not isinstance(node.get(key, {}), dict)]
    wrong += [key for key in ("field", "operator") if not isinstance(node.get(key, ""), str)]
    if wrong:
        return f"{at}/{wrong[0]}"
    if kind_of(node) == "related":
        return misshapen(node.get("value"), f"{at}/value", depth + 1) if "value" in node else None
    if "where" in (node.get("meta") or {}):
        return misshapen(node["meta"]["where"], f"{at}/meta/where", depth + 1)
    value = node.get("value")
    several = value if isinstance(value, list) else [value]
    return None if all(_is_value(each) for each in several) else f"{at}/value"


def _is_value(value: Any) -> bool:
    """A text, number, boolean or relative date."""
    if isinstance(value, dict):
        return value.get("mode") == "relative" and all(isinstance(part, str | int) for part in value.values())
    return value is None or isinstance(value, str | int | float)
