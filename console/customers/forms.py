"""What staff write to open or erase what is known of a customer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.customers.masking import PARTS
from console.customers.models import Customer
from console.wording import Form

REASONS = [
    ("", "Choose a reason"),
    ("The customer is on the line", "The customer is on the line"),
    ("A complaint or a request of theirs", "A complaint or a request of theirs"),
    ("Fraud or a security case", "Fraud or a security case"),
    ("A message or an alert must be checked", "A message or an alert must be checked"),
    ("other", "Another reason, written below"),
]


class RevealForm(Form):
    """Which parts to open and why."""

    parts = forms.MultipleChoiceField(
        label="What to show", choices=PARTS, widget=forms.CheckboxSelectMultiple, initial=["name"]
    )
    why = forms.ChoiceField(label="Why", choices=REASONS)
    note = forms.CharField(
        label="In your words", max_length=250, required=False, help_text="A case number is best. It is kept."
    )

    def clean(self) -> dict[str, Any]:
        """Another reason has to be written."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("why") == "other" and len(cleaned.get("note", "").strip()) < 5:
            self.add_error("note", "Write why you need to see it.")
        return cleaned

    @property
    def reason(self) -> str:
        """The reason as it is kept."""
        why, note = self.cleaned_data["why"], self.cleaned_data["note"].strip()
        return note if why == "other" else f"{why}: {note}" if note else why


class ErasureForm(Form):
    """The customer's external id, typed, and why."""

    external_id = forms.CharField(label="External id, to be sure", max_length=100)
    reason = forms.CharField(
        max_length=300, help_text="Such as the number of the request. It is kept: name nobody in it."
    )

    def __init__(self, customer: Customer, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.customer = customer
        self.fields["external_id"].widget.attrs["autocomplete"] = "off"

    def clean_external_id(self) -> str:
        typed: str = self.cleaned_data["external_id"].strip()
        if typed != self.customer.external_id:
            raise ValidationError(f"That is not this customer’s. Type {self.customer.external_id}.")
        return typed


class ExportForm(Form):
    """What a file of customers is for."""

    purpose = forms.CharField(
        max_length=300,
        min_length=5,
        help_text="Who gets the file, and what for. Whoever decides reads it; it is kept: name no customer in it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
