"""Lines over days: averages and member counts. An axis that starts above zero says so in `axis_from`."""

from collections.abc import Sequence

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
from console.charts.shapes import Chart


def line_chart(
    title: str, series: Sequence[Series], *, unit: str = "", size: tuple[int, int] = (814, 150)
) -> Chart:
    """Up to three series over the same days. Amounts are in `unit` (such as EUR). Raises ValueError for a fourth."""
    width, height = size
    if len(series) > 3:
        raise ValueError("A chart shows at most three series.")
    days = days_of(series)
    places = money_places(series)
    heads, rows = table_of(series, days, places)
    if not days:
        return Chart(title, "There are no numbers yet.", width, height, heads, rows)
    values = [float(value) for one in series for _, value in one.points]
    scale = Scale(days, ticks(min(values), max(values)), width, height, right=end_room(series))
    return Chart(
        title=title,
        description=". ".join(describe(one, unit, places) for one in series if one.points) + ".",
        width=width,
        height=height,
        heads=heads,
        rows=rows,
        lines=scale.gridlines(),
        paths=[one.path(scale) for one in series],
        dots=[last_dot(series[0], scale)] if series[0].points else [],
        texts=[*scale.value_words(), *scale.day_labels(), *end_words(series, scale)],
        legend=legend_of(series),
        axis_from=written(scale.values[0], scale.places) if scale.values[0] > 0 else "",
    )
