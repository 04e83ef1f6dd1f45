"""Bars by day, stacked; they start at zero. Series below zero (left, removed) hang under the axis."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from console.charts.scale import Scale, ticks
from console.charts.series import Series, days_of, describe, legend_of, money_places, table_of
from console.charts.shapes import Chart, Rect, Text

GAP = 2.5


def bar_chart(
    title: str,
    series: Sequence[Series],
    *,
    unit: str = "",
    remark: tuple[date, str] | None = None,
    size: tuple[int, int] = (814, 150),
) -> Chart:
    """Up to three stacked series by day; `remark` is written beside its day. Raises ValueError for a fourth series."""
    width, height = size
    if len(series) > 3:
        raise ValueError("A chart shows at most three series.")
    days = days_of(series)
    places = money_places(series)
    heads, rows = table_of(series, days, places)
    if not days:
        return Chart(title, "There are no numbers yet.", width, height, heads, rows)
    low, high = _reach(series, days)
    axis = ticks(low, high or 1, is_whole=not places)
    room = (width - 60) / ((days[-1] - days[0]).days + 1)
    scale = Scale(days, axis, width, height, inset=room / 2)
    return Chart(
        title=title,
        description=". ".join(describe(one, unit, places) for one in series if one.points) + ".",
        width=width,
        height=height,
        heads=heads,
        rows=rows,
        rects=_bars(series, scale, max(1.0, min(room - GAP, 15.0))),
        lines=scale.gridlines(),
        texts=[*scale.value_words(), *scale.day_labels(), *_remark(series, scale, remark)],
        legend=legend_of(series, is_block=True),
    )


def _reach(series: Sequence[Series], days: Sequence[date]) -> tuple[float, float]:
    """How far the stacks go under and over zero."""
    sums = [[float(dict(one.points).get(day, 0)) for one in series] for day in days]
    under = min(sum(v for v in values if v < 0) for values in sums)
    return under, max(sum(v for v in values if v > 0) for values in sums)


def _bars(series: Sequence[Series], scale: Scale, thick: float) -> list[Rect]:
    stacks: dict[tuple[date, bool], Decimal] = {}
    bars = []
    for one in series:
        tone = "" if one.tone == "one" else one.tone
        for day, value in one.points:
            start = stacks.get((day, value < 0), Decimal(0))
            stacks[day, value < 0] = end = start + value
            top, bottom = sorted((scale.y(start), scale.y(end)))
            x, tall = round(scale.x(day) - thick / 2, 1), round(bottom - top, 1)
            bars.append(Rect(x, top, round(thick, 1), tall, f"bar {tone}".strip()))
    return bars


def _remark(series: Sequence[Series], scale: Scale, remark: tuple[date, str] | None) -> list[Text]:
    if remark is None:
        return []
    day, words = remark
    is_right = scale.x(day) > (scale.left + scale.end) / 2
    top = sum((dict(one.points).get(day, Decimal(0)) for one in series), Decimal(0))
    x = scale.x(day) + (-11 if is_right else 11)
    return [Text(x, max(scale.y(top) + 4, 10), words, "strong end" if is_right else "strong")]
