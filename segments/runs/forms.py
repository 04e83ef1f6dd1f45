"""How often a segment is counted anew, and of which moves its owner is told."""

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
    """One of the intervals, beside what always happens: after every import, when the rules change, and when what their
    dates mean does. And how many per cent of the members must enter or leave at once for the owner to be told.
    """

    every = forms.ChoiceField(
        label="Counted",
        required=False,
        error_messages={"invalid_choice": "That is not one of the intervals. Choose another."},
    )
    tell = forms.IntegerField(
        label="Tell the owner of moves over",
        required=False,
        min_value=1,
        max_value=1000,
        error_messages={
            "invalid": "Write a whole number of per cent, such as 20.",
            "min_value": "Write 1 or more, or leave it empty.",
            "max_value": "Write 1,000 or less.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num", "size": 5}),
    )

    def __init__(self, data: Any, segment: Segment) -> None:
        seconds = int(segment.refresh_every.total_seconds()) if segment.refresh_every else 0
        initial = {"every": str(seconds or ""), "tell": segment.tell_above}
        super().__init__(data, initial=initial, auto_id="schedule_%s")
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
