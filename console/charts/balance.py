"""The balance of an account: steps from day to day, its average, and the thresholds it may cross."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from console.charts.lines import Series, days_of, describe, end_room, end_words, last_dot, table_of
from console.charts.scale import Scale, day_words, ticks, written
from console.charts.shapes import Chart, Dot, Key, Line, Rect, Text

Points = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True)
class Threshold:
    """A level with its words ("fires under 100.00"): red with its value on the axis, or grey where it clears."""

    value: Decimal
    label: str
    fires: bool = True


@dataclass(frozen=True)
class Moment:
    """A day that matters, with its words ("22 Nov 98.67, fired") and the level they belong to."""

    on: date
    label: str
    value: Decimal
    is_alarm: bool = False


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
    width, height = size
    series = _series(balances, average)
    days = days_of(series)
    heads, rows = table_of(series, days, 2)
    if not days:
        return Chart(title, "No balance is recorded yet.", width, height, heads, rows)
    levels = [float(v) for one in series for _, v in one.points] + [float(t.value) for t in thresholds]
    scale = Scale(
        days,
        ticks(min([0, *levels]), max([0, *levels])),
        width,
        height,
        right=end_room([] if moment else series),
        decimals=2 if thresholds else 0,
        headroom=0.15 if counted_from else 0,
    )
    said = [describe(one, currency, 2) for one in series] + [level.label for level in thresholds]
    return Chart(
        title=title,
        description=f"{'. '.join(said)}.",
        width=width,
        height=height,
        heads=[heads[0], *(f"{head}, {currency}" for head in heads[1:])],
        rows=rows,
        rects=_shade(scale, counted_from),
        lines=[*scale.gridlines(), *_levels(scale, thresholds), *_moment_line(scale, moment)],
        paths=[one.path(scale) for one in series],
        dots=_dots(scale, series, moment),
        texts=[
            *scale.value_words(spared=[scale.y(level.value) for level in thresholds if level.fires]),
            *scale.day_labels(),
            *_level_words(scale, thresholds),
            *(_moment_words(scale, moment) if moment else end_words(series, scale)),
            *_shade_words(scale, counted_from),
        ],
        legend=[Key(one.label, one.tone) for one in series] if len(series) > 1 else [],
        summary=f"The {len(days)} days as a table",
    )


def _series(balances: Points, average: Points) -> list[Series]:
    """The balance alone in full colour, or grey behind its average."""
    if not balances:
        return []
    end, tone = written(balances[-1][1], 2), "mute" if average else "one"
    steps = Series("balance, end of day", balances, tone, is_steps=True, end=end)
    if not average:
        return [steps]
    return [steps, Series("average, 30 days", average, "one", end=f"{written(average[-1][1], 2)} avg")]


def _shade(scale: Scale, start: date | None) -> list[Rect]:
    if start is None:
        return []
    return [
        Rect(
            scale.x(start), scale.top, round(scale.end - scale.x(start), 1), scale.floor - scale.top, "shade"
        )
    ]


def _shade_words(scale: Scale, start: date | None) -> list[Text]:
    return [Text(scale.x(start) + 6, scale.top + 13, "the days that count")] if start else []


def _levels(scale: Scale, thresholds: Sequence[Threshold]) -> list[Line]:
    return [
        Line(scale.left, scale.y(t.value), scale.end, scale.y(t.value), "fires" if t.fires else "clears")
        for t in thresholds
    ]


def _level_words(scale: Scale, thresholds: Sequence[Threshold]) -> list[Text]:
    """Words under a firing level and over a clearing one; the firing value stands on the axis."""
    words = [
        Text(scale.left + 6, scale.y(t.value) + (14 if t.fires else -5), t.label, "wrong" if t.fires else "")
        for t in thresholds
    ]
    return words + [
        Text(scale.left - 8, scale.y(t.value) + 4, written(t.value, 2), "wrong end")
        for t in thresholds
        if t.fires
    ]


def _moment_line(scale: Scale, moment: Moment | None) -> list[Line]:
    return [Line(scale.x(moment.on), scale.top, scale.x(moment.on), scale.floor, "moment")] if moment else []


def _moment_words(scale: Scale, moment: Moment | None) -> list[Text]:
    if moment is None:
        return []
    is_right = scale.x(moment.on) > (scale.left + scale.end) / 2
    y = scale.y(moment.value)
    return [
        Text(
            scale.x(moment.on) + (-9 if is_right else 9),
            y + 16 if y < scale.floor - 24 else y - 10,
            f"{day_words(moment.on)} {moment.label}",
            f"{'wrong' if moment.is_alarm else 'strong'}{' end' if is_right else ''}",
        )
    ]


def _dots(scale: Scale, series: Sequence[Series], moment: Moment | None) -> list[Dot]:
    if moment is not None:
        return [
            Dot(scale.x(moment.on), scale.y(moment.value), 4.5, "dot wrong" if moment.is_alarm else "dot")
        ]
    return [last_dot(series[-1], scale)]
