"""How many each rule keeps: which counts that takes, as definitions, and what to say of them.

In an *All of* every rule leaves so many of those above it; in an *Any of* it adds those whom none above it had; in a
*None of* it removes those whom none above it had. Inside a group of an *All of* the rules above the group hold too.
"""

import hashlib
import json
from dataclasses import dataclass

from segments.builder.rows import side_of
from segments.builder.tree import Draft, children_of, kind_of

EVERYONE: Draft = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
WORDS = {"all": "leaves", "any": "adds", "none": "removes"}


@dataclass(frozen=True)
class Step:
    """The number beside one rule: a count, or the difference of two. `word` is leaves, adds or removes."""

    path: str
    word: str
    more: Draft
    less: Draft | None = None


def steps(root: Draft) -> list[Step]:
    """The numbers of the funnel: for the root's rules, and for the rules of groups in an All of."""
    found = []
    for step, above in _of(root, "", []):
        found.append(step)
        child = children_of(root)[int(step.path.rpartition("/")[2])]
        if side_of(root) == "all" and kind_of(child) == "group":
            found += [inner for inner, _ in _of(child, step.path, above)]
    return found


def _of(group: Draft, path: str, above: list[Draft]) -> list[tuple[Step, list[Draft]]]:
    """Each rule's step, and what holds above that rule."""
    side, rules, found = side_of(group), children_of(group), []
    for i in range(len(rules)):
        upstream = [*above, *rules[:i]] if side == "all" else above
        if side == "all":
            step = Step(f"{path}/rules/{i}", "leaves", every([*upstream, rules[i]]))
        elif side == "any":
            less = every([*above, some(rules[:i])]) if i else None
            step = Step(f"{path}/rules/{i}", "adds", every([*above, some(rules[: i + 1])]), less)
        elif side == "none":
            kept = every([*above, none(rules[:i])]) if i else every(above)
            step = Step(f"{path}/rules/{i}", "removes", kept, every([*above, none(rules[: i + 1])]))
        else:
            continue
        found.append((step, upstream))
    return found


def every(rules: list[Draft]) -> Draft:
    return {"combinator": "and", "rules": rules} if rules else EVERYONE


def some(rules: list[Draft]) -> Draft:
    return {"combinator": "or", "rules": rules}


def none(rules: list[Draft]) -> Draft:
    return {"combinator": "or", "not": True, "rules": rules}


def key(definition: Draft, population: str) -> str:
    """A short name for what a definition counts, the same for the same definition."""
    text = json.dumps([population, definition], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
