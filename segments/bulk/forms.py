"""Which accounts, what is to be done to them, and which segment or portfolio it is about."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from console.organizations.access import StaffRequest
from console.organizations.models import Organization
from console.picking import PickField, Source
from console.portfolios.choosing import portfolios_anywhere
from console.portfolios.filtersets import AccountFilters
from console.portfolios.models import Account
from console.wording import Form, Redrawn
from segments.assigned.assigning import tags
from segments.choosing import among
from segments.models import BulkRun
from segments.models.bulk import ENDING

# What is asked for in the list of accounts; what goes by a change of many is deleted on its own page.
PICKED = [one for one in BulkRun.Action.choices if one[0] not in ENDING]


class PickedForm(Form):
    """What the list of accounts sends: an action, and the ticked rows or all that match the filters in the address."""

    action = forms.ChoiceField(choices=PICKED)
    everything = forms.BooleanField(required=False)
    pk: "forms.ModelMultipleChoiceField[Account]" = forms.ModelMultipleChoiceField(
        queryset=None, required=False
    )
    target = forms.UUIDField(required=False)

    def __init__(self, request: StaffRequest) -> None:
        super().__init__(request.POST)
        self.request = request
        field: Any = self.fields["pk"]
        field.queryset = request.organization.accounts.all()
        field.error_messages = {
            "invalid_choice": "An account that was ticked is not here any more. Choose again.",
            "invalid_pk_value": "An account that was ticked is not here any more. Choose again.",
        }

    def accounts(self) -> "QuerySet[Any]":
        """The accounts that were picked."""
        is_all = self.cleaned_data["everything"]
        found: QuerySet[Any] = self.filters().rows if is_all else self.cleaned_data["pk"]
        return found

    def chosen(self) -> str:
        """How they were picked, in words without what was searched for, which may be a name."""
        if not self.cleaned_data["everything"]:
            return "Ticked in the list of accounts"
        filters = self.filters()
        chips = [chip for chip in filters.chips() if chip["name"] != "carry"]  # what for is no condition
        said = [f"{chip['label']}: {chip['value']}" for chip in chips]
        said += ["a search"] if filters.data.get("q") else []
        return f"All that match: {', '.join(said)}" if said else "Every account"

    def filters(self) -> AccountFilters:
        organization = self.request.organization
        return AccountFilters(self.request, organization.accounts.with_balance(organization))


class TargetForm(Redrawn, Form):
    """The segment that accounts shall carry, or the portfolio that they move to; no field where it needs neither."""

    def __init__(self, run: BulkRun, data: Any = None) -> None:
        super().__init__(data)
        if not run.needs:
            return
        field = PickField(label=run.needs.capitalize(), find=f"Find a {run.needs}", none="", required=True)
        field.widget.source = targets(run.organization, run.needs)
        field.widget.url, field.widget.verb = run.get_absolute_url(), "get"
        self.fields["target"] = field


def targets(organization: Organization, kind: str) -> Source:
    """What accounts can carry or be moved to."""
    return portfolios_anywhere(organization) if kind == "portfolio" else among(tags(organization))
