"""What staff can filter the lists of ledgers, assets and account types by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.forms import HiddenInput
from django_filters import CharFilter, ChoiceFilter

from console.distinct import values_in_use
from console.filters import ListFilters, is_uuid
from console.ledgers.models import Asset
from console.organizations.models import Organization
from console.picking import named
from console.statuses import STATUSES, with_present


def asked_ledger(organization: Organization, asked: str) -> list[tuple[str, str]]:
    """The ledger of this id as the one choice: it is chosen elsewhere, among all that there are."""
    rows = organization.ledgers.filter(pk=asked) if is_uuid(asked) else organization.ledgers.none()
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


class StatedFilters(ListFilters):
    """Adds the status: the usual ones, and those that records in the list have."""

    status = ChoiceFilter(label="Status", empty_label="Any status")

    def declare_more(self) -> None:
        used = values_in_use(self.queryset, "status")
        self.filters["status"].extra["choices"] = with_present(STATUSES, *used)


class OfLedger(ListFilters):
    """Adds the ledger, which is chosen in the top bar."""

    remembered = ("ledger",)
    ledger = ChoiceFilter(label="Ledger", widget=HiddenInput)

    def declare_more(self) -> None:
        super().declare_more()
        ledgers = asked_ledger(self.request.organization, self.data.get("ledger", ""))
        self.filters["ledger"].extra["choices"] = ledgers


class LedgerFilters(StatedFilters):
    """Search by name, and status."""

    q = CharFilter(method="search", label="Ledger")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return named(rows, value.strip())


class AssetFilters(OfLedger, StatedFilters):
    """Search by code or name, kind, status and ledger."""

    q = CharFilter(method="search", label="Code or name")
    type = ChoiceFilter(choices=Asset.Type.choices, label="Kind", empty_label="Any kind")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        return rows.filter(Q(code__istartswith=words) | Q(pk__in=named(rows, words).values("pk")))


class TypeFilters(OfLedger):
    """Search by name or key, and ledger."""

    q = CharFilter(method="search", label="Name or key")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        return rows.filter(Q(key_value__istartswith=words) | Q(pk__in=named(rows, words).values("pk")))
