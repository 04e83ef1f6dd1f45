"""The answer beside the rules: how many belong, who enters and leaves against the saved version, and five of them.

Where an exact count takes a moment, an estimate comes first, and the page asks for the exact one by itself.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from console.customers.masking import sight_of
from segments.builder.counting import BUDGET, TooSlow
from segments.builder.estimating import Guess, guess
from segments.builder.page import Page
from segments.builder.spread import Spreads, spread
from segments.definition.faults import DefinitionFaults
from segments.models import Segment
from segments.showing.beside import Cell, Column, columns_of, values_of

COLUMNS, FIVE = 4, 5
WAITS = 15 * 60


@dataclass(frozen=True)
class Member:
    name: str
    url: str
    cells: list[Cell]


@dataclass
class Live:
    """How many, and how that is known: with a `margin` it is estimated. Nothing in it: not counted."""

    n: int | None = None
    at: datetime | None = None
    seconds: str = ""
    everyone: int | None = None
    entering: int | None = None
    leaving: int | None = None
    members: int | None = None
    margin: int | None = None
    looked_at: int = 0
    is_slow: bool = False
    is_queued: bool = False
    heads: list[Column] = field(default_factory=list)
    sample: list[Member] = field(default_factory=list)
    budget: int = int(BUDGET)

    @property
    def is_estimate(self) -> bool:
        return self.margin is not None

    @property
    def is_last(self) -> bool:
        """Whether the page has nothing more to ask for by itself."""
        return not self.is_queued and (self.is_slow or not self.is_estimate)

    @property
    def said(self) -> str:
        """What is read out: only what stays, so that nobody hears two numbers one after the other."""
        if self.is_slow:
            return f"Not counted exactly: it takes longer than {self.budget} s."
        return f"{self.n:,}" if self.n is not None and self.is_last else ""


def look(page: Page, *, is_exact: bool = False, has_drawn: bool = False) -> Live:
    """What can be said at once, an estimate where an exact count takes a moment; `is_exact`: only that.

    The number comes first, then the rest, as far as the time reaches. `has_drawn`: the page shows some of them already.
    """
    if page.marks:
        return Live()
    tree, counter = page.draft.definition, page.counter
    if since := _queued(page):
        return _roughly(page, is_queued=True, at=since)
    began, was_known = time.monotonic(), counter.look_up(tree)
    if not is_exact and not was_known and (live := _estimated(page)):
        return live
    try:
        counted = counter.count(tree)
    except TooSlow:
        return _roughly(page, is_slow=True, at=counter.at)
    live = Live(counted.n, counted.at, "" if was_known else f"{time.monotonic() - began:.1f}")
    try:
        everyone = page.counter.everyone()
        live.everyone, page.everyone = everyone.n, everyone
        _compare(live, page)
        if live.n and not has_drawn:
            _show(live, page, counter.timed(lambda: counter.ids(tree).draw(FIVE)))
    except TooSlow:
        pass
    return live


def _estimated(page: Page) -> Live | None:
    """About how many, with some of the sample; none where the exact number is there as soon."""
    try:
        found = guess(page.draft.definition, page.counter, FIVE)
    except TooSlow:
        return None
    if not isinstance(found, Guess):
        return None
    about = found.estimate
    live = Live(about.n, page.counter.at, margin=about.margin, looked_at=about.looked_at)
    with suppress(TooSlow):
        _show(live, page, found.drawn)
    return live


def _roughly(page: Page, *, at: datetime, is_slow: bool = False, is_queued: bool = False) -> Live:
    """What is shown in place of an exact count that is not there: an estimate, where that is quick."""
    again = replace(page.counter, _began=time.monotonic(), budget=BUDGET / 2)
    live = _estimated(replace(page, counter=again)) or Live()
    live.at, live.is_slow, live.is_queued = at, is_slow, is_queued
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


def _show(live: Live, page: Page, drawn: list[Any]) -> None:
    """Those who were drawn, with the values of their own that the rules look at."""
    if not drawn:
        return
    organization, counter = page.counter.organization, page.counter
    sight = sight_of(page.draft.staff)
    live.heads = columns_of(page.node, most=COLUMNS) if page.node else []
    people = counter.people.filter(pk__in=drawn)
    found = counter.timed(lambda: values_of(people, live.heads, organization, counter.at, sight))
    live.sample = [
        Member(sight.name(row), organization.url(f"{_app(page)}_detail", row.pk), cells)
        for row, cells in found
    ]


def _app(page: Page) -> str:
    return "customers:customer" if page.draft.population == "customers" else "portfolios:account"


def spread_of(page: Page) -> Spreads | None:
    """How those who belong are spread; nothing while a rule is not finished, or when it takes too long."""
    if page.marks:
        return None
    try:
        return spread(page.draft.definition, page.counter)
    except (TooSlow, DefinitionFaults):
        return None


def ask_in_background(page: Page, at: datetime) -> None:
    """Note that a worker shall count the definition as it stands; the caller wakes the worker."""
    page.draft.counts[f"queued {page.counter.key(page.draft.definition)}"] = at.isoformat()
