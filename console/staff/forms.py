"""Who is invited, and in which role."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.organizations.models import Invitation, Organization, Role, Staff
from console.wording import Form

DAYS = [(1, "a day"), (7, "7 days"), (30, "30 days")]
HERE = "This person works here or did. Open their page to change the role or let them in again."


class InviteForm(Form):
    email = forms.EmailField(label="Email address")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.VIEWER)
    days = forms.TypedChoiceField(label="The invitation lasts", choices=DAYS, coerce=int, initial=7)

    def __init__(self, organization: Organization, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization = organization

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.organization.staff.filter(user__email__iexact=email).exists():
            raise ValidationError(HERE)
        return email

    def save(self, *, by: Staff, at: datetime) -> tuple[Invitation, str]:
        """The invitation and its token. Raises AlreadyHere when the person came in between."""
        said = self.cleaned_data
        made: tuple[Invitation, str] = Invitation.objects.invite(
            self.organization,
            email=said["email"],
            role=said["role"],
            by=by,
            at=at,
            lasts=timedelta(days=said["days"]),
        )
        return made


class RoleForm(Form):
    role = forms.ChoiceField(choices=Role.choices)
