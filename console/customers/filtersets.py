"""What staff can filter the customers list by."""

from collections.abc import Callable
from datetime import date, datetime, time

from django.forms import TextInput
from django_filters import CharFilter, ChoiceFilter, Filter

from console.customers.masking import sight_of
from console.customers.models import Customer
from console.customers.querysets import CustomerQuerySet
from console.distinct import values_in_use
from console.filters import DayFilter, ListFilters
from console.organizations.access import StaffRequest

ROLES = [("owner", "Owners"), ("authorised user", "Authorised users")]

# Filters that know more than this app may, such as membership in a segment: the apps above put them here when they are
# ready (in their AppConfig), by the name that stands in the address.
MORE: dict[str, Callable[[StaffRequest, str], Filter]] = {}


class CustomerFilters(ListFilters):
    """Search, kind, country, product held, role on accounts, and since when a customer."""

    q = CharFilter(method="search", label="Name, email or external id")
    kind = ChoiceFilter(choices=Customer.Kind.choices, label="Kind", empty_label="Any kind")
    country = ChoiceFilter(label="Country", empty_label="Any country")
    role = ChoiceFilter(choices=ROLES, method="by_role", label="Accounts", empty_label="Any role")
    product = CharFilter(method="by_product", label="Product", widget=TextInput(attrs={"size": 14}))
    since = DayFilter(method="by_first_day", label="Customer since")

    def declare_more(self) -> None:
        """The organization's own countries, and the filters of the apps above."""
        organization = self.request.organization
        countries = values_in_use(organization.customers.all(), "country")
        self.filters["country"].extra["choices"] = [(country, country) for country in countries]
        for name, make in MORE.items():
            self.filters[name] = make(self.request, self.data.get(name, ""))
            self.filters[name].parent, self.filters[name].model = self, Customer

    def search(self, rows: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return rows.matching(value.strip(), sight_of(self.request.staff))

    def by_role(self, rows: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return rows.filter(
            pk__in=self.request.organization.account_holders.filter(role=value).values("customer")
        )

    def by_product(self, rows: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return rows.filter(products__contains=[value.strip()])

    def by_first_day(self, rows: CustomerQuerySet, name: str, value: date) -> CustomerQuerySet:
        begins = datetime.combine(value, time.min, self.request.organization.zone)
        return rows.filter(created_at__gte=begins)
