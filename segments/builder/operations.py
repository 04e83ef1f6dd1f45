"""What a person can do to the shape of a draft. Pure: each takes a draft and a path and gives a new draft.

`perform(draft, "duplicate:/rules/2", blank)` is what a button of the page asks for.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

from segments.builder.tree import (
    MAX_DEPTH,
    MAX_RULES,
    Draft,
    copied,
    depth_of,
    find,
    kind_of,
    new_group,
    new_related,
    new_rule,
    parent_of,
    pruned,
    rules_in,
    steps,
)

INVERSE = {
    "=": "!=",
    "in": "notIn",
    "contains": "doesNotContain",
    "beginsWith": "doesNotBeginWith",
    "endsWith": "doesNotEndWith",
    "between": "notBetween",
    "null": "notNull",
}
INVERSE |= {negative: positive for positive, negative in INVERSE.items()}


class Refused(Exception):
    """The operation can't be done; the message says why, in words for the page."""


@dataclass(frozen=True)
class Change:
    """A new draft, where the focus belongs in it, and what happened in words."""

    draft: Draft
    path: str
    part: str = "menu"
    words: str = ""


def _siblings(draft: Draft, path: str) -> tuple[list[Draft], int, str]:
    """The rules among which the node at `path` stands, its position, and the path of their group."""
    try:
        up, position = parent_of(path)
        rules = find(draft, up)["rules"]
        rules[position]
    except (ValueError, LookupError, TypeError) as error:
        raise Refused("This rule is no longer here.") from error
    return rules, position, up


def _append(draft: Draft, path: str, node: Draft) -> str:
    """Put `node` at the end of the group at `path`; gives the new node's path."""
    try:
        rules = find(draft, path)["rules"]
    except (LookupError, TypeError) as error:
        raise Refused("This group is no longer here.") from error
    rules.append(node)
    return f"{path}/rules/{len(rules) - 1}"


def add_rule(draft: Draft, path: str) -> Change:
    fresh = copied(draft)
    return Change(fresh, _append(fresh, path, new_rule()), "field", "Rule added.")


def add_group(draft: Draft, path: str) -> Change:
    """A group that says the other word than the one it stands in, with its first rule to fill in."""
    fresh = copied(draft)
    combinator = "and" if find(fresh, path).get("combinator") == "or" else "or"
    at = _append(fresh, path, new_group(new_rule(), combinator=combinator))
    return Change(fresh, f"{at}/rules/0", "field", "Group added, with one rule.")


def add_related(draft: Draft, path: str) -> Change:
    """A block of related rows; the page offers which rows, how many of them, and a first condition."""
    fresh = copied(draft)
    match = {"mode": "atLeast", "threshold": 1}
    at = _append(fresh, path, new_related("", match=match, where=new_group(new_rule())))
    return Change(fresh, at, "field", "Related rows added.")


def duplicate(draft: Draft, path: str) -> Change:
    fresh = copied(draft)
    rules, position, up = _siblings(fresh, path)
    rules.insert(position + 1, deepcopy(rules[position]))
    return Change(fresh, f"{up}/rules/{position + 1}", words="Copied.")


def remove(draft: Draft, path: str) -> Change:
    """Take a node off; the focus goes to what stands in its place, else before it, else to the group's add button."""
    fresh = copied(draft)
    rules, position, up = _siblings(fresh, path)
    del rules[position]
    if rules:
        return Change(fresh, f"{up}/rules/{min(position, len(rules) - 1)}", words="Removed.")
    return Change(fresh, up, "add", "Removed. The group is empty.")


def _swap(draft: Draft, path: str, by: int, edge: str) -> Change:
    fresh = copied(draft)
    rules, position, up = _siblings(fresh, path)
    target = position + by
    if not 0 <= target < len(rules):
        raise Refused(edge)
    rules[position], rules[target] = rules[target], rules[position]
    return Change(fresh, f"{up}/rules/{target}", words=f"Moved {'up' if by < 0 else 'down'}.")


def move_up(draft: Draft, path: str) -> Change:
    return _swap(draft, path, -1, "It is the first of its group.")


def move_down(draft: Draft, path: str) -> Change:
    return _swap(draft, path, 1, "It is the last of its group.")


