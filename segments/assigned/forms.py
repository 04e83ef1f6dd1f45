"""What is said of an assigned segment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.editing import Editing
from console.keeping import Refusal, once
from console.organizations.models import Organization
from console.wording import ModelForm
from segments.models import Segment

BENEFIT = 100


class LinesField(forms.CharField):
    """A list of short texts, one a line; blank and repeated ones are left out."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(
            dict.fromkeys(filter(None, map(str.strip, (super().to_python(value) or "").splitlines())))
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if long := [line for line in value if len(line) > BENEFIT]:
            raise ValidationError(f"Write at most {BENEFIT} characters a line: “{long[0][:40]}…” is longer.")

    def run_validators(self, value: Any) -> None:
        """What a text may not hold no line may."""
        for line in value:
            super().run_validators(line)


class TagTaken(Refusal):
    """Another segment of the ledger, or of no ledger, has the name."""

    field = "name"


class AssignedForm(Editing, ModelForm):
    """Name, ledger, description, benefits and status. The ledger stays as it was first said."""

    benefits = LinesField(
        required=False,
        help_text="One a line, such as “VIP lounge” or “No fees”.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Segment
        fields = ["name", "ledger", "description", "benefits", "status", "status_description"]
        labels = {"ledger": "For accounts of", "status_description": "Why it stands so"}
        error_messages = {"name": {"required": "Give the segment a name."}}
        help_texts = {"status": "ACTIVE, INACTIVE, or a word of your own."}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "class": "wide"}),
            "description": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization, self.record = organization, self.instance
        ledger: Any = self.fields["ledger"]
        ledger.queryset = organization.ledgers.order_by("name")
        ledger.empty_label = "all ledgers"
        if not self.instance._state.adding:
            ledger.disabled = True
            ledger.help_text = "Fixed once made."

    def clean(self) -> dict[str, Any]:
        """One live segment of a name, whatever its case, among those of the ledger or of no ledger."""
        cleaned = super().clean() or {}
        name = cleaned.get("name", "").strip()
        others = self.organization.segments.filter(archived_at=None, ledger=cleaned.get("ledger"))
        if name and others.exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            self.add_error("name", f"A segment is called “{name}” already. Choose another name.")
        return cleaned

    def keep(self) -> None:
        """Store what was said and no more: how many carry it changes by the way. Raises TagTaken."""
        taken = TagTaken(f"A segment was just called “{self.record}” by somebody else.")
        said = None if self.record._state.adding else self.Meta.fields
        with once(segment_name_once=taken, segment_name_once_in_ledger=taken):
            self.record.save(update_fields=said)
