"""What staff can filter the list of imports by."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter

from console.filters import ListFilters
from console.imports.kinds import KINDS
from console.imports.models import ImportRun

OUTCOMES = [*ImportRun.State.choices, ("rejected", "With rejected rows")]


class RunFilters(ListFilters):
    """Search by file, kind, how it stands."""

    q = CharFilter(field_name="name", lookup_expr="icontains", label="Name of the file")
    kind = ChoiceFilter(
        choices=[(kind.key, kind.label) for kind in KINDS.values()], label="Kind", empty_label="Any kind"
    )
    state = ChoiceFilter(choices=OUTCOMES, method="by_outcome", label="State", empty_label="Any state")

    def by_outcome(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(rejected__gt=0) if value == "rejected" else rows.filter(state=value)
