"""When the clock alone may change who meets a definition: at the next day, month or year, or all the time.

A definition says it itself: compiled for two moments, it is the same query with the same values unless something in it
looks at the clock. So whatever a field reads the date for is found, without a list of such fields.
"""

from datetime import date, datetime, time, timedelta

from console.organizations.models import Organization
from segments import definition
from segments.definition.nodes import Aggregate, Group, Relative, Rule, walk

MOMENT = timedelta(microseconds=1)
# What counts from the present moment may change at every one: how old its answer may become, by the unit it counts in.
KEPT_FOR = {"minute": timedelta(minutes=1), "hour": timedelta(minutes=5)}
USUALLY = timedelta(minutes=15)


def lapses_at(node: Group, organization: Organization, at: datetime) -> datetime | None:
    """Until when the answer that a definition gives at the moment `at` holds, as far as the clock goes; None: for ever.

    A change of day, month or year is the organization's. Where the rules count from the present moment, the answer may
    change at once; then it is when the next one is due.
    """

    def asked(moment: datetime) -> tuple[str, tuple[object, ...]]:
        ids = definition.ids(node, organization, moment)
        return ids.sql, ids.params

    now = asked(at)
    if asked(at + MOMENT) != now:
        return at + _kept_for(node)
    return next((each for each in _turns(organization, at) if asked(each) != now), None)


def _turns(organization: Organization, at: datetime) -> list[datetime]:
    """The first moments of the next day, month and year. A day at which nothing changes is followed by others of its
    month at which nothing does: dates in definitions count days, or name the same day of another month or its last.
    """
    today = organization.local_date(at)
    tomorrow = today + timedelta(days=1)
    month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return [midnight(day, organization) for day in (tomorrow, month, date(today.year + 1, 1, 1))]


def midnight(day: date, organization: Organization) -> datetime:
    """When a day of the organization's begins."""
    return datetime.combine(day, time(), organization.zone)


def _kept_for(node: Group) -> timedelta:
    """How old an answer that changes all the time may become."""
    tested = [each.value for each in walk(node) if isinstance(each, Rule | Aggregate)]
    values = [each for value in tested for each in (value if isinstance(value, tuple) else (value,))]
    moving = [each for each in values if isinstance(each, Relative) and each.anchor == "now"]
    return min((KEPT_FOR.get(each.unit, USUALLY) for each in moving), default=USUALLY)
