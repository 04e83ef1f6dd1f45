"""What the builder says of its own accord about rules that can be saved.

They contradict each other, always hold, decide nothing, cost much, or rest on what lending must not rest on.
"""

from dataclasses import dataclass

from segments.builder import costs
from segments.builder.marks import locate
from segments.builder.page import Page
from segments.builder.rows import Row
from segments.catalog import fairness
from segments.definition.nodes import Aggregate, Node, Rule, walk
from segments.sense.findings import Finding, find
from segments.sense.reasoning import Reasoner

MOST = 6


@dataclass(frozen=True)
class Remark:
    """One remark. `kind`: warn, or info; `target`: the control it leads to; `is_of_fairness`: with a way to read on."""

    heading: str
    text: str
    target: str
    kind: str = "warn"
    is_of_fairness: bool = False


def remarks(page: Page, *, with_cost: bool = True) -> list[Remark]:
    """All remarks on the rules as they stand: what leaves nobody first. None while a rule is not finished.

    What the rules cost takes a look at each of them, so it can wait: `with_cost`.
    """
    if page.node is None or page.marks:
        return []
    counter = page.counter
    reasoner = Reasoner.of(page.node, counter.organization, counter.at)
    said = [_said(page, finding) for finding in find(page.node, reasoner)]
    said.sort(key=lambda remark: remark.kind == "info")
    return [*said[:MOST], *_fairness(page), *(_cost(page) if with_cost else [])]


def _row(page: Page, pointer: str) -> Row:
    path, _ = locate(page.draft.definition, pointer)
    rows = {row.path: row for row in page.root.walk()}
    return rows.get(path.removesuffix("/where"), page.root)


def _said(page: Page, finding: Finding) -> Remark:
    row = _row(page, finding.path)
    other = _row(page, finding.because).label.lower() if finding.because is not None else ""
    who = "row" if finding.is_of_rows else page.draft.population[:-1]
    if not row.number:
        return Remark("Everybody meets these rules", f"Every {who} does, whatever is recorded.", row.target)
    say = {"impossible": _impossible, "together": _together, "always": _always, "needless": _needless}
    heading, text = say[finding.kind](row.label, other, who, finding.side)
    return Remark(heading, text, row.target, "info" if finding.kind == "needless" else "warn")


def _impossible(rule: str, other: str, who: str, side: str) -> tuple[str, str]:
    if side == "any":
        because = f"It can’t hold together with {other}." if other else f"No {who} can meet it."
        return f"{rule} adds nobody", f"{because} Change it, or remove it."
    if side in ("none", "notall"):
        because = f"Whoever is left by {other} meets it." if other else f"Every {who} meets it."
        return f"{rule} removes everybody", f"{because} Change it, or remove it."
    if other:
        both = f"No {who} can meet both, so nobody is left."
        return f"{rule} and {other} can’t both hold", f"{both} Change one, or put them into a group “Any of”."
    return f"{rule} can never hold", f"No {who} can meet it, so nobody is left. Change it, or remove it."


def _together(rule: str, other: str, who: str, side: str) -> tuple[str, str]:
    if side == "any":
        return f"{rule} adds nobody", "It can’t hold together with the rules above its group."
    if side in ("none", "notall"):
        return f"{rule} removes everybody", f"Every {who} that the rules above it leave meets it."
    return (
        f"{rule} leaves nobody",
        f"No {who} can meet it together with the rules above it. Change one of them.",
    )


def _always(rule: str, other: str, who: str, side: str) -> tuple[str, str]:
    if side == "any" and rule.startswith("Rule"):
        return (
            f"{rule} always holds",
            f"Every {who} meets it, so the other rules of its group decide nothing.",
        )
    return f"{rule} always holds", f"Every {who} meets it, so it leaves out nobody. Change it, or remove it."


def _needless(rule: str, other: str, who: str, side: str) -> tuple[str, str]:
    if side == "any":
        return f"{rule} adds nobody", f"Whoever meets it meets {other} already."
    if side == "all":
        return f"{rule} leaves out nobody", f"Whoever meets {other} meets it too."
    return f"{rule} removes nobody", f"Whoever meets it is left out by {other} already."


def _fairness(page: Page) -> list[Remark]:
    """A remark for each ground, with the rules that look at it."""
    found: dict[str, list[Row]] = {}
    for node in walk(page.node) if page.node else ():
        if care := _care(node):
            found.setdefault(care, []).append(_row(page, node.path))
    return [
        Remark(
            f"{_listed(rows)} at {fairness.BY_KEY[care].label}",
            f"{fairness.BY_KEY[care].why} Use it where the purpose asks for it, and say so in the description.",
            rows[0].target,
            is_of_fairness=True,
        )
        for care, rows in found.items()
    ]


def _care(node: Node) -> str:
    if isinstance(node, Rule):
        return node.field.care
    return node.of.care if isinstance(node, Aggregate) and node.of else ""


def _listed(rows: list[Row]) -> str:
    numbers = list(dict.fromkeys(row.number for row in rows))
    if len(numbers) == 1:
        return f"Rule {numbers[0]} looks"
    return f"Rules {', '.join(numbers[:-1])} and {numbers[-1]} look"


def _cost(page: Page) -> list[Remark]:
    found = costs.dearest(page.draft.definition, page.counter)
    if found is None:
        return []
    position, times = found
    row = page.root.children[position]
    text = (
        f"The database expects the count to cost about {times:,.0f} times a look at every {page.draft.population[:-1]},"
        " and every refresh pays it again. A shorter window makes it cheaper; so does a segment of its own, which this"
        " one then names."
    )
    return [Remark(f"{row.label} is expensive", text, row.target)]
