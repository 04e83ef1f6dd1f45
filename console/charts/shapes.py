"""What a chart is made of, in CSS pixels from the upper left, with the classes of static/css/charts.css."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    classes: str


@dataclass(frozen=True)
class Path:
    d: str
    classes: str


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    classes: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    r: float
    classes: str


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    classes: str = ""


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a line, or a block for bars."""

    label: str
    tone: str
    is_block: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawing with what screen readers hear (title, description) and the table of the same numbers.

    `axis_from`: the lowest value on an axis that does not start at zero, for the words beside the chart.
    """

    title: str
    description: str
    width: int
    height: int
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    rects: Sequence[Rect] = ()
    lines: Sequence[Line] = ()
    paths: Sequence[Path] = ()
    dots: Sequence[Dot] = ()
    texts: Sequence[Text] = ()
    legend: Sequence[Key] = ()
    axis_from: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.rows

    @property
    def summary(self) -> str:
        """The words that open the table."""
        return f"The {len(self.rows)} days as a table"


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """Straight lines from point to point, as path data; averages are drawn so."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def steps(points: Sequence[tuple[float, float]]) -> str:
    """Level, then a jump at the next point; balances are drawn so."""
    if not points:
        return ""
    first, *rest = points
    return f"M{first[0]:.1f} {first[1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in rest)
