"""What staff can filter the list of ledgers by."""

from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.lookups import Contains
from django_filters import CharFilter

from console.filters import ListFilters
from console.organizations.fields import Fold


class LedgerFilters(ListFilters):
    """Search by name."""

    q = CharFilter(method="search", label="Ledger")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Contains(Fold("name"), Fold(Value(value.strip()))))
