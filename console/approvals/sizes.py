"""What of an organization's own settings needs four eyes: those that say how many eyes there are."""

from datetime import datetime
from typing import Any

from console.organizations.kinds import Impossible, Kind, Pairs, Proposal
from console.organizations.models import Approval, Organization, Staff

SIZES = ("second_approver_above", "export_minimum")


class SettingsKind(Kind):
    """Above which size two must approve, and below which no list leaves as a file. The subject is the organization.

    `given`: both sizes. Bound to them, and to those in force.
    """

    name, label, asks = "settings", "Settings", "settings"
    done = "it counts for every request that is decided from now on."

    def hold(self, approval: Approval) -> Organization:
        organization = Organization.objects.select_for_update(no_key=True).get(pk=approval.organization_id)
        if sizes_of(organization) == approval.given:
            raise Impossible("The sizes are so already.")
        return organization

    def proposal(self, thing: Organization, approval: Approval, *, at: datetime) -> Proposal:
        return Proposal(
            title="Change above which size two must approve, or how small an export may be",
            content={"organization": thing.pk, "from": sizes_of(thing), "to": approval.given},
            after=in_words(approval.given),
            before=in_words(sizes_of(thing)),
        )

    def apply(self, thing: Organization, approval: Approval, *, by: Staff, at: datetime) -> None:
        for name in SIZES:
            setattr(thing, name, approval.given[name])
        thing.save(update_fields=SIZES)

    def url(self, approval: Approval) -> str:
        return approval.organization.url("approval_size")


def sizes_of(organization: Organization) -> dict[str, Any]:
    """Both sizes by name, as a request gives them."""
    return {name: getattr(organization, name) for name in SIZES}


def in_words(sizes: dict[str, Any]) -> Pairs:
    """The sizes as people read them."""
    above, least = sizes["second_approver_above"], sizes["export_minimum"]
    return [
        ("Two approvers above", "never: one is enough" if above is None else f"{above:,} reached"),
        ("Customers in an export, at least", f"{least:,}"),
    ]
