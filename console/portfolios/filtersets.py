"""What staff can filter the lists of accounts and portfolios by."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains
from django_filters import CharFilter, ChoiceFilter, Filter

from console.customers.masking import sight_of
from console.customers.querysets import as_seen
from console.distinct import values_in_use
from console.filters import AmountFilter, DayFilter, ListFilters
from console.finding import offer
from console.ledgers.filtersets import OfLedger, StatedFilters
from console.organizations.access import StaffRequest
from console.organizations.fields import Fold
from console.portfolios.choosing import portfolios_anywhere, portfolios_named
from console.portfolios.models import Account, Portfolio
from console.portfolios.querysets import AccountQuerySet

STATES = [*Account.Status.choices, ("blocked", "Debit blocked"), ("overdrawn", "Overdrawn")]

# Filters of the apps above, by the name that stands in the address; see console.customers.filtersets.
MORE: dict[str, Callable[[StaffRequest, str], Filter]] = {}


class AccountFilters(OfLedger):
    """Search, ledger (chosen in the top bar), portfolio, type, currency, state; more: opening day, entity, balance."""

    more = ("opened", "opened_until", "entity", "least", "most")
    q = CharFilter(method="search", label="Account, alias or holder")
    portfolio = ChoiceFilter(label="Portfolio", empty_label="Any portfolio")
    type = ChoiceFilter(label="Type", empty_label="Any type")
    currency = ChoiceFilter(field_name="asset_code", label="Currency", empty_label="Any currency")
    state = ChoiceFilter(choices=STATES, method="by_state", label="State", empty_label="Any state")
    opened = DayFilter(field_name="opened_on", lookup_expr="gte", label="Opened since")
    opened_until = DayFilter(field_name="opened_on", lookup_expr="lte", label="Opened until")
    entity = CharFilter(field_name="entity_id", lookup_expr="startswith", label="Entity")
    least = AmountFilter(method="by_least", label="Balance at least")
    most = AmountFilter(method="by_most", label="Balance at most")

    def declare_more(self) -> None:
        """The organization's own ledgers, portfolios, types and currencies, and the filters of the apps above."""
        super().declare_more()
        organization = self.request.organization
        portfolios, asked = portfolios_anywhere(organization), self.data.get("portfolio", "")
        offer(self.filters["portfolio"], portfolios, asked, self.request.path)
        types = values_in_use(organization.accounts.all(), "type")
        self.offer("type", [(one, one.replace("_", " ").capitalize()) for one in types])
        self.offer("currency", [(one, one) for one in self.currencies()])
        for name, make in MORE.items():
            self.filters[name] = make(self.request, self.data.get(name, ""))
            self.filters[name].parent, self.filters[name].model = self, Account

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = choices

    def currencies(self) -> list[str]:
        """The codes of the assets that the organization's ledgers count in."""
        codes = self.request.organization.assets.order_by("code").values_list("code", flat=True)
        return list(codes.distinct())

    def search(self, rows: AccountQuerySet, name: str, value: str) -> AccountQuerySet:
        return rows.matching(value.strip(), self.request.organization, sight_of(self.request.staff))

    def by_least(self, rows: AccountQuerySet, name: str, value: Decimal) -> AccountQuerySet:
        """In whichever currency; before the first movement it is 0."""
        found = Q(held__ledger__gte=value)
        return rows.filter(found if value > 0 else found | Q(held__ledger=None))

    def by_most(self, rows: AccountQuerySet, name: str, value: Decimal) -> AccountQuerySet:
        found = Q(held__ledger__lte=value)
        return rows.filter(found if value < 0 else found | Q(held__ledger=None))

    def by_state(self, rows: AccountQuerySet, name: str, value: str) -> AccountQuerySet:
        if value == "blocked":
            return rows.filter(is_blocked=True)
        return rows.overdrawn() if value == "overdrawn" else rows.filter(status=value)


class PortfolioAccountFilters(AccountFilters):
    """The same among the accounts of one portfolio."""

    def declare_more(self) -> None:
        super().declare_more()
        del self.filters["portfolio"]


class PortfolioFilters(OfLedger, StatedFilters):
    """Search, status and ledger (chosen in the top bar)."""

    q = CharFilter(method="search", label="Portfolio or entity")

    def search(self, rows: QuerySet[Portfolio], name: str, value: str) -> QuerySet[Portfolio]:
        return portfolios_named(rows, value.strip())


class TransactionFilters(ListFilters):
    """Search, direction, days and amounts: of one account's transactions."""

    q = CharFilter(method="search", label="Description, counterparty or id")
    direction = ChoiceFilter(
        choices=[("credit", "Credits"), ("debit", "Debits")], label="Direction", empty_label="Both ways"
    )
    since = DayFilter(field_name="booked_on", lookup_expr="gte", label="From")
    until = DayFilter(field_name="booked_on", lookup_expr="lte", label="To")
    least = AmountFilter(field_name="amount", lookup_expr="gte", label="At least")
    most = AmountFilter(field_name="amount", lookup_expr="lte", label="At most")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words, sight = Fold(Value(value.strip())), sight_of(self.request.staff)
        said = [Q(Contains(Fold(as_seen(field, sight)), words)) for field in ("description", "counterparty")]
        if not sight.is_clear:
            said[1] &= Q(
                is_with_customer=False
            )  # a name that is shown as dots is not spelled out by looking for it
        return rows.filter(said[0] | said[1] | Q(external_id__startswith=value.strip()))
