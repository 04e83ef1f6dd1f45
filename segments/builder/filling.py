"""The numbers beside the rules: with one look at the members, estimated where they are many, exact where asked."""

from dataclasses import replace

from segments.builder import funnel, one_look
from segments.builder.counting import TooSlow
from segments.builder.funnel import Step
from segments.builder.page import Keeps, Page, keeps, known_keeps
from segments.builder.rows import side_of
from segments.definition.faults import DefinitionFaults

ASKED = 20.0  # seconds for exact numbers, where somebody asks for them


def fill_funnel(page: Page, *, is_exact: bool = False) -> dict[str, Keeps]:
    """Count what each rule keeps, as far as the time reaches; the rest is not counted. `is_exact`: no estimates."""
    if page.is_refused:
        return {}
    if is_exact:
        page.counter = replace(page.counter, budget=ASKED)
    try:
        page.everyone = page.counter.everyone()
    except TooSlow:
        return {}
    found = known_keeps(page)
    missing = [step for step in funnel.steps(page.draft.definition) if found[step.path].sure != "exact"]
    if missing:
        found |= _one_by_one(page, missing) if is_exact else _looked(page, missing)
    return found | _end(page)


def _looked(page: Page, steps: list[Step]) -> dict[str, Keeps]:
    """The numbers with one look; each by itself where that takes too long."""
    everyone = page.everyone.n if page.everyone else None
    try:
        said = one_look.look(steps, page.counter)
    except TooSlow:
        return _one_by_one(page, steps)
    found = {}
    for step in steps:
        n = said.get(step.path)
        if n is None or isinstance(n, int):
            found[step.path] = keeps(step, n, everyone, sure="none" if n is None else "exact")
        else:
            found[step.path] = keeps(step, n.n, everyone, sure="estimate")
    return found


def _one_by_one(page: Page, steps: list[Step]) -> dict[str, Keeps]:
    """Exact numbers, one after the other until the time is over."""
    return {step.path: _kept(page, step) for step in steps}


def _kept(page: Page, step: Step) -> Keeps:
    everyone = page.everyone.n if page.everyone else None
    try:
        n = page.counter.count(step.more).n - (page.counter.count(step.less).n if step.less else 0)
    except (TooSlow, DefinitionFaults):
        return keeps(step, None, everyone, sure="none")
    return keeps(step, n, everyone)


def _end(page: Page) -> dict[str, Keeps]:
    """Where nobody belongs by all rules: exact numbers of the first rule that leaves nobody and the one above it."""
    tree = page.draft.definition
    known = page.counter.look_up(tree)
    if known is None or known.n or side_of(tree) != "all":
        return {}
    steps = [step for step in funnel.steps(tree) if step.path.count("/") == 2]  # those of the root
    found, low, high = {}, -1, len(steps) - 1
    while high - low > 1:
        middle = (low + high) // 2
        kept = found[steps[middle].path] = _kept(page, steps[middle])
        if kept.count is None:
            return found
        low, high = (low, middle) if kept.count == 0 else (middle, high)
    found[steps[high].path] = keeps(steps[high], 0, page.everyone.n if page.everyone else None)
    return found
