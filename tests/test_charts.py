"""Charts say the truth: bars from zero, balances as steps, thresholds with their value, the numbers as a table."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from console.charts import (
    Chart,
    Moment,
    Series,
    Threshold,
    balance_chart,
    bar_chart,
    funnel_bar,
    line_chart,
    share_bar,
    sparkline,
)
from console.charts.scale import ticks, written

START = date(2026, 10, 1)


def by_day(*values: int | str) -> list[tuple[date, Decimal]]:
    return [(START + timedelta(days=n), Decimal(value)) for n, value in enumerate(values)]


def drawn(chart: Chart) -> str:
    return render_to_string("components/chart.html", {"chart": chart, "id": "c"})


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 100, ["0", "25", "50", "75", "100"]),
        (-131, 412, ["-200", "0", "200", "400", "600"]),
        (0, 0.9, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
    ],
)
def test_axis_values_are_round_and_few(low: float, high: float, expected: list[str]) -> None:
    assert ticks(low, high) == [Decimal(value) for value in expected]


def test_people_are_never_counted_in_parts() -> None:
    days = [(date(2026, 11, day), Decimal(day % 2)) for day in (20, 21, 22)]
    for chart in (line_chart("Members", [Series("members", days)]), bar_chart("Moves", [Series("in", days)])):
        assert [one.text for one in chart.texts if one.text in {"0", "1", "0.25", "0.50"}] == ["0", "1"]


def test_a_level_that_never_moves_is_drawn_over_zero() -> None:
    chart = line_chart(
        "Members", [Series("members", [(date(2026, 11, n), Decimal(24)) for n in (20, 21, 22)])]
    )
    assert chart.axis_from == ""
    assert {"0", "10", "20", "30"} <= {one.text for one in chart.texts}


@pytest.mark.parametrize(("low", "high"), [(-3, 7), (0, 9), (0, 1), (0, 0.4), (-25, 90), (0, 2_400)])
def test_an_axis_of_people_has_whole_people(low: float, high: float) -> None:
    axis = ticks(low, high, is_whole=True)
    assert all(value % 1 == 0 for value in axis)
    assert axis[0] <= low
    assert axis[-1] >= high
    assert len(axis) <= 8


def test_one_level_still_makes_an_axis() -> None:
    assert ticks(7, 7)[0] <= 7


def test_minus_is_a_minus() -> None:
    assert written(Decimal("-1204.75"), 2) == "\u22121,204.75"
    assert written(Decimal("-0.001"), 2) == "0.00"


def test_a_balance_is_drawn_as_steps_from_zero() -> None:
    chart = balance_chart("Balance", by_day(150, 150, 80), currency="EUR")
    assert chart.paths[0].d.count("H") == 2
    assert any(line.classes == "axis" for line in chart.lines)
    assert next(text.text for text in chart.texts if "end" in text.classes) == "0"


def test_a_firing_threshold_is_red_and_its_value_stands_on_the_axis() -> None:
    thresholds = [
        Threshold(Decimal(100), "fires under 100.00"),
        Threshold(Decimal(110), "clears at 110.00", fires=False),
    ]
    chart = balance_chart("Balance", by_day(150, 80), currency="EUR", thresholds=thresholds)
    assert [line.classes for line in chart.lines if line.classes in ("fires", "clears")] == [
        "fires",
        "clears",
    ]
    assert ("100.00", "wrong end") in [(text.text, text.classes) for text in chart.texts]
    assert [text.text for text in chart.texts].count("100.00") == 1


def test_the_moment_of_an_alert_is_marked_where_it_happened() -> None:
    moment = Moment(START + timedelta(days=2), "98.67, fired", Decimal("98.67"), is_alarm=True)
    chart = balance_chart("Balance", by_day(150, 150, 80), currency="EUR", moment=moment, counted_from=START)
    assert [dot.classes for dot in chart.dots] == ["dot wrong"]
    assert "3 Oct 98.67, fired" in [text.text for text in chart.texts]
    assert [rect.classes for rect in chart.rects] == ["shade"]


def test_the_description_says_the_extremes_and_the_last() -> None:
    chart = balance_chart("Balance", by_day(150, "-3.18", 80), currency="EUR")
    assert (
        "lowest \u22123.18 EUR on 2 Oct 2026, highest 150.00 EUR on 1 Oct 2026, 80.00 EUR on 3 Oct 2026"
        in chart.description
    )


def test_the_table_has_every_day_and_a_dash_where_a_series_has_none() -> None:
    chart = balance_chart("Balance", by_day(150, 80), currency="EUR", average=by_day(150)[:1])
    assert chart.heads == ["Day", "balance, end of day, EUR", "average, 30 days, EUR"]
    assert chart.rows == [["1 Oct 2026", "150.00", "150.00"], ["2 Oct 2026", "80.00", "–"]]


def test_bars_start_at_zero_and_what_left_hangs_below() -> None:
    chart = bar_chart("Movement", [Series("entered", by_day(10, 4)), Series("left", by_day(-5, -1), "two")])
    zero = next(line.y1 for line in chart.lines if line.classes == "axis")
    assert [rect.y + rect.height for rect in chart.rects if rect.classes == "bar"] == [
        pytest.approx(zero)
    ] * 2
    assert [rect.y for rect in chart.rects if rect.classes == "bar two"] == [pytest.approx(zero)] * 2


def test_bars_of_one_sign_are_stacked() -> None:
    chart = bar_chart(
        "Delivery",
        [Series("sent", by_day(10)), Series("failed", by_day(5), "wrong")],
        remark=(START, "mail server down"),
    )
    sent, failed = chart.rects
    assert failed.y + failed.height == pytest.approx(sent.y, abs=0.2)
    assert "mail server down" in [text.text for text in chart.texts]


@pytest.mark.parametrize("draw", [line_chart, bar_chart])
def test_a_fourth_series_is_refused(draw: Callable[..., Chart]) -> None:
    with pytest.raises(ValueError, match="at most three"):
        draw("Too much", [Series(str(n), by_day(1)) for n in range(4)])


@pytest.mark.parametrize(
    "chart", [line_chart("Members", []), bar_chart("Sent", []), balance_chart("B", [], currency="EUR")]
)
def test_nothing_to_draw_is_said_in_words(chart: Chart) -> None:
    assert chart.is_empty
    assert "<svg" not in drawn(chart)


def test_one_day_can_be_drawn() -> None:
    assert drawn(balance_chart("Balance", by_day(5), currency="EUR")).count("<circle") == 1


def test_the_picture_is_named_described_and_has_its_numbers_beside_it() -> None:
    html = drawn(line_chart("Members <b>", [Series("members", by_day(1, 2))]))
    assert 'role="img" aria-labelledby="c-title c-desc"' in html
    assert "Members &lt;b&gt;" in html
    assert "<summary>The 2 days as a table</summary>" in html
    assert "style=" not in html


def test_an_axis_that_starts_above_zero_says_where() -> None:
    assert line_chart("Members", [Series("m", by_day(127, 139))]).axis_from == "125"
    assert line_chart("Members", [Series("m", by_day(0, 139))]).axis_from == ""


def test_what_a_level_says_stays_inside_the_drawing() -> None:
    levels = [Threshold(Decimal(150), "fires"), Threshold(Decimal(200), "clears", fires=False)]
    chart = balance_chart("B", by_day(120, 180), currency="EUR", thresholds=levels)
    assert min(text.y for text in chart.texts) >= 11


def test_days_of_several_years_say_their_year() -> None:
    chart = line_chart(
        "Members", [Series("m", [(date(2025, 12, 31), Decimal(1)), (date(2026, 1, 1), Decimal(2))])]
    )
    assert "31 Dec 2025" in [text.text for text in chart.texts]


def test_words_at_the_end_of_lines_do_not_run_into_each_other() -> None:
    chart = line_chart(
        "M", [Series("a", by_day(1, 10), end="10 now"), Series("b", by_day(1, 10), "mute", end="10 too")]
    )
    heights = sorted(text.y for text in chart.texts if text.text in ("10 now", "10 too"))
    assert heights[1] - heights[0] >= 13


def test_a_sparkline_ends_at_its_last_point() -> None:
    spark = sparkline([1, 2, 3])
    assert spark is not None
    assert (spark.x, spark.y) == (72.0, 2.0)
    assert sparkline([4]) is None
    assert sparkline([4, 4]) is not None


def test_a_funnel_bar_is_anchored_right_on_a_square_root_scale() -> None:
    bar = funnel_bar(25, 100)
    assert (bar.x, bar.width) == (66.0, 66.0)
    assert funnel_bar(0, 100).width == 0
    assert funnel_bar(5, 0).width == 0
    assert share_bar(44, 88).width == 40
