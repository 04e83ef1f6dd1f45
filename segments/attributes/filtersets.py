"""What the list of attributes can be filtered by."""

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains
from django_filters import CharFilter, ChoiceFilter

from console.customers.models import Attribute
from console.filters import ListFilters
from console.organizations.fields import Fold

OFTEN = [("yes", "Often"), ("no", "Seldom")]


class AttributeFilters(ListFilters):
    """Key or name, of what, type, and whether it is filtered often."""

    q = CharFilter(method="search", label="Key or name")
    entity = ChoiceFilter(choices=Attribute.Entity.choices, label="Of", empty_label="Any records")
    type = ChoiceFilter(choices=Attribute.Type.choices, label="Type", empty_label="Any type")
    often = ChoiceFilter(choices=OFTEN, method="by_often", label="Filtered", empty_label="Often or seldom")

    def search(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        words = value.strip()
        return rows.filter(Q(key__icontains=words) | Q(label__icontains=words))

    def by_often(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(is_filtered_often=value == "yes")


class UserFilters(ListFilters):
    """Those that ask for one attribute, by name."""

    q = CharFilter(method="search", label="Name")

    def search(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(Contains(Fold("name"), Fold(Value(value.strip()))))
