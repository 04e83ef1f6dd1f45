"""Charts drawn by the server as SVG with classes only; templates/components/chart.html writes them out.

Every function is pure: numbers and dates in, a Chart out. Each chart carries its own table of the same numbers.
"""

from console.charts.balance import balance_chart
from console.charts.bars import bar_chart
from console.charts.lines import line_chart
from console.charts.marks import Moment, Threshold
from console.charts.series import Series
from console.charts.shapes import Chart
from console.charts.small import Bar, Spark, funnel_bar, share_bar, sparkline

__all__ = [
    "Bar",
    "Chart",
    "Moment",
    "Series",
    "Spark",
    "Threshold",
    "balance_chart",
    "bar_chart",
    "funnel_bar",
    "line_chart",
    "share_bar",
    "sparkline",
]
