"""Drawings inside a row: sparkline, bar of a funnel, bar of a share. Decoration: the number stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt


@dataclass(frozen=True)
class Spark:
    """72 × 20 px: the points of a line, and its last point."""

    points: str
    x: float
    y: float


@dataclass(frozen=True)
class Bar:
    """Where a bar starts and how long it is, in px."""

    x: float
    width: float


def sparkline(values: Sequence[int | float | Decimal]) -> Spark | None:
    """A line through the values, lowest at the bottom. None for fewer than two: nothing moved yet."""
    if len(values) < 2:
        return None
    low, high = float(min(values)), float(max(values))
    span = high - low
    spots = [
        (round(n * 72 / (len(values) - 1), 1), round(18 - (float(v) - low) / span * 16, 1) if span else 10.0)
        for n, v in enumerate(values)
    ]
    return Spark(" ".join(f"{x},{y}" for x, y in spots), *spots[-1])


def funnel_bar(left: int, everyone: int, width: int = 132) -> Bar:
    """The bar of a rule: anchored right, on a square-root scale so that small segments stay visible."""
    length = round(width * sqrt(min(left / everyone, 1)), 1) if everyone and left > 0 else 0.0
    return Bar(round(width - length, 1), length)


def share_bar(part: int, largest: int, width: int = 80) -> Bar:
    """The bar of one reason among several: anchored left, on a straight scale."""
    return Bar(0.0, round(width * part / largest, 1) if largest else 0.0)
