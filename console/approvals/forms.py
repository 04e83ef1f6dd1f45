"""What a checker writes, and what a maker adds to a request."""

from typing import Any

from django import forms

from console.organizations.models import Organization
from console.wording import Form, ModelForm


class RequestForm(Form):
    """Words for those who decide."""

    comment = forms.CharField(
        label="Words for those who decide",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(Form):
    """A verdict; whoever says no says why."""

    verdict = forms.ChoiceField(choices=[("approved", "Approve"), ("rejected", "Reject")])
    comment = forms.CharField(
        label="Comment",
        max_length=2000,
        required=False,
        help_text="Needed when you reject.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("verdict") == "rejected" and not self.cleaned_data.get("comment"):
            self.add_error("comment", "Say why you reject it, so that the person who asked can mend it.")
        return self.cleaned_data


class SizeForm(ModelForm):
    """Above which size two must approve, and below which no personal data leaves as a file: asked for, not saved."""

    comment = forms.CharField(
        label="Words for those who decide",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Organization
        fields = ["second_approver_above", "export_minimum"]
        labels = {
            "second_approver_above": "Two approvers above",
            "export_minimum": "Customers in an export, at least",
        }
        help_texts = {
            "second_approver_above": "Customers or accounts that a request reaches. Empty: one approver is enough.",
            "export_minimum": "A file with fewer tells of persons, not of groups: it is not made.",
        }
