"""What staff can filter the lists of billing by."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, NumberFilter

from console.billing import life
from console.billing.models import ConnectorLink, Invoice, MonitorReading, PaymentMethod
from console.customers.masking import sight_of
from console.distinct import values_in_use
from console.filters import AmountFilter, DayFilter, ListFilters
from console.organizations.fields import Fold

STATES = [
    ("overdue", "Overdue"),
    ("unpaid", "Owed"),
    *((value, str(label)) for value, label in Invoice.Status.choices),
]
FLAGS = [("yes", "Default ones"), ("no", "Others")]


class OfCustomers(ListFilters):
    """A search by what begins an id, or by the customer's name."""

    found_by: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text, sight = value.strip(), sight_of(self.request.staff)
        people = self.request.organization.customers.matching(text, sight).values("pk")
        begins = Q(customer__in=people)
        for field in self.found_by:
            begins |= Q(**{f"{field}__startswith": text})
        return rows.filter(begins)


class InvoiceFilters(OfCustomers):
    """Search, state, days overdue, days of issue and due, amounts in one currency."""

    found_by = ("number", "external_id")
    q = CharFilter(method="search", label="Number, id or customer")
    state = ChoiceFilter(choices=STATES, method="by_state", label="State", empty_label="Any state")
    overdue = NumberFilter(method="by_days", label="Days overdue, at least", min_value=0, max_value=36_500)
    currency = ChoiceFilter(label="Currency", empty_label="Any currency")
    least = AmountFilter(field_name="amount_due", lookup_expr="gte", label="Due, at least")
    issued = DayFilter(field_name="issued_on", lookup_expr="gte", label="Issued since")
    due = DayFilter(field_name="due_on", lookup_expr="lte", label="Due until")

    def declare_more(self) -> None:
        """The currencies that the organization counts in."""
        codes = self.request.organization.assets.order_by("code").values_list("code", flat=True).distinct()
        self.filters["currency"].extra["choices"] = [(code, code) for code in codes]

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        if value == "overdue":
            return rows.overdue(self.request.organization.local_date(timezone.now()))
        return rows.filter(status__in=life.OWED) if value == "unpaid" else rows.filter(status=value)

    def by_days(self, rows: Any, name: str, value: Any) -> Any:
        today = self.request.organization.local_date(timezone.now())
        return rows.filter(
            status__in=life.OWED, due_on__lte=today - timedelta(days=int(value)), amount_due__gt=0
        )


class MethodFilters(OfCustomers):
    """Search, type, status, connector, default, country and expiry."""

    found_by = ("external_id",)
    q = CharFilter(method="search", label="External id or customer")
    type = ChoiceFilter(choices=PaymentMethod.Type.choices, label="Type", empty_label="Any type")
    status = ChoiceFilter(choices=PaymentMethod.Status.choices, label="Status", empty_label="Any status")
    connector = ChoiceFilter(label="Connector", empty_label="Any connector")
    default = ChoiceFilter(choices=FLAGS, method="by_default", label="Default", empty_label="Default or not")
    country = ChoiceFilter(label="Country", empty_label="Any country")
    expires = DayFilter(field_name="expires_on", lookup_expr="lte", label="Expires until")

    def declare_more(self) -> None:
        """The organization's own connectors and countries."""
        organization = self.request.organization
        connectors = organization.connectors.order_by("name", "pk").values_list("pk", "name")[:200]
        self.filters["connector"].extra["choices"] = [(str(pk), name) for pk, name in connectors]
        countries = values_in_use(organization.customers.all(), "country")
        self.filters["country"].extra["choices"] = [(country, country) for country in countries]

    def by_default(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(is_default=value == "yes")


class LinkFilters(OfCustomers):
    """Search and connection, of one connector's customers."""

    found_by = ("reference",)
    q = CharFilter(method="search", label="External id or customer")
    connection = ChoiceFilter(
        choices=ConnectorLink.Connection.choices, label="Connection", empty_label="Linked or not"
    )


class ReadingFilters(OfCustomers):
    """Search and state, of one monitor's customers."""

    q = CharFilter(method="search", label="Customer")
    state = ChoiceFilter(choices=MonitorReading.State.choices, label="State", empty_label="Holds or not")


class NameFilters(ListFilters):
    """Search by name."""

    q = CharFilter(method="search", label="Name")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Contains(Fold("name"), Fold(Value(value.strip()))))
