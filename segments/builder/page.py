"""What the builder's page shows of a draft: rows with faults and numbers, the action bar, the sentence."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from console.charts import Bar, funnel_bar
from console.customers.masking import sight_of
from console.organizations.models import Organization
from segments.builder import funnel
from segments.builder.counting import Counted, Counter
from segments.builder.lexicon import Lexicon
from segments.builder.marks import Mark, laid_out
from segments.builder.rows import Row
from segments.definition import english, personal
from segments.definition.faults import DefinitionFaults
from segments.definition.nodes import Group
from segments.models import Draft

FIRST = {"schema_version": 1, "combinator": "and", "rules": [{"field": "", "operator": "", "value": ""}]}


@dataclass(frozen=True)
class Keeps:
    """The number beside a rule. `sure`: exact · counting · none. `is_culprit`: from here on there is nobody."""

    word: str = ""
    count: int | None = None
    sure: str = "counting"
    side: str = "all"
    bar: Bar | None = None
    is_culprit: bool = False


@dataclass
class Page:
    """One answer of the builder."""

    draft: Draft
    lexicon: Lexicon
    counter: Counter
    root: Row
    marks: list[Mark]
    sentence: str
    everyone: Counted | None
    node: Group | None = None
    keeps: dict[str, Keeps] = field(default_factory=dict)
    is_refused: bool = False

    @property
    def is_sound(self) -> bool:
        return not self.marks

    @property
    def is_open(self) -> bool:
        """Whether all that stands in the way are rules somebody has yet to finish."""
        return bool(self.marks) and all(mark.is_open for mark in self.marks)

    @property
    def number(self) -> int:
        """The number that the version would get that a save makes."""
        return (self.draft.base.number if self.draft.base else 0) + 1

    @property
    def kept(self) -> str:
        """When the draft was kept, by the organization's clock: 10:42:06."""
        return f"{self.draft.kept_at.astimezone(self.counter.organization.zone):%H:%M:%S}"

    @property
    def population(self) -> str:
        return self.draft.population.capitalize()


def lexicon_of(organization: Organization, draft: Draft) -> Lexicon:
    return Lexicon.of(organization, draft.population, without=str(draft.segment_id or ""))


def counter_of(organization: Organization, draft: Draft, lexicon: Lexicon, at: datetime) -> Counter:
    asked = (organization, draft.population, draft.is_marketing, at)
    return Counter(*asked, known=draft.counts, catalogue=lexicon.known, own=draft.segment_id)


def compose(
    organization: Organization,
    draft: Draft,
    lexicon: Lexicon,
    at: datetime,
    *,
    spare: str | None = None,
    focus: tuple[str, str] | None = None,
    typing: str | None = None,
) -> Page:
    """The page for a draft as it stands. `spare`: the row being filled in; `focus`: the row and part that get it;
    `typing`: the row that somebody types in."""
    counter = counter_of(organization, draft, lexicon, at)
    node, faults = None, None
    try:
        node = counter.read(draft.definition)
        if looks_in := personal.faults(node, sight_of(draft.staff)):
            faults = DefinitionFaults(looks_in)
    except DefinitionFaults as error:
        faults = error
    root, marks = laid_out(draft.definition, lexicon, faults, spare=spare, typing=typing)
    if focus:
        _set_focus(root, *focus)
    sentence = english.read_back(node, names_of(lexicon)) if node else ""
    page = Page(draft, lexicon, counter, root, marks, sentence, counter.look_up_everyone(), node)
    page.is_refused = node is not None and faults is not None
    page.keeps = known_keeps(page)
    put_keeps(root, page.keeps)
    return page


def put_keeps(root: Row, found: dict[str, Keeps]) -> list[Row]:
    """Put the numbers at their rules: a rule with a fault is not counted. Gives the rows that show one."""
    shown = [row for row in root.walk() if row.path in found]
    for row in shown:
        rows = [inner for inner in row.walk() if inner.faults or inner.is_new]
        if all(inner.is_open for inner in rows):
            row.keeps = None if rows else found[row.path]
        else:
            row.keeps = Keeps(sure="none")
    return shown


def names_of(lexicon: Lexicon) -> dict[Any, str]:
    """Names of segments by id, for the sentence."""
    return {UUID(pk): name for names in lexicon.segments.values() for pk, name in names.items()}


def _set_focus(root: Row, path: str, part: str) -> None:
    row = next((row for row in root.walk() if row.path == path), root)
    control = row.cells.get("figure") if part == "field" and "figure" in row.cells else row.cells.get(part)
    if part == "values" and row.values:
        control = row.values[0]
    if control is not None:
        control.is_focus = True
    else:
        row.focus = part if row.number or part == "add" else "add"


def known_keeps(page: Page) -> dict[str, Keeps]:
    """The numbers that are known already; the others read "counting…" until the funnel has counted them."""
    found = {}
    for step in funnel.steps(page.draft.definition):
        counts = [page.counter.look_up(tree) for tree in (step.more, step.less) if tree is not None]
        known = [count.n for count in counts if count]
        n = known[0] - sum(known[1:]) if len(known) == len(counts) else None
        found[step.path] = keeps(step, n, page.everyone.n if page.everyone else None)
    return found


def keeps(step: funnel.Step, n: int | None, everyone: int | None, *, sure: str = "exact") -> Keeps:
    side = {"leaves": "all", "adds": "any", "removes": "none"}[step.word]
    bar = funnel_bar(n, everyone) if n is not None and everyone else None
    return Keeps(step.word, n, sure if n is not None or sure == "none" else "counting", side, bar)
