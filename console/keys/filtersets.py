"""What the list of keys can be filtered by."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter

from console.filters import ListFilters
from console.organizations.models import ApiKey


class KeyFilters(ListFilters):
    """Name or beginning, and whether it still opens anything."""

    q = CharFilter(method="search", label="Name or beginning")
    state = ChoiceFilter(
        choices=[("live", "Live"), ("ended", "Expired or revoked")],
        method="by_state",
        label="State",
        empty_label="Any state",
    )

    def search(self, rows: "QuerySet[ApiKey]", name: str, value: str) -> "QuerySet[ApiKey]":
        return rows.filter(Q(name__icontains=value.strip()) | Q(prefix__startswith=value.strip()))

    def by_state(self, rows: "QuerySet[ApiKey]", name: str, value: str) -> "QuerySet[ApiKey]":
        ended = Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now())
        return rows.filter(ended if value == "ended" else ~ended)
