"""What a post to the builder asks for, carried out on the draft: an operation, undo, or only what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segments.builder import operations, posted
from segments.builder.lexicon import Lexicon
from segments.builder.operations import Refused
from segments.builder.tree import find
from segments.models import Draft, Population

KEPT_BACK = ("save", "keep", "discard", "refresh", "theirs", "mine", "typed", "count", "exact", "")
COUNTS = ("typed", "count")


@dataclass(frozen=True)
class Outcome:
    """Where the focus goes, what is announced, which row is being filled in, and whether Undo is offered."""

    focus: tuple[str, str] | None = None
    words: str = ""
    spare: str | None = None
    offers_undo: bool = False
    told: str = ""


def take_in(
    draft: Draft, data: Mapping[str, Any], lexicon: Lexicon, *, at: datetime, order: str = ""
) -> Outcome:
    """Read the posted form into the draft, do what its button asks for, and keep the draft."""
    shown = posted.read(data, lexicon)
    if order == "typed" and is_overtaken(draft, data):
        draft.definition = shown
        return Outcome()
    if order not in COUNTS:
        draft.turn = max(draft.turn, _turn(data)) + 1
    if order.startswith("undo"):
        return _undo(draft, shown, order, at)
    if order in KEPT_BACK:
        if order == "keep" or _is_changed(draft, shown):
            draft.keep(shown, at=at)
        return Outcome(spare=str(data["at"]) if data.get("at") and order == "refresh" else None)
    try:
        change = operations.perform(shown, order)
    except Refused as refusal:
        draft.keep(shown, at=at)
        return Outcome(focus=(order.partition(":")[2], "menu"), words=str(refusal))
    if order.startswith("add-related"):
        _choose_rows(change.draft, change.path, lexicon)
    draft.keep(change.draft, at=at, before=shown)
    spare = change.path if order.startswith("add-") else None
    return Outcome((change.path, change.part), change.words, spare, order.startswith("remove"))


def is_overtaken(draft: Draft, data: Mapping[str, Any]) -> bool:
    """Whether the page that sent this shows an earlier tree than the draft has now: a button was quicker."""
    return _turn(data) < draft.turn


def _turn(data: Mapping[str, Any]) -> int:
    """Which of the trees the page shows."""
    turn = str(data.get("turn", ""))
    return int(turn) if turn.isdecimal() and len(turn) < 10 else 0


def _undo(draft: Draft, shown: dict[str, Any], order: str, at: datetime) -> Outcome:
    """First what was typed since the last step, then a step back; "undo:3" goes three back at once."""
    times = order.partition(":")[2]
    if draft.definition and shown != draft.definition and not times:
        draft.kept_at = at
        draft.store()
        return Outcome(words="Undone.")
    was_possible = draft.undo(at=at, steps=int(times) if times.isdecimal() and len(times) < 10 else 1)
    return Outcome(words="Undone." if was_possible else "There is nothing to undo.")


def _is_changed(draft: Draft, shown: dict[str, Any]) -> bool:
    """Whether there is anything to keep: a page that was only opened leaves no draft behind."""
    if draft.is_stored:
        return True
    origin: Any = draft.segment or draft.origin or Draft()
    fields = ("name", "description", "is_marketing", "population")
    return shown != draft.definition or any(getattr(draft, name) != getattr(origin, name) for name in fields)


def _choose_rows(tree: dict[str, Any], path: str, lexicon: Lexicon) -> None:
    """A new block is about transactions where there are some, else about the first kind of rows that there is."""
    related = lexicon.related(lexicon.scope_at(tree, path))
    keys = [field.key for field in related]
    if keys:
        find(tree, path)["field"] = "transactions" if "transactions" in keys else keys[0]


def describe(draft: Draft, data: Mapping[str, Any]) -> None:
    """Read name, population, description and marketing into the draft, whether they can be saved or not."""
    draft.name = str(data.get("name", draft.name))[:256]
    draft.description = str(data.get("description", draft.description))
    if "name" in data:
        draft.is_marketing = bool(data.get("is_marketing"))
    if not draft.segment_id and data.get("population") in Population.values:
        draft.population = str(data["population"])
