"""Lines over days: averages and member counts. An axis that does not start at zero is said beside the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from console.charts.scale import Scale, day_words, ticks, written
from console.charts.shapes import Chart, Dot, Key, Path, Text, polyline, steps

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


def line_chart(
    title: str, series: Sequence[Series], *, unit: str = "", size: tuple[int, int] = (814, 150)
) -> Chart:
    """Up to three series over the same days. Amounts are in `unit` (such as EUR). Raises ValueError for a fourth."""
    width, height = size
    if len(series) > 3:
        raise ValueError("A chart shows at most three series.")
    days = days_of(series)
    places = money_places(series)
    table = table_of(series, days, places)
    if not days:
        return Chart(title, "There are no numbers yet.", width, height, table[0], table[1])
    values = [float(value) for one in series for _, value in one.points]
    scale = Scale(days, ticks(min(values), max(values)), width, height, right=end_room(series))
    return Chart(
        title=title,
        description=". ".join(describe(one, unit, places) for one in series if one.points) + ".",
        width=width,
        height=height,
        heads=table[0],
        rows=table[1],
        lines=scale.gridlines(),
        paths=[one.path(scale) for one in series],
        dots=[last_dot(series[0], scale)] if series[0].points else [],
        texts=[*scale.value_words(), *scale.day_labels(), *end_words(series, scale)],
        legend=[Key(one.label, one.tone) for one in series] if len(series) > 1 else [],
        summary=f"The {len(days)} days as a table",
    )


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
