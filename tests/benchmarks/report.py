"""What a benchmark says: our figure beside a reference from the same run, since wall time on shared machines lies."""

import json
import operator
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. `ratio` is ours over the reference, None where there is none; `is_met` says whether it will do."""

    name: str
    ours: float
    reference: float | None
    ratio: float | None
    target: str
    unit: str
    is_met: bool


class Report:
    """Collects rows and shows each at once as it comes in."""

    def __init__(self, show: Callable[[str], None] = print) -> None:
        self.show = show
        self.rows: list[Row] = []

    def compare(self, name: str, *, ours: float, reference: float, at_most: float, unit: str = "ms") -> None:
        """Ours must be at most so many times the reference, both in the same unit and from the same run."""
        ratio = ours / reference if reference else float("inf")
        self._add(Row(name, ours, reference, ratio, f"≤ {at_most:g}x", unit, ratio <= at_most))

    def beside(self, name: str, ours: float, reference: float, *, at_most: float | None) -> None:
        """Ours beside a reference; without `at_most` it is only to be seen."""
        if at_most is not None:
            self.compare(name, ours=ours, reference=reference, at_most=at_most)
        else:
            self._add(
                Row(name, ours, reference, ours / reference if reference else None, "–", "ms", is_met=True)
            )

    def limit(self, name: str, *, ours: float, at_most: float, unit: str = "ms") -> None:
        """Ours must not be more than a fixed figure."""
        self._bound(name, ours, at_most, unit, "≤", operator.le)

    def reach(self, name: str, *, ours: float, at_least: float, unit: str = "/s") -> None:
        """Ours must be at least a fixed figure."""
        self._bound(name, ours, at_least, unit, "≥", operator.ge)

    def _bound(
        self,
        name: str,
        ours: float,
        bound: float,
        unit: str,
        sign: str,
        holds: Callable[[float, float], bool],
    ) -> None:
        self._add(Row(name, ours, None, None, f"{sign} {bound:g} {unit}", unit, holds(ours, bound)))

    def note(self, text: str) -> None:
        """Something that the reader must know and no figure says."""
        self.show(f"  {text}")

    def head(self) -> None:
        """The table's head."""
        columns = f"{'name':<56} {'ours':>14} {'reference':>14} {'ratio':>7}  target"
        self.show(f"{columns}\n{'─' * len(columns)}")

    @property
    def is_met(self) -> bool:
        """Whether every target was met."""
        return all(row.is_met for row in self.rows)

    def save(self, path: Path) -> None:
        """All rows as JSON."""
        path.write_text(json.dumps([asdict(row) for row in self.rows], indent=1) + "\n")

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        ours = f"{row.ours:,.1f} {row.unit}"
        reference = "" if row.reference is None else f"{row.reference:,.1f} {row.unit}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        missed = "" if row.is_met else "  MISSED"
        self.show(f"{row.name:<56} {ours:>14} {reference:>14} {ratio:>7}  {row.target}{missed}")
