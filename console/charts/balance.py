"""The balance of an account: steps from day to day, its average, and the thresholds it may cross."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from console.charts.marks import Marks, Moment, Threshold
from console.charts.scale import Scale, ticks, written
from console.charts.series import (
    Series,
    days_of,
    describe,
    end_room,
    end_words,
    last_dot,
    legend_of,
    table_of,
)
from console.charts.shapes import Chart
from console.currencies import decimals

Points = Sequence[tuple[date, Decimal]]


def balance_chart(
    title: str,
    balances: Points,
    *,
    currency: str,
    average: Points = (),
    thresholds: Sequence[Threshold] = (),
    counted_from: date | None = None,
    moment: Moment | None = None,
    size: tuple[int, int] = (814, 190),
) -> Chart:
    """End-of-day balances (local days, amounts in `currency`) as steps, with the 30-day average if given.

    `counted_from` shades the days that count, up to the last; `size` is width and height in px.
    """
    places = decimals(currency)
    series = _series(balances, average, places)
    heads, rows = table_of(series, days_of(series), places)
    if not rows:
        return Chart(title, "No balance is recorded yet.", *size, heads, rows)
    marks = Marks(thresholds, moment, counted_from)
    scale = _scale(series, marks, size, places)
    said = [describe(one, currency, places) for one in series] + [level.label for level in thresholds]
    end = [] if moment else end_words(series, scale)
    return Chart(
        title,
        f"{'. '.join(said)}.",
        *size,
        heads=[heads[0], *(f"{head}, {currency}" for head in heads[1:])],
        rows=rows,
        rects=marks.rects(scale),
        lines=[*scale.gridlines(), *marks.lines(scale)],
        paths=[one.path(scale) for one in series],
        dots=[moment.dot(scale) if moment else last_dot(series[-1], scale)],
        texts=[*scale.value_words(marks.spared(scale)), *scale.day_labels(), *marks.texts(scale), *end],
        legend=legend_of(series),
    )


def _series(balances: Points, average: Points, places: int) -> list[Series]:
    """The balance alone in full colour, or grey behind its average."""
    if not balances:
        return []
    end, tone = written(balances[-1][1], places), "mute" if average else "one"
    steps = Series("balance, end of day", balances, tone, is_steps=True, end=end)
    if not average:
        return [steps]
    return [steps, Series("average, 30 days", average, "one", end=f"{written(average[-1][1], places)} avg")]


def _scale(series: Sequence[Series], marks: Marks, size: tuple[int, int], places: int) -> Scale:
    """Holds zero, every balance and every threshold, with room for the words at the end and over the shade."""
    balances = [float(value) for one in series for _, value in one.points]
    levels = [0.0, *balances, *(float(level.value) for level in marks.thresholds)]
    return Scale(
        days_of(series),
        ticks(min(levels), max(levels)),
        *size,
        right=end_room([] if marks.moment else series),
        decimals=places if marks.thresholds else 0,
        headroom=0.15 if marks.counted_from else 0,
    )
