"""What is said of a segment beside its rules, and the file that a segment travels in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.organizations.models import Organization
from console.wording import Form, ModelForm
from segments import exchange
from segments.builder.tree import MAX_RULES, MAX_VALUES, misshapen, rules_in, values_in
from segments.keeping import SegmentTaken, check_name
from segments.models import Segment

FILE_LIMIT = 1024 * 1024


class SegmentForm(ModelForm):
    """Name, whom it holds, description, and whether it is for marketing. The population stays once versions exist."""

    class Meta:
        model = Segment
        fields = ["name", "population", "description", "is_marketing"]
        labels = {"population": "Who can belong", "is_marketing": "Used for marketing"}
        error_messages = {
            "name": {"required": "Give the segment a name."},
            "population": {"required": "Choose who can belong."},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "class": "wide"}),
            "description": forms.Textarea(attrs={"rows": 2}),
            # Other fields to ask about: the rules are laid out anew.
            "population": forms.Select(attrs={"hx-post": "", "hx-trigger": "change delay:120ms"}),
        }

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance._state.adding:
            self.instance.organization = organization
        if self.instance.version_id:
            self.fields["population"].disabled = True
            self.fields["population"].help_text = "Fixed once saved."

    def clean_name(self) -> str:
        """One live segment of a name, whatever its case."""
        self.instance.name = self.cleaned_data["name"]
        try:
            check_name(self.instance)
        except SegmentTaken as refusal:
            raise ValidationError(str(refusal)) from refusal
        return self.instance.name


class ExchangeForm(Form):
    """A segment's exchange file: {"name", "population", "definition"}, uploaded or pasted."""

    file = forms.FileField(
        label="File", required=False, widget=forms.FileInput(attrs={"accept": ".json,application/json"})
    )
    text = forms.CharField(
        label="Or paste it here",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "mono"}),
    )

    def clean(self) -> dict[str, Any]:
        """`exchange`: the file as read. Says what is wrong with it, and where, before any of it is used."""
        cleaned = super().clean() or {}
        try:
            raw = self._raw(cleaned)
            read = exchange.read(raw)
        except exchange.Unreadable as fault:
            raise ValidationError(str(fault)) from fault
        if place := misshapen(read.definition):
            raise ValidationError(
                f"“definition” holds no rules that could be shown, at {place}. Export a segment to see how."
            )
        if rules_in(read.definition) > MAX_RULES:
            raise ValidationError(
                f"A definition holds {MAX_RULES} rules at most. Split it into segments and combine them."
            )
        if values_in(read.definition) > MAX_VALUES:
            raise ValidationError(
                f"Its rules hold more than {MAX_VALUES:,} values. Import them as a tag of accounts instead."
            )
        return {**cleaned, "exchange": read, "raw": raw}

    def _raw(self, cleaned: dict[str, Any]) -> str:
        if file := cleaned.get("file"):
            if file.size > FILE_LIMIT:
                raise ValidationError("The file is larger than 1 MB. A segment's file holds a few kilobytes.")
            try:
                return str(file.read().decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                raise ValidationError(
                    "The file is not UTF-8 text. Export it again, or paste its text below."
                ) from error
        if not cleaned.get("text", "").strip():
            raise ValidationError("Choose a file, or paste its text.")
        return str(cleaned["text"])
