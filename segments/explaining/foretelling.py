"""What time alone will bring: the day on which the rules answer otherwise for a member though nothing else happens."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from segments import definition
from segments.builder.counting import BUDGET, TooSlow, time_limit
from segments.definition import english
from segments.definition.near import Near
from segments.definition.nodes import Group, near
from segments.explaining.explanation import names_in
from segments.explaining.rows import Found, look
from segments.freshness.lapsing import MOMENT, lapses_at, midnight
from segments.models import Segment

__all__ = ["DAYS", "TooSlow", "Turn", "foretell"]

DAYS = 31


@dataclass(frozen=True)
class Turn:
    """On `day`, a date of the organization's, the member enters or leaves: by then these rules hold, or no longer."""

    day: date
    enters: bool
    held: list[str]
    failed: list[str]


def foretell(segment: Segment, member: Any, *, at: datetime) -> Turn | None:
    """The first of the next DAYS days that finds another answer than the moment `at`, with everything else as it is.

    None where there is none, and where nothing is counted any more. Who is in other segments stays as it is too. Raises
    DefinitionFaults, or TooSlow where it takes longer than a page waits.
    """
    if segment.version is None or segment.archived_at:
        return None
    organization, node = segment.organization, segment.rules()
    if lapses_at(node, organization, at) is None:
        return None
    asked = Near.one(organization, node.population, member.pk)

    def answer(moment: datetime) -> Found:
        compiler = definition.Compiler.of(node, organization, moment, near=asked)
        return look(compiler, node, segment.is_marketing)

    until = time.monotonic() + BUDGET
    with time_limit(BUDGET):
        last = answer(at)
        for days in range(1, DAYS + 1):
            day = organization.local_date(at) + timedelta(days=days)
            begins = midnight(day, organization)
            then = answer(begins)
            if then.belongs != last.belongs:
                # Where rules count hours, it may have been in the course of the day before.
                is_later = answer(begins - MOMENT).belongs == last.belongs
                return _turn(segment, node, day if is_later else day - timedelta(days=1), last, then)
            if time.monotonic() > until:
                raise TooSlow
            last = then
    return None


def _turn(segment: Segment, node: Group, day: date, last: Found, then: Found) -> Turn:
    """With the rules that answer otherwise than the last time, in words."""
    names = names_in(segment, node)
    rules = [each for each in near(node) if not isinstance(each, Group)]
    turned = [each for each in rules if then.holds(each) != last.holds(each)]
    held, failed = (
        [_whole(english.say(each, names)) for each in turned if then.holds(each) == holds]
        for holds in (True, False)
    )
    return Turn(day, then.belongs, held, failed)


def _whole(words: str) -> str:
    return words[0].upper() + words[1:]
