"""What staff say of an assigned segment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.metadata import MetadataField
from console.picking import PickField, Source, named
from console.sheets import RecordForm
from segments.keeping import keep_segment

BENEFIT = 100


class LinesField(forms.CharField):
    """A list of short texts, one a line; blank and repeated ones are left out."""

    widget = forms.Textarea
    longest, most = BENEFIT, 50

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(
            dict.fromkeys(filter(None, map(str.strip, (super().to_python(value) or "").splitlines())))
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(f"{len(value):,} lines are too many. Write {self.most} at most.")
        if long := [line for line in value if len(line) > self.longest]:
            raise ValidationError(
                f"Write at most {self.longest} characters a line: “{long[0][:40]}…” is longer."
            )

    def run_validators(self, value: Any) -> None:
        """What a text may not hold no line may."""
        for line in value:
            super().run_validators(line)


class AssignedForm(RecordForm):
    """Name, ledger, which stays, description, benefits, state, metadata."""

    name = forms.CharField(max_length=256, error_messages={"required": "Give the segment a name."})
    ledger = PickField(
        label="For accounts of",
        find="Find a ledger",
        none="All ledgers",
        help_text="It can’t be changed later.",
    )
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    benefits = LinesField(
        required=False,
        help_text="One a line, such as “VIP lounge” or “No fees”.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    status = forms.ChoiceField()
    status_description = forms.CharField(max_length=256, label="Words to the status", required=False)
    metadata = MetadataField()

    def offer(self) -> None:
        if not self.is_new:
            del self.fields["ledger"]
            return
        self.offers("ledger", Source(self.record.organization.ledgers.order_by("name"), named))

    @property
    def locked(self) -> list[tuple[str, Any]]:
        return [] if self.is_new else [("For accounts of", self.record.ledger or "all ledgers")]

    def keep(self) -> None:
        """Store what was said and no more: how many carry it changes by the way. Raises SegmentTaken."""
        keep_segment(self.record, fields=None if self.is_new else [*self.fields])
