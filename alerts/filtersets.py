"""What staff can filter alerts and campaigns by."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter

from alerts.models import Alert, Campaign
from alerts.models.alert import OPEN
from console.filters import ListFilters
from console.organizations.models import Organization
from console.portfolios.models import AccountHolder

STATES = [("open", "Open"), ("yours", "Assigned to you"), *Alert.State.choices]
ORDERS = [("-fired", "Newest"), ("fired", "Oldest")]


class AlertFilters(ListFilters):
    """State (with who works on it), campaign, and which end of time comes first."""

    state = ChoiceFilter(choices=STATES, method="by_state", label="State", empty_label="State")
    campaign = ModelChoiceFilter(
        queryset=lambda request: request.organization.campaigns.all(),
        label="Campaign",
        empty_label="Campaign",
    )
    sort = ChoiceFilter(choices=ORDERS, method="in_order", label="Order", empty_label=None)

    @property
    def is_filtering(self) -> bool:
        return any(self.form.data.get(name) for name in ("state", "campaign"))

    def by_state(self, rows: "QuerySet[Alert]", name: str, value: str) -> "QuerySet[Alert]":
        if value == "open":
            return rows.filter(state__in=OPEN)
        if value == "yours":
            return rows.filter(assigned_to=self.request.staff, state__in=OPEN)
        return rows.filter(state=value)

    def in_order(self, rows: "QuerySet[Alert]", name: str, value: str) -> "QuerySet[Alert]":
        return rows  # the paging reads it


class CampaignFilters(ListFilters):
    """Search and state."""

    q = CharFilter(method="search", label="Name")
    state = ChoiceFilter(choices=Campaign.State.choices, label="State", empty_label="Any state")

    def search(self, rows: "QuerySet[Campaign]", name: str, value: str) -> "QuerySet[Campaign]":
        return rows.filter(name__icontains=value.strip())


def listed_alerts(organization: Organization) -> "QuerySet[Any]":
    """Alerts with what a line of the inbox says: campaign, account, its first owner, who works on it."""
    owners = AccountHolder.objects.filter(account=OuterRef("account"), role=AccountHolder.Role.OWNER)
    return organization.alerts.select_related("campaign", "account", "assigned_to__user").annotate(
        owner=Subquery(owners.order_by("pk").values("customer__name")[:1])
    )


def listed_campaigns(organization: Organization) -> "QuerySet[Any]":
    """Campaigns with their rule and how many alerts are open."""
    counts = Alert.objects.filter(campaign=OuterRef("pk"), state__in=OPEN).order_by().values("campaign")
    return organization.campaigns.select_related("organization", "segment", "trigger").annotate(
        open_alerts=Coalesce(Subquery(counts.annotate(n=Count("pk")).values("n")), 0)
    )


def tally(organization: Organization, reader: Any) -> dict[str, int]:
    """How many alerts fire, are the reader's, and are snoozed."""
    return organization.alerts.open().aggregate(
        firing=Count("pk", Q(state="firing")),
        yours=Count("pk", Q(assigned_to=reader)),
        snoozed=Count("pk", Q(state="snoozed")),
    )
