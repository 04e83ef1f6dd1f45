"""Whose a segment is, and the words by which it is found."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from console.picking import PickField, Source
from console.sheets import RecordForm
from segments.assigned.forms import LinesField
from segments.models import Segment


def called(rows: "QuerySet[Any]", words: str) -> "QuerySet[Any]":
    """Those of the staff who have the words in their name or address."""
    return rows.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))


class TagsField(LinesField):
    """A list of tags, one a line, short enough to stand beside a name."""

    longest = Segment.TAG


class DescribedForm(RecordForm):
    """Owner and tags; of a dynamic segment its benefits too, which an assigned one says with everything else."""

    owner = PickField(find="Find a colleague", none="Nobody", help_text="Who is asked about it.")
    tags = TagsField(
        required=False,
        help_text="One a line, such as “mortgages”. The list of segments filters by them.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    benefits = LinesField(
        required=False,
        help_text="One a line, such as “VIP lounge” or “No fees”.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def offer(self) -> None:
        if self.record.kind == Segment.Kind.ASSIGNED:
            del self.fields["benefits"]
        staff = self.record.organization.staff.select_related("user").order_by("user__name", "pk")
        at_work = staff.filter(Q(ended_at=None) | Q(pk=self.record.owner_id))
        self.offers("owner", Source(at_work, called))

    def keep(self) -> None:
        """Store what was said and no more: members are counted by the way."""
        self.record.save(update_fields=[*self.fields])
