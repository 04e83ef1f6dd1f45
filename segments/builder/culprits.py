"""The rule after which nobody is left, found from the numbers of the funnel."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import F, Max, Min

from console.customers.masking import sight_of
from segments.builder import funnel
from segments.builder.counting import TooSlow
from segments.builder.page import Page
from segments.builder.rows import Row
from segments.builder.tree import find
from segments.definition.faults import DefinitionFaults
from segments.definition.nodes import Rule
from segments.expressions import Within
from segments.showing.said import as_said, written
from segments.showing.shown import can_show, value_of


class End(NamedTuple):
    """The greatest or the least of values, and what it is called."""

    of: Any
    word: str
    of_dates: str


HIGHEST, LOWEST = End(Max, "highest", "latest"), End(Min, "lowest", "earliest")
WORDS = {">": HIGHEST, ">=": HIGHEST, "<": LOWEST, "<=": LOWEST}


@dataclass(frozen=True)
class Culprit:
    """The row that leaves nobody of the `above` whom the rules before it leave; `alone`: whom it finds by itself.

    `nearest`: how near those above come to it, in words.
    """

    row: Row
    above: int
    alone: int | None
    nearest: str = ""


def culprit(page: Page) -> Culprit | None:
    """The rule that excludes everybody, where one of an *All of* does; marks its number. The rows show the funnel."""
    above = page.everyone.n if page.everyone else 0
    row = _first_empty(page.root) if page.root.side == "all" else None
    if row is None or not above:
        return None
    before = [each for each in page.root.children[: page.root.children.index(row)] if each.keeps]
    above = before[-1].keeps.count if before else above
    nearest = _nearest(page, page.root.children.index(row))
    row = _deeper(row)
    row.keeps = replace(row.keeps, is_culprit=True)
    try:
        alone = page.counter.count(funnel.every([find(page.draft.definition, row.path)])).n
    except (TooSlow, DefinitionFaults):
        alone = None
    return Culprit(row, above, alone, nearest)


def _nearest(page: Page, position: int) -> str:
    """Of a rule that asks for more, or less, than anybody above it has: the most, or the least, that there is."""
    rule = page.node.rules[position] if page.node else None
    if (
        not isinstance(rule, Rule)
        or rule.operator not in WORDS
        or rule.field.is_personal
        or not can_show(rule)
    ):
        return ""
    counter, before = page.counter, page.draft.definition["rules"][:position]
    ends = WORDS[rule.operator]
    value = value_of(rule, counter.organization, counter.at)
    try:
        above = counter.people.filter(Within(F("id"), counter.ids(funnel.every(before))))
        if rule.currency and counter.population == "accounts":  # others it does not compare
            above = above.filter(asset_code=rule.currency)
        found = counter.timed(lambda: above.aggregate(end=ends.of(value))["end"])
    except (TooSlow, DefinitionFaults):
        return ""
    if found is None:
        return ""
    word = ends.of_dates if rule.field.type in ("date", "datetime") else ends.word
    sight, zone = sight_of(page.draft.staff), counter.organization.zone
    text = written(rule.field, as_said(rule, found), rule.currency, sight, zone)
    return f"The {word} {rule.field.label.lower()} among them is {text}."


def _first_empty(group: Row) -> Row | None:
    """The first of the rows that leaves nobody for certain."""
    kept = ((row, row.keeps) for row in group.children if row.keeps)
    return next((row for row, keeps in kept if keeps.count == 0 and keeps.sure == "exact"), None)


def _deeper(row: Row) -> Row:
    """The rule inside a group on which it rests, where the group's own numbers tell."""
    counted = [each for each in row.children if each.keeps and each.keeps.count is not None]
    if row.kind != "group" or not counted:
        return row
    if row.side == "all":
        return _first_empty(row) or row
    return max(counted, key=lambda each: each.keeps.count) if row.side == "none" else row
