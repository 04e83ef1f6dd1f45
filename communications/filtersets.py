"""What staff can filter the message log by, and the lists of communications, templates and endpoints."""

from datetime import date, datetime, time

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter

from communications.models import Configuration, Message
from console.customers.masking import sight_of
from console.filters import DayFilter, ListFilters


class MessageFilters(ListFilters):
    """State, communication, customer, since when."""

    q = CharFilter(method="search", label="Customer: name, email or external id")
    state = ChoiceFilter(choices=Message.State.choices, label="State", empty_label="Any state")
    configuration = ModelChoiceFilter(
        queryset=lambda request: request.organization.configurations.all(),
        label="Communication",
        empty_label="Any communication",
    )
    endpoint = ModelChoiceFilter(
        queryset=lambda request: request.organization.endpoints.all(),
        label="Endpoint",
        empty_label="Any endpoint",
    )
    since = DayFilter(method="by_first_day", label="Since")

    def search(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        customers = self.request.organization.customers.matching(value.strip(), sight_of(self.request.staff))
        return rows.filter(customer__in=customers)

    def by_first_day(self, rows: QuerySet[Message], name: str, value: date) -> QuerySet[Message]:
        return rows.filter(created_at__gte=datetime.combine(value, time.min, self.request.organization.zone))


class NameFilters(ListFilters):
    """The search of a list of things with names."""

    q = CharFilter(field_name="name", lookup_expr="icontains", label="Name")


class ConfigurationFilters(NameFilters):
    state = ChoiceFilter(choices=Configuration.State.choices, label="State", empty_label="Any state")
