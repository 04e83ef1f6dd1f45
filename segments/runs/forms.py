"""How often a segment is counted anew."""

from datetime import timedelta
from typing import Any

from django import forms

from console.wording import Form
from segments.models import Segment

EVERY = {
    "": "After imports, and when asked",
    "900": "Every 15 minutes",
    "3600": "Every hour",
    "21600": "Every 6 hours",
    "86400": "Every day",
}


class ScheduleForm(Form):
    """One of the intervals, beside what always happens: after every import and when the rules change."""

    every = forms.ChoiceField(label="Counted", required=False)

    def __init__(self, data: Any, segment: Segment) -> None:
        seconds = int(segment.refresh_every.total_seconds()) if segment.refresh_every else 0
        super().__init__(data, initial={"every": str(seconds or "")}, auto_id="schedule_%s")
        own = {} if str(seconds or "") in EVERY else {str(seconds): f"Every {seconds:,} seconds"}
        every: Any = self.fields["every"]
        every.choices = [*own.items(), *EVERY.items()]

    @property
    def interval(self) -> timedelta | None:
        """What was chosen; None for no interval."""
        chosen = self.cleaned_data["every"]
        return timedelta(seconds=int(chosen)) if chosen else None

    @property
    def words(self) -> str:
        """What was chosen, within a sentence."""
        chosen = EVERY.get(self.cleaned_data["every"], "as often as before")
        return f"{chosen[0].lower()}{chosen[1:]}"
