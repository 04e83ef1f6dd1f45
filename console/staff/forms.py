"""Who is invited, and in which role."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.approvals.forms import RequestForm
from console.organizations import approving
from console.organizations.models import Approval, Invitation, Organization, Role, Staff
from console.staff.approvals import HERE
from console.wording import Form

DAYS = [(1, "a day"), (7, "7 days"), (30, "30 days")]


class InviteForm(Form):
    email = forms.EmailField(label="Email address", max_length=254)
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
        """The invitation and its token; "" where it must be asked for. Raises AlreadyHere when they came in between."""
        said = self.cleaned_data
        invitation, token = Invitation.objects.invite(
            self.organization,
            email=said["email"],
            role=said["role"],
            by=by,
            at=at,
            lasts=timedelta(days=said["days"]),
        )
        return invitation, "" if invitation.lacks_approval else token

    def ask(self, invitation: Invitation, *, by: Staff, at: datetime) -> Approval:
        """Ask that it be sent."""
        given = {"days": self.cleaned_data["days"]}
        return approving.ask("invitation", invitation.pk, by=by, at=at, given=given)


class RoleForm(RequestForm):
    role = forms.ChoiceField(choices=Role.choices)

    field_order = ("role", "comment")
