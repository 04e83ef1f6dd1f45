"""Lines over days: averages and member counts. An axis that starts above zero says so in `axis_from`."""

from collections.abc import Sequence
from datetime import date

from console.charts.scale import Scale, ticks, written
from console.charts.series import (
    Series,
    days_of,
    describe,
    end_room,
    end_words,
    last_dot,
    legend_of,
    money_places,
    table_of,
)
from console.charts.shapes import Chart, Line, Text


def line_chart(
    title: str,
    series: Sequence[Series],
    *,
    unit: str = "",
    size: tuple[int, int] = (814, 150),
    marked: Sequence[tuple[date, str]] = (),
) -> Chart:
    """Up to three series over days, in `unit` (EUR). `marked`: days in words. Raises ValueError for a fourth."""
    width, height = size
    if len(series) > 3:
        raise ValueError("A chart shows at most three series.")
    days = days_of(series)
    places = money_places(series)
    heads, rows = table_of(series, days, places)
    if not days:
        return Chart(title, "There are no numbers yet.", width, height, heads, rows)
    values = [float(value) for one in series for _, value in one.points]
    low, high = min(values), max(values)
    axis = ticks(low if low < high else min(low, 0), high, is_whole=not places)
    scale = Scale(days, axis, width, height, right=end_room(series))
    return Chart(
        title=title,
        description=". ".join(describe(one, unit, places) for one in series if one.points) + ".",
        width=width,
        height=height,
        heads=heads,
        rows=rows,
        lines=[*scale.gridlines(), *(day_line(on, scale) for on, _ in marked)],
        paths=[one.path(scale) for one in series],
        dots=[last_dot(series[0], scale)] if series[0].points else [],
        texts=_texts(series, scale, marked),
        legend=legend_of(series),
        axis_from=written(scale.values[0], scale.places) if scale.values[0] > 0 else "",
    )


def _texts(series: Sequence[Series], scale: Scale, marked: Sequence[tuple[date, str]]) -> list[Text]:
    marks = [day_words_at(on, words, scale) for on, words in marked]
    return [*scale.value_words(), *scale.day_labels(), *end_words(series, scale), *marks]


def day_line(on: date, scale: Scale) -> Line:
    """A day from top to bottom."""
    return Line(scale.x(on), scale.top, scale.x(on), scale.floor, "moment faint")


def day_words_at(on: date, words: str, scale: Scale) -> Text:
    """The words of a marked day, on the side of its line that has more room."""
    is_right = scale.x(on) > (scale.left + scale.end) / 2
    return Text(
        scale.x(on) + (-5 if is_right else 5), scale.top + 9, words, "strong end" if is_right else "strong"
    )
