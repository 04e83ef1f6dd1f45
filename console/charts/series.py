"""Values by day, which every chart over time is made of: as a table, in words, and with words after the last point."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from console.charts.scale import Scale, day_words, written
from console.charts.shapes import Dot, Key, Path, Text, polyline, steps

TONES = {"one": "", "two": "two", "three": "three", "mute": "mute"}


@dataclass(frozen=True)
class Series:
    """Values by day. `tone`: one, two, three or mute; `is_steps` for balances; `end` stands after the last point."""

    label: str
    points: Sequence[tuple[date, Decimal]]
    tone: str = "one"
    is_steps: bool = False
    end: str = ""

    def path(self, scale: Scale) -> Path:
        """The line itself."""
        spots = [(scale.x(day), scale.y(value)) for day, value in self.points]
        return Path(steps(spots) if self.is_steps else polyline(spots), f"line {TONES[self.tone]}".strip())


def legend_of(series: Sequence[Series], *, is_block: bool = False) -> list[Key]:
    """One entry for each series; a series alone needs none."""
    return [Key(one.label, one.tone, is_block) for one in series] if len(series) > 1 else []


def days_of(series: Sequence[Series]) -> list[date]:
    """Every day on which some series has a value, in order."""
    return sorted({day for one in series for day, _ in one.points})


def money_places(series: Sequence[Series]) -> int:
    """Two decimals when any value has decimals, else none."""
    return 2 if any(value != int(value) for one in series for _, value in one.points) else 0


def table_of(
    series: Sequence[Series], days: Sequence[date], places: int
) -> tuple[list[str], list[list[str]]]:
    """Heads and rows: a day and the value of each series on it, – where it has none."""
    by_day = [dict(one.points) for one in series]
    rows = [
        [day_words(day, is_long=True)]
        + [written(values[day], places) if day in values else "–" for values in by_day]
        for day in days
    ]
    return ["Day", *(one.label for one in series)], rows


def describe(series: Series, unit: str, places: int) -> str:
    """Shape in words: the lowest and the highest with their days, and the last."""
    lowest, highest = (pick(series.points, key=lambda point: point[1]) for pick in (min, max))
    last = series.points[-1]

    def say(value: Decimal) -> str:
        return f"{written(value, places)} {unit}".strip()

    return (
        f"{series.label}: lowest {say(lowest[1])} on {day_words(lowest[0], True)}, highest {say(highest[1])} "
        f"on {day_words(highest[0], True)}, {say(last[1])} on {day_words(last[0], True)}"
    )


def last_dot(series: Series, scale: Scale) -> Dot:
    """The mark on the last point."""
    day, value = series.points[-1]
    return Dot(scale.x(day), scale.y(value), 3.5, f"dot {TONES[series.tone]}".strip())


def end_room(series: Sequence[Series]) -> int:
    """Pixels at the right that the words after the last points need."""
    longest = max((len(one.end) for one in series), default=0)
    return round(longest * 6.6) + 16 if longest else 12


def end_words(series: Sequence[Series], scale: Scale) -> list[Text]:
    """The words after the last points, kept 13 px apart."""
    marked = sorted(
        ((scale.y(s.points[-1][1]), s) for s in series if s.end and s.points), key=lambda pair: pair[0]
    )
    texts: list[Text] = []
    for height, one in marked:
        y = max(height + 4, texts[-1].y + 13) if texts else height + 4
        texts.append(Text(scale.end + 9, y, one.end, "" if one.tone == "mute" else one.tone))
    return texts
