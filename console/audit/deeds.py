"""What an event was, as a bank would say it: one sentence without its subject. What has none is told by its fields."""

from typing import Any

from console.audit.fields import LOOKED_UP, Names, lines
from console.audit.sentences import BECAME, CAME, CHOICES, EMPTY, SET, WENT
from console.organizations.models import AuditEvent

PEOPLE = {"organizations.User", "organizations.Staff", "customers.Customer", "portfolios.Account"}


def sentence_of(event: AuditEvent) -> str:
    """The sentence with its gaps; "" where the event has none."""
    if event.action != "changed":
        told = (CAME if event.action == "created" else WENT).get(event.model, "")
        return told if isinstance(told, str) else told.get(value_of(event, CHOICES[event.model]) or "", "")
    is_more = (
        event.model == "customers.Customer" and len(event.changes) > 1 and "erased_at" not in event.changes
    )
    if is_more:  # what changed beside it counts as much
        return ""
    for column, sentences in BECAME.get(event.model, {}).items():
        if column in event.changes:
            after = value_of(event, column)
            key = after if isinstance(after, str | bool) and after in sentences else SET if after else EMPTY
            if key in sentences:
                return sentences[key]
    return ""


def is_joining(event: AuditEvent) -> bool:
    """Whether somebody's access is by their own hand: they accepted an invitation."""
    is_access = (event.model, event.action) == ("organizations.Staff", "created")
    return is_access and event.user_id is not None and value_of(event, "user_id") == str(event.user_id)


def value_of(event: AuditEvent, column: str) -> Any:
    """What a column became, or was when its row went."""
    before, after = event.changes.get(column, [None, None])
    return before if event.action == "deleted" else after


class Said(dict[str, str]):
    """What stands in the gaps of a sentence about one event."""

    def __init__(self, event: AuditEvent, names: Names) -> None:
        self.event, self.names = event, names

    def __missing__(self, gap: str) -> str:
        event, names = self.event, self.names
        if gap == "this":
            return called(event, names)
        if gap == "whole":
            name = names.name(event.whole, event.whole_id)
            return name if event.whole in PEOPLE else quoted(name)
        if gap == "of":
            is_own = event.whole_id == str(event.user_id)
            return "" if is_own else f" of {names.name(event.whole, event.whole_id)}"
        if gap == "whose":
            name = names.name(event.whole, event.whole_id)
            return "their own" if event.whole_id == str(event.user_id) else f"{name}’s"
        column = gap.removesuffix("_before")
        before, after = event.changes.get(column, [None, None])
        return names.written(event, column, before if gap != column or event.action == "deleted" else after)


def called(event: AuditEvent, names: Names) -> str:
    """The row of an event: by the name it had then, in quotation marks, or as it is called now."""
    if event.name:
        return quoted(event.name)
    return names.name(event.model, event.object_id) if event.model in LOOKED_UP else ""


def quoted(name: str) -> str:
    """In quotation marks; those inside become single ones."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def told(event: AuditEvent, names: Names, kind: str) -> str:
    """The event in one sentence; `kind` is what people call its model."""
    if is_joining(event):
        return f"Joined as {names.written(event, 'role', value_of(event, 'role'))}"
    if sentence := sentence_of(event):
        said = sentence.format_map(Said(event, names))
        return said.removesuffix(": ").removesuffix(" Why: ")
    named = called(event, names)
    if event.model != event.whole and not named:
        named = f"of {names.name(event.whole, event.whole_id)}"
    said = f"{event.get_action_display()} {kind} {named}".strip()
    if event.action != "changed":
        return said
    changed = lines(event, names)
    more = f" and {len(changed) - 2} more" if len(changed) > 2 else ""
    return f"{said}: {', '.join(line.words for line in changed[:2])}{more}" if changed else said
