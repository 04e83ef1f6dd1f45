"""Two who edit one record at once: a form says what it was drawn from, and is not stored over something newer.

Whoever comes second is told when it was changed, loses nothing of what was typed, and may save again, knowing that.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction

from console.keeping import Refusal, held
from console.organizations.models import Organization
from console.templatetags.console import day


class Gone(Refusal):
    """Somebody deleted the record meanwhile."""


class Changed(Refusal):
    """Somebody changed the record since the form was drawn."""


def moment(record: Any) -> str:
    """When the record was changed last, to the microsecond; "" for a new one."""
    return "" if record._state.adding else record.updated_at.isoformat()


class Editing(forms.BaseForm):
    """Stands before the other bases of a form that keeps a record, new or there already.

    It says how what was read is put on the record, and how that is stored; its page sends `seen` back.
    """

    record: Any

    @cached_property
    def seen(self) -> str:
        """When what the form was drawn from was changed last; after a refusal for that, what is there now."""
        return str(self.data.get("seen", "") or moment(self.record))

    def is_kept(self) -> bool:
        """Whether what was sent is valid, and stored now. What the rules refuse becomes a fault of its field."""
        if not self.is_valid():
            return False
        is_new = self.record._state.adding
        try:
            with transaction.atomic():
                self.hold()
                self.put()
                self.keep()
        except Refusal as refusal:
            self.record._state.adding = is_new
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True

    def hold(self) -> None:
        """Nobody else changes the record until it is stored. Raises Gone and Changed."""
        seen = self.seen
        if self.record._state.adding:
            return
        present = held(self.record)
        if present is None:
            raise Gone(
                "Somebody deleted it meanwhile. Copy what you need from here: it can’t be saved any more."
            )
        if moment(present) != seen:
            self.seen = moment(present)
            whose = present if isinstance(present, Organization) else present.organization
            at = present.updated_at.astimezone(whose.zone)
            raise Changed(
                f"Somebody changed it on {day(at)} at {at:%H:%M}, while you were editing. "
                "Save again to put what stands here in its place, or open it anew to see theirs."
            )

    def put(self) -> None:
        """Put what was said on the record."""

    def keep(self) -> None:
        """Store the record by the rules of its kind. Raises Refusal."""
        raise NotImplementedError  # forms have a metaclass of their own, so none can be abstract
