"""What the list of people can be filtered by."""

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter

from console.filters import ListFilters
from console.organizations.models import Role, Staff


class StaffFilters(ListFilters):
    """Name or address, role, and whether the person still works here."""

    q = CharFilter(method="search", label="Name or address")
    role = ChoiceFilter(choices=Role.choices, label="Role", empty_label="Any role")
    access = ChoiceFilter(
        choices=[("working", "Working"), ("ended", "Access ended")],
        method="by_access",
        label="Access",
        empty_label="Any access",
    )

    def search(self, rows: "QuerySet[Staff]", name: str, value: str) -> "QuerySet[Staff]":
        return rows.filter(Q(user__name__icontains=value.strip()) | Q(user__email__icontains=value.strip()))

    def by_access(self, rows: "QuerySet[Staff]", name: str, value: str) -> "QuerySet[Staff]":
        return rows.filter(ended_at__isnull=value == "working")
