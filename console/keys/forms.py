"""What an admin says of a new key."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.organizations.models import ApiKey, KeyScope, Organization, Staff
from console.wording import Form

DAYS = [(30, "30 days"), (90, "90 days"), (180, "180 days"), (366, "a year")]
RATES = [(600, "600 (10 a second)"), (6000, "6,000 (100 a second)"), (60000, "60,000 (1,000 a second)")]


class KeyForm(Form):
    """Who will use it, what for, how long."""

    name = forms.CharField(max_length=100, help_text="The system that will use it, such as “mobile app”.")
    scopes = forms.MultipleChoiceField(
        label="Opens",
        choices=KeyScope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="No more than it needs.",
        error_messages={"required": "Choose at least one thing that it opens."},
    )
    days = forms.TypedChoiceField(label="Lives for", choices=DAYS, coerce=int, initial=90)
    calls = forms.TypedChoiceField(label="Calls a minute", choices=RATES, coerce=int, initial=6000)

    def __init__(self, organization: Organization, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization, self.at = organization, at

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        live = self.organization.api_keys.filter(revoked_at=None, expires_at__gt=self.at)
        if live.filter(name__iexact=name).exists():
            raise ValidationError(
                "A live key has this name already. Rotate that one, or choose another name."
            )
        return name

    def save(self, *, by: Staff) -> tuple[ApiKey, str]:
        """The key and its secret, which can't be read again."""
        said = self.cleaned_data
        key, secret = ApiKey.issue(
            self.organization,
            name=said["name"],
            scopes=said["scopes"],
            by=by,
            expires_at=self.at + timedelta(days=said["days"]),
            calls_per_minute=said["calls"],
        )
        return key, secret
