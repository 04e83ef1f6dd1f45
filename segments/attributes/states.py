"""What became of the wish for an index, in words for staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.customers.models import Attribute
from segments.attributes.indexing import index_of, standing


@dataclass(frozen=True)
class State:
    """A word with its tone as components/badge.html has it, what it means, and the same as the API says it."""

    word: str
    tone: str
    meaning: str
    code: str

    @property
    def is_moving(self) -> bool:
        """Whether it will be another one soon."""
        return self.code in ("making", "waiting")


NONE = State("Not wanted", "", "Rules on it read the records one by one.", "none")
READY = State("Ready", "good", "Rules on it find their records by the index.", "ready")
MAKING = State("Being made", "info", "Until it is there, rules on it read the records one by one.", "making")
WAITING = State(
    "About to be made", "info", "A process beside the console makes it, within seconds.", "waiting"
)


def failed(attribute: Attribute) -> State:
    """Could not be made, and why."""
    return State(
        "Could not be made", "bad", f"{attribute.index_fault} It is tried again each hour.", "failed"
    )


def states_of(attributes: Sequence[Attribute]) -> dict[object, State]:
    """By the attribute's id, in one look at the database."""
    names = {one.pk: index_of(one).name for one in attributes if one.is_filtered_often}
    there = dict(standing(names.values())) if names else {}
    return {one.pk: _state(one, there.get(names.get(one.pk, ""))) for one in attributes}


def _state(attribute: Attribute, is_whole: bool | None) -> State:
    if not attribute.is_filtered_often:
        return NONE
    if is_whole:
        return READY
    if attribute.index_fault:
        return failed(attribute)
    return WAITING if is_whole is None else MAKING
