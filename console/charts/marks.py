"""What is marked on the chart of a balance: levels that it may cross, the day on which it did, the days that count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from console.charts.scale import Scale, day_words, written
from console.charts.shapes import Dot, Line, Rect, Text


@dataclass(frozen=True)
class Threshold:
    """A level with its words ("fires under 100.00"): red with its value on the axis, or grey where it clears."""

    value: Decimal
    label: str
    fires: bool = True

    def line(self, scale: Scale) -> Line:
        """The level from one end to the other."""
        y = scale.y(self.value)
        return Line(scale.left, y, scale.end, y, "fires" if self.fires else "clears")

    def words(self, scale: Scale) -> list[Text]:
        """Under a level that fires, whose value stands on the axis; over one that clears, if there is room over it."""
        y, x = scale.y(self.value), scale.left
        if not self.fires:
            return [Text(x + 6, y - 5 if y >= scale.top + 5 else y + 14, self.label)]
        return [
            Text(x + 6, y + 14, self.label, "wrong"),
            Text(x - 8, y + 4, written(self.value, 2), "wrong end"),
        ]


@dataclass(frozen=True)
class Moment:
    """A day that matters, with its words ("98.67, fired") and the level they belong to."""

    on: date
    label: str
    value: Decimal
    is_alarm: bool = False

    def line(self, scale: Scale) -> Line:
        """The day from top to bottom."""
        return Line(scale.x(self.on), scale.top, scale.x(self.on), scale.floor, "moment")

    def dot(self, scale: Scale) -> Dot:
        """The place where it happened."""
        return Dot(scale.x(self.on), scale.y(self.value), 4.5, "dot wrong" if self.is_alarm else "dot")

    def words(self, scale: Scale) -> Text:
        """Day and words on the side that has more room, under the point unless that is too near the axis."""
        x, y = scale.x(self.on), scale.y(self.value)
        is_right = x > (scale.left + scale.end) / 2
        return Text(
            x + (-9 if is_right else 9),
            y + 16 if y < scale.floor - 24 else y - 10,
            f"{day_words(self.on)} {self.label}",
            f"{'wrong' if self.is_alarm else 'strong'}{' end' if is_right else ''}",
        )


@dataclass(frozen=True)
class Marks:
    """All that is marked on one chart; from `counted_from` on the days are shaded."""

    thresholds: Sequence[Threshold]
    moment: Moment | None
    counted_from: date | None

    def rects(self, scale: Scale) -> list[Rect]:
        """The shade."""
        if self.counted_from is None:
            return []
        x = scale.x(self.counted_from)
        return [Rect(x, scale.top, round(scale.end - x, 1), scale.floor - scale.top, "shade")]

    def lines(self, scale: Scale) -> list[Line]:
        """Levels across, the moment from top to bottom."""
        levels = [level.line(scale) for level in self.thresholds]
        return [*levels, self.moment.line(scale)] if self.moment else levels

    def spared(self, scale: Scale) -> list[float]:
        """The heights at which a threshold's value stands on the axis."""
        return [scale.y(level.value) for level in self.thresholds if level.fires]

    def texts(self, scale: Scale) -> list[Text]:
        """The words of all of them."""
        texts = [text for level in self.thresholds for text in level.words(scale)]
        texts += [self.moment.words(scale)] if self.moment else []
        if self.counted_from:
            texts.append(Text(scale.x(self.counted_from) + 6, scale.top + 13, "the days that count"))
        return texts
