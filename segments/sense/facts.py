"""The values that one fact of a member may have. Each rule narrows them, until perhaps none is left."""

from dataclasses import dataclass
from typing import Any

Point = tuple[Any, ...]
LOWEST: Point = (-1,)
HIGHEST: Point = (1,)


def point(value: Any, *, after: bool = False) -> Point:
    """The place of a value among all that can be compared with it, or the place just after it."""
    return (0, value, int(after))


@dataclass(frozen=True)
class Spans:
    """A fact that has an order: the spans it may lie in, lowest first, each without its end; `missing`: or be unset."""

    spans: tuple[tuple[Point, Point], ...] = ((LOWEST, HIGHEST),)
    missing: bool = True

    def meet(self, other: "Spans") -> "Spans":
        """What both allow."""
        both = [(max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans]
        return Spans(_real(both), self.missing and other.missing)

    def rest(self) -> "Spans":
        """What it does not allow."""
        ends = [LOWEST, *(end for span in self.spans for end in span), HIGHEST]
        return Spans(_real(list(zip(ends[::2], ends[1::2], strict=True))), not self.missing)

    @property
    def is_empty(self) -> bool:
        return not self.spans and not self.missing


def _real(spans: list[tuple[Point, Point]]) -> tuple[tuple[Point, Point], ...]:
    return tuple((low, high) for low, high in spans if low < high)


@dataclass(frozen=True)
class Texts:
    """A fact without an order: `among` these values (None: any), none of `barred`; `parts` that it has or has not.

    A part is (contains · beginsWith · endsWith, folded text, whether it must).
    """

    among: frozenset[Any] | None = None
    barred: frozenset[Any] = frozenset()
    parts: frozenset[tuple[str, str, bool]] = frozenset()
    missing: bool = True

    def meet(self, other: "Texts") -> "Texts":
        """What both allow."""
        lists = [each.among for each in (self, other) if each.among is not None]
        return Texts(
            frozenset.intersection(*lists) if lists else None,
            self.barred | other.barred,
            self.parts | other.parts,
            self.missing and other.missing,
        )

    def rest(self) -> "Texts":
        """What it does not allow; of what a single rule says only."""
        parts = frozenset((test, text, not must) for test, text, must in self.parts)
        barred = self.among if self.among is not None else frozenset()
        return Texts(None, barred, parts, not self.missing)

    @property
    def is_empty(self) -> bool:
        if self.missing:
            return False
        if self.among is not None:
            return not any(self._fits(value) for value in self.among - self.barred)
        must = [(test, text) for test, text, is_held in self.parts if is_held]
        never = [(test, text) for test, text, is_held in self.parts if not is_held]
        return any(_implies(a, b) for a in must for b in never) or any(
            _excludes(a, b) for a in must for b in must
        )

    def _fits(self, value: Any) -> bool:
        return all(_has(str(value), test, text) == must for test, text, must in self.parts)


def _has(value: str, test: str, text: str) -> bool:
    if test == "contains":
        return text in value
    return value.startswith(text) if test == "beginsWith" else value.endswith(text)


def _implies(known: tuple[str, str], asked: tuple[str, str]) -> bool:
    """Whether every text that has the one part has the other."""
    return asked[0] in ("contains", known[0]) and _has(known[1], *asked)


def _excludes(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether no text begins, or ends, as both say."""
    if one[0] != other[0] or one[0] == "contains":
        return False
    return not _has(one[1], *other) and not _has(other[1], *one)


@dataclass(frozen=True)
class Held:
    """Several things at once, such as products: those it has, those it lacks; `none`: whether it has none."""

    has: frozenset[Any] = frozenset()
    lacks: frozenset[Any] = frozenset()
    none: frozenset[bool] = frozenset()

    def meet(self, other: "Held") -> "Held":
        """What both allow."""
        return Held(self.has | other.has, self.lacks | other.lacks, self.none | other.none)

    @property
    def is_empty(self) -> bool:
        return bool(self.has & self.lacks) or len(self.none) == 2 or (True in self.none and bool(self.has))


Fact = Spans | Texts | Held
