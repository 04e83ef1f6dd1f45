"""What dates and relative dates stand for, and comparisons of moments with them, in plain Python.

Moments are compared in UTC: two of one zone compare by their clocks, which says the wrong thing where clocks go back.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.segments.comparing import compare
from tests.segments.plain import ZONE, World

DAY = timedelta(days=1)


def day(world: World, value: Any) -> Any:
    """The local date that a value stands for, or each of several."""
    if isinstance(value, list):
        return [day(world, each) for each in value]
    if isinstance(value, str):
        return date.fromisoformat(value)
    return relative(world, value).astimezone(ZONE).date()


def relative(world: World, value: dict[str, Any]) -> datetime:
    """The moment of a relative date, in UTC."""
    local = world.at.astimezone(ZONE)
    midnight = time() if value["anchor"] != "now" else local.time()
    start = {
        "startOfMonth": local.date().replace(day=1),
        "startOfYear": local.date().replace(month=1, day=1),
    }.get(value["anchor"], local.date())
    offset, unit = value["offset"], value["unit"]
    if unit in ("minute", "hour"):
        minutes = offset * (60 if unit == "hour" else 1)
        return datetime.combine(start, midnight, ZONE).astimezone(UTC) + timedelta(minutes=minutes)
    return datetime.combine(_later(start, offset, unit), midnight, ZONE).astimezone(UTC)


def _later(start: date, offset: int, unit: str) -> date:
    if unit in ("day", "week"):
        return start + DAY * offset * (7 if unit == "week" else 1)
    months = start.year * 12 + start.month - 1 + offset * (12 if unit == "year" else 1)
    for number in range(start.day, 0, -1):
        try:
            return date(months // 12, months % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def compare_moments(world: World, operator: str, actual: datetime | None, value: Any) -> bool:
    """A moment against what stands for whole local days or for moments."""
    if operator in ("!=", "notBetween"):
        return not compare_moments(world, {"!=": "=", "notBetween": "between"}[operator], actual, value)
    if actual is None:
        return False
    low, high = value if isinstance(value, list) else (value, value)
    since, until = _span(world, low)[0], _span(world, high)[1]
    moment = actual.astimezone(UTC)
    if operator in ("=", "between"):
        return since <= moment < until
    return compare(
        {"<=": "<", ">": ">="}.get(operator, operator), moment, {"<=": until, ">": until}.get(operator, since)
    )


def _span(world: World, value: Any) -> tuple[datetime, datetime]:
    """The first moment of what a value stands for, and the first after it."""
    if isinstance(value, dict) and (value["anchor"] == "now" or value["unit"] in ("minute", "hour")):
        moment = relative(world, value)
        return moment, moment + timedelta(microseconds=1)
    first = day(world, value)
    return tuple(datetime.combine(each, time(), ZONE).astimezone(UTC) for each in (first, first + DAY))  # type: ignore[return-value]  # two of them
