"""Which segments, what is to be done to them, and the tags and owner that they are given."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from console.organizations.access import StaffRequest
from console.picking import PickField, Source
from console.wording import Form, Redrawn
from segments.described.forms import TagsField, called
from segments.filtersets import SegmentFilters, listed
from segments.models import Segment

# What is asked for at once is done in one request, each segment by its own rules.
MOST = 200
DESCRIBE, ARCHIVE, RESTORE = "describe", "archive", "restore"
ACTS = {
    DESCRIBE: {"value": DESCRIBE, "label": "Tags and owner", "icon": "tag"},
    ARCHIVE: {"value": ARCHIVE, "label": "Archive", "icon": "ban"},
    RESTORE: {"value": RESTORE, "label": "Use again", "icon": "undo"},
}
GONE = "A segment that was ticked is not here any more. Choose again."


class PickedForm(Form):
    """What the list sends: an action, and the ticked rows or all that match the filters in the address."""

    action = forms.ChoiceField(choices=[(value, act["label"]) for value, act in ACTS.items()])
    everything = forms.BooleanField(required=False)
    pk: "forms.ModelMultipleChoiceField[Segment]" = forms.ModelMultipleChoiceField(
        queryset=None, required=False
    )

    def __init__(self, request: StaffRequest) -> None:
        super().__init__(request.POST)
        self.request = request
        field: Any = self.fields["pk"]
        field.queryset = request.organization.segments.select_related("organization", "owner__user")
        field.error_messages = {"invalid_choice": GONE, "invalid_pk_value": GONE}

    def clean(self) -> dict[str, Any]:
        """`segments`: those that were picked, by name."""
        cleaned = super().clean() or {}
        found: QuerySet[Any] = cleaned.get("pk") or self.request.organization.segments.none()
        if cleaned.get("everything"):
            found = SegmentFilters(self.request, listed(self.request.organization)).rows
        segments = list(found.order_by("name", "pk")[: MOST + 1])
        if not segments and not self.errors:
            raise ValidationError("No segment was ticked. Tick at least one.")
        if len(segments) > MOST:
            raise ValidationError(
                f"These are more than {MOST} segments. Filter the list, and take fewer at a time."
            )
        return {**cleaned, "segments": segments}


class DescribeForm(Redrawn, Form):
    """Tags that they get, tags that they lose, and whose they are."""

    added = TagsField(
        label="Add tags",
        required=False,
        help_text="One a line, such as “mortgages”. Those that they have stay.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    removed = forms.MultipleChoiceField(
        label="Take tags off", required=False, widget=forms.CheckboxSelectMultiple
    )
    owner = PickField(label="Owner", find="Find a colleague", none="As it is")

    def __init__(self, request: StaffRequest, segments: list[Segment], data: Any = None) -> None:
        super().__init__(data)
        self.segments = segments
        tags = sorted({tag for segment in segments for tag in segment.tags}, key=str.casefold)
        removed: Any = self.fields["removed"]
        removed.choices = [(tag, tag) for tag in tags]
        if not tags:
            del self.fields["removed"]
        staff = request.organization.staff.filter(ended_at=None).select_related("user")
        widget: Any = self.fields["owner"].widget
        widget.source = Source(staff.order_by("user__name", "pk"), called)
        widget.url = request.get_full_path()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError("Nothing is said yet. Add a tag, take one off, or choose an owner.")
        for segment in self.segments:
            tags = {*segment.tags, *cleaned.get("added", ())} - {*cleaned.get("removed", ())}
            if len(tags) > TagsField.most:
                self.add_error(
                    "added", f"“{segment}” would have {len(tags)} tags. It can have {TagsField.most}."
                )
                break
        return cleaned
