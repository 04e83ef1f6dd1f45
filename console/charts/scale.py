"""From days and amounts to pixels, with few gridlines and round numbers on the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor, log10

from console.charts.shapes import Line, Text

CHARACTER = 6.4  # the width of a digit of 11 px Inter, rounded up
STEPS = [Decimal(step) for step in ("1", "2", "2.5", "5", "10")]
MINUS = "\u2212"


def round_step(span: float, wanted: int = 4, *, is_whole: bool = False) -> Decimal:
    """The step of 1, 2, 2.5 or 5 times a power of ten that cuts `span` into about `wanted` parts, whole if asked."""
    rough = Decimal(str((span or 1) / wanted))
    magnitude = Decimal(10) ** floor(log10(float(rough)))
    if is_whole and magnitude < 1:
        return Decimal(1)
    fitting = (step * magnitude for step in STEPS if step * magnitude >= rough)
    return next(step for step in fitting if not is_whole or step % 1 == 0)


def ticks(low: float, high: float, wanted: int = 4, *, is_whole: bool = False) -> list[Decimal]:
    """Round values from below `low` to above `high`; whole ones where nothing has parts, as people and rows."""
    step = round_step(high - low, wanted, is_whole=is_whole)
    start = (Decimal(str(low)) / step).to_integral_value("ROUND_FLOOR") * step
    end = (Decimal(str(high)) / step).to_integral_value("ROUND_CEILING") * step
    return [start + step * n for n in range(int((end - start) / step) + 1)]


def written(value: Decimal | float, places: int) -> str:
    """−1,204.75 with `places` decimals."""
    text = f"{abs(value):,.{places}f}"
    return f"{MINUS}{text}" if value < 0 and Decimal(text.replace(",", "")) else text


def places_of(values: Sequence[Decimal]) -> int:
    """The decimals that the values of an axis need: none where all are whole, else as many as the longest has."""
    return max((max(0, -int(value.normalize().as_tuple().exponent)) for value in values), default=0)


def day_words(day: date, is_long: bool = False) -> str:
    """14 Nov, or 14 Nov 2026."""
    return f"{day.day} {day:%b %Y}" if is_long else f"{day.day} {day:%b}"


@dataclass(frozen=True)
class Scale:
    """The plot inside a drawing: `days` from left to right, `values` (the axis) from bottom to top.

    `headroom` leaves that part of the axis free over its highest value, for words.
    """

    days: Sequence[date]
    values: Sequence[Decimal]
    width: int
    height: int
    right: int = 12
    top: int = 12
    bottom: int = 22
    inset: float = 0
    decimals: int = 0
    headroom: float = 0

    @property
    def places(self) -> int:
        """The decimals on the axis: as many as the values need, and at least `decimals`."""
        return max(places_of(self.values), self.decimals)

    @property
    def left(self) -> float:
        longest = max((len(written(v, self.places)) for v in self.values), default=1)
        return round(longest * CHARACTER + 12, 1)

    @property
    def end(self) -> float:
        return self.width - self.right

    @property
    def floor(self) -> float:
        return self.height - self.bottom

    def x(self, day: date) -> float:
        """The middle of a day."""
        span = max((self.days[-1] - self.days[0]).days, 1)
        room = self.end - self.left - 2 * self.inset
        return round(self.left + self.inset + (day - self.days[0]).days * room / span, 1)

    def y(self, value: Decimal | float) -> float:
        """The height of an amount."""
        low, high = float(self.values[0]), float(self.values[-1])
        high += (high - low) * self.headroom
        return round(self.floor - (float(value) - low) / ((high - low) or 1) * (self.floor - self.top), 1)

    def gridlines(self) -> list[Line]:
        """One for each value of the axis; the one at zero is drawn as the axis."""
        return [
            Line(self.left, self.y(v), self.end, self.y(v), "axis" if v == 0 else "grid") for v in self.values
        ]

    def value_words(self, spared: Sequence[float] = ()) -> list[Text]:
        """The numbers at the left, without those that would run into the heights in `spared`."""
        kept = [v for v in self.values if all(abs(self.y(v) - y) >= 11 for y in spared)]
        return [Text(self.left - 8, self.y(v) + 4, written(v, self.places), "end") for v in kept]

    def day_labels(self, wanted: int = 6) -> list[Text]:
        """Some days under the plot, the first and the last among them; years are said when there are several."""
        room = max(2, min(wanted, int((self.end - self.left) // 70)))
        last = len(self.days) - 1
        chosen = sorted({round(n * last / (room - 1)) for n in range(room)}) if last else [0]
        is_long = self.days[0].year != self.days[-1].year
        return [
            Text(
                self.x(self.days[n]),
                self.height - 5,
                day_words(self.days[n], is_long),
                "end" if n == last and last else "middle",
            )
            for n in chosen
        ]
