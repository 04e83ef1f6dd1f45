"""The columns of a list: what they show, how a person chooses them, and how the choice is remembered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

Kind = Literal[
    "text",
    "name",
    "code",
    "number",
    "figure",
    "money",
    "measure",
    "day",
    "moment",
    "since",
    "badge",
    "badges",
    "links",
    "told",
]
Sure = Literal["", "exact", "estimate", "old", "none"]


@dataclass(frozen=True)
class Figure:
    """A count, how sure it is (as components/count.html has it), where it leads, and whether it is bad: then red."""

    value: int | None
    sure: Sure = ""
    url: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Column:
    """A column. `value` reads it from a row; `sort` names the list's order that it heads, `kind` says how it is drawn.

    Kinds: `name` is the link to the row; `since` is a moment of which the day matters;
    `money` is an amount, written with the decimals of the `currency` that is read from the row as well;
    `measure` is text with its unit, such as 2.8 s; `badge` has (word, tone) as its value, `badges` a list of them,
    `links` a list of (words, address), `figure` a Figure; `told` has (words, address, others), the head of its row with
    others of (words, address) folded below it.
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    kind: Kind = "text"
    sort: str = ""
    is_usual: bool = True
    is_fixed: bool = False
    currency: Callable[[Any], str] = lambda _: ""

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "figure", "money", "measure")


@dataclass(frozen=True)
class Chosen:
    """The columns of a list on one page: those shown, and all there are for the menu."""

    shown: list[Column]
    all: Sequence[Column]

    def menu(self) -> list[dict[str, Any]]:
        """For components/columns.html."""
        return [
            {"key": one.key, "label": one.label, "is_shown": one in self.shown, "is_fixed": one.is_fixed}
            for one in self.all
        ]


def choose(request: HttpRequest, name: str, columns: Sequence[Column]) -> Chosen:
    """The columns that the address names, else those chosen before for the list `name`, else the usual ones.

    The choice in the address is remembered for the person's session. Keys that no column has are passed over.
    """
    wanted: list[str] | None = request.session.get(f"columns {name}")
    if "columns" in request.GET:
        wanted = [key for key in request.GET.getlist("columns") if key]
        if request.session.get(f"columns {name}") != wanted:
            request.session[f"columns {name}"] = wanted
    shown = [
        one for one in columns if one.is_fixed or (one.is_usual if wanted is None else one.key in wanted)
    ]
    return Chosen(shown, columns)
