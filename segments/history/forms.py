"""What is asked of the past."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.wording import Form

WRITE = "Write a date such as 2026-11-22."


class DayForm(Form):
    """A local date of the organization, today at the latest."""

    on = forms.DateField(
        label="At the end of",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": WRITE, "required": WRITE},
    )

    def __init__(self, *args: Any, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_on(self) -> Any:
        """Nobody knows yet who will be in tomorrow."""
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("This day has not come yet. Write today’s date or one before.")
        if on.year < 1900:
            raise ValidationError("Write a date from 1900 on.")
        return on