def move_out(draft: Draft, path: str) -> Change:
    """Out of its group, to the place right after it. Conditions of related rows stay with their rows."""
    fresh = copied(draft)
    rules, position, up = _siblings(fresh, path)
    if not up or steps(up)[-1] == "where":
        raise Refused("There is no group around it that it could leave.")
    outer, at, outer_path = _siblings(fresh, up)
    outer.insert(at + 1, rules.pop(position))
    return Change(fresh, f"{outer_path}/rules/{at + 1}", words="Moved out of the group.")


def move_in(draft: Draft, path: str) -> Change:
    """Into the group right before it, at its end; else into the one right after it, at its beginning."""
    fresh = copied(draft)
    rules, position, up = _siblings(fresh, path)
    before, after = position - 1, position + 1
    if position and kind_of(rules[before]) == "group":
        rules[before]["rules"].append(rules.pop(position))
        return Change(
            fresh, f"{up}/rules/{before}/rules/{len(rules[before]['rules']) - 1}", words="Moved in."
        )
    if after < len(rules) and kind_of(rules[after]) == "group":
        rules[after]["rules"].insert(0, rules[position])
        del rules[position]
        return Change(fresh, f"{up}/rules/{position}/rules/0", words="Moved in.")
    raise Refused("There is no group right before or after it.")


def negate(draft: Draft, path: str) -> Change:
    """Say the opposite: a test becomes its inverse, a group's `not` turns, anything else goes into a None of."""
    fresh = copied(draft)
    rules, position, _ = _siblings(fresh, path)
    node = rules[position]
    if kind_of(node) == "group":
        rules[position] = _turned(node)
    elif kind_of(node) == "rule" and node.get("operator") in INVERSE:
        node["operator"] = INVERSE[node["operator"]]
    else:
        rules[position] = {"combinator": "or", "not": True, "rules": [node]}
    return Change(fresh, path, words="Turned into its opposite.")


def remove_value(draft: Draft, path: str) -> Change:
    """Take one value out of a list; `path` ends in its position: /rules/0/value/2."""
    fresh = copied(draft)
    at, _, position = path.rpartition("/value/")
    held = find(fresh, at).get("value")
    if not isinstance(held, list) or not position.isdecimal() or int(position) >= len(held):
        raise Refused("This value is no longer here.")
    gone = held.pop(int(position))
    return Change(fresh, at, "values", f"{gone} removed.")


def _turned(group: Draft) -> Draft:
    """The opposite of a group; a None of a single block is that block again."""
    if group.get("not") and len(group["rules"]) == 1 and kind_of(group["rules"][0]) != "rule":
        return group["rules"][0]
    turned = {key: value for key, value in group.items() if key != "not"}
    return turned if group.get("not") else {**turned, "not": True}


OPERATIONS: dict[str, Callable[[Draft, str], Change]] = {
    "add-rule": add_rule,
    "add-group": add_group,
    "add-related": add_related,
    "duplicate": duplicate,
    "remove": remove,
    "up": move_up,
    "down": move_down,
    "in": move_in,
    "out": move_out,
    "negate": negate,
    "remove-value": remove_value,
}


def perform(draft: Draft, order: str) -> Change:
    """Do what a button says: "name:path". Raises Refused with words for the page."""
    name, _, path = order.partition(":")
    if name not in OPERATIONS:
        raise Refused("The page asked for something that the builder does not know. Load it again.")
    try:
        change = OPERATIONS[name](draft, path)
    except (LookupError, TypeError, ValueError) as error:
        raise Refused("This rule is no longer here.") from error
    pruned(change.draft)
    if rules_in(change.draft) > max(MAX_RULES, rules_in(draft)):
        raise Refused(f"A definition holds {MAX_RULES} rules at most.")
    if depth_of(change.draft) > max(MAX_DEPTH, depth_of(draft)):
        raise Refused(f"Groups stand inside each other {MAX_DEPTH} deep at most.")
    return change


def possible(rules: list[Draft], position: int, path: str) -> frozenset[str]:
    """Which operations can be done to the node at `position` among `rules`: the page greys out the others."""
    up, _ = parent_of(path)
    beside = [rules[i] for i in (position - 1, position + 1) if 0 <= i < len(rules)]
    able = {
        "up": position > 0,
        "down": position < len(rules) - 1,
        "in": any(kind_of(each) == "group" for each in beside),
        "out": bool(up) and not up.endswith("/where"),
    }
    return frozenset({"duplicate", "remove", "negate", *(name for name, can in able.items() if can)})
