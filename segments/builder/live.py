"""The answer beside the rules: how many belong, who enters and leaves against the saved version, and five of them."""

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime

from console.customers.masking import sight_of
from console.templatetags.console import day, money, number
from segments import definition
from segments.builder import funnel
from segments.builder.counting import BUDGET, Counted, TooSlow
from segments.builder.page import Keeps, Page, keeps
from segments.builder.shown import can_show, shown
from segments.builder.spread import Spreads, spread
from segments.catalog import Field
from segments.faults import DefinitionFaults
from segments.models import Segment
from segments.nodes import Rule, walk
from segments.personal import seen

COLUMNS = 4
WAITS = 15 * 60


@dataclass(frozen=True)
class Cell:
    """One value of a sample's row, as text."""

    text: str
    is_number: bool = False


@dataclass(frozen=True)
class Member:
    name: str
    url: str
    cells: list[Cell]


@dataclass
class Live:
    """How many, and how that is known. Nothing in it: not counted."""

    n: int | None = None
    at: datetime | None = None
    seconds: str = ""
    everyone: int | None = None
    entering: int | None = None
    leaving: int | None = None
    members: int | None = None
    is_slow: bool = False
    is_queued: bool = False
    heads: list[Field] = field(default_factory=list)
    sample: list[Member] = field(default_factory=list)
    budget: int = int(BUDGET)


def look(page: Page) -> Live:
    """Count what the page shows, as far as the time reaches: the number first, then the rest."""
    if page.marks:
        return Live()
    tree, counter = page.draft.definition, page.counter
    if since := _queued(page):
        return Live(is_queued=True, at=since)
    began, was_known = time.monotonic(), counter.look_up(tree)
    try:
        counted = counter.count(tree)
    except TooSlow:
        return Live(is_slow=True, at=counter.at)
    live = Live(counted.n, counted.at, "" if was_known else f"{time.monotonic() - began:.1f}")
    try:
        everyone = page.counter.everyone()
        live.everyone, page.everyone = everyone.n, everyone
        _compare(live, page)
        _draw(live, page)
    except TooSlow:
        pass
    return live


def _queued(page: Page) -> datetime | None:
    """Since when a worker counts this definition, unless it is done or was lost."""
    asked = page.draft.counts.get(f"queued {page.counter.key(page.draft.definition)}")
    since = parse_datetime(asked) if asked else None
    if since is None or page.counter.look_up(page.draft.definition):
        return None
    return since if (page.counter.at - since).total_seconds() < WAITS else None


def _compare(live: Live, page: Page) -> None:
    """Who would enter and leave against the members of now."""
    segment: Segment | None = page.draft.segment
    change = page.counter.against(page.draft.definition, segment) if segment else None
    if change is not None:
        live.entering, live.leaving, live.members = change.entering, -change.leaving, change.members


def _draw(live: Live, page: Page) -> None:
    """Five at random, with the values of their own that the rules look at."""
    if not live.n:
        return
    organization, counter = page.counter.organization, page.counter
    rules, sight = _looked_at(page), sight_of(page.draft.staff)
    live.heads = [rule.field for rule in rules]
    today = organization.local_date(counter.at)
    ids = counter.ids(page.draft.definition)
    drawn = counter.timed(lambda: ids.draw(5))
    queryset = counter.people.filter(pk__in=drawn)
    values = {f"seen_{i}": shown(rule, organization, today) for i, rule in enumerate(rules)}
    queryset = queryset.annotate(**values)
    rows = counter.timed(lambda: list(queryset))
    live.sample = [
        Member(
            sight.name(row),
            organization.url(f"{_app(page)}_detail", row.pk),
            [
                cell(head, seen(head, getattr(row, f"seen_{i}", None), sight))
                for i, head in enumerate(live.heads)
            ],
        )
        for row in rows
    ]


def _app(page: Page) -> str:
    return "customers:customer" if page.draft.population == "customers" else "portfolios:account"


def _rules(page: Page) -> list[Rule]:
    """The rules about the member's own row."""
    node = definition.parse(page.draft.definition, page.draft.population, page.counter.organization)
    return [
        each
        for each in walk(node)
        if isinstance(each, Rule)
        and can_show(each)
        and "/value/" not in each.path
        and "/where/" not in each.path
    ]


def _looked_at(page: Page) -> list[Rule]:
    """The last rule about each field of the member's own row; the name stands in the first column anyway."""
    return list({rule.field.key: rule for rule in _rules(page) if rule.field.key != "name"}.values())[
        :COLUMNS
    ]


def cell(head: Field, value: Any) -> Cell:
    """A value of a field as the page writes it."""
    if value is None or value in ("", []):
        return Cell("–", head.type in {"number", "money"})
    if head.type == "money":
        return Cell(money(value), True)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Cell(number(value), True)
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, list):
        return Cell(", ".join(map(str, value)))
    return Cell(
        day(value) if isinstance(value, date) else dict(head.choices or ()).get(str(value), str(value))
    )


def fill_funnel(page: Page) -> dict[str, Keeps]:
    """Count what each rule keeps, as far as the time reaches; the rest is not counted."""
    if page.is_refused:
        return {}
    try:
        page.everyone = page.counter.everyone()
    except TooSlow:
        return {}
    return {step.path: _kept(page, step, page.everyone) for step in funnel.steps(page.draft.definition)}


def _kept(page: Page, step: funnel.Step, everyone: Counted) -> Keeps:
    try:
        n = page.counter.count(step.more).n - (page.counter.count(step.less).n if step.less else 0)
    except (TooSlow, DefinitionFaults):
        return keeps(step, None, everyone.n, sure="none")
    return keeps(step, n, everyone.n)


def spread_of(page: Page) -> Spreads | None:
    """How those who belong are spread; nothing while a rule is not finished, of nobody, or when it takes too long."""
    if page.marks:
        return None
    try:
        return spread(page.draft.definition, page.counter)
    except (TooSlow, DefinitionFaults):
        return None


def ask_in_background(page: Page, at: datetime) -> None:
    """Note that a worker shall count the definition as it stands; the caller wakes the worker."""
    page.draft.counts[f"queued {page.counter.key(page.draft.definition)}"] = at.isoformat()
