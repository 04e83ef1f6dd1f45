"""What staff can filter the lists of accounts and portfolios by."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains
from django.forms import HiddenInput
from django_filters import CharFilter, ChoiceFilter, Filter

from console.customers.masking import sight_of
from console.customers.querysets import as_seen
from console.distinct import values_in_use
from console.filters import AmountFilter, DayFilter, ListFilters
from console.organizations.fields import Fold
from console.organizations.models import Organization
from console.portfolios.models import Account, Portfolio
from console.portfolios.querysets import AccountQuerySet

STATES = [*Account.Status.choices, ("blocked", "Debit blocked"), ("overdrawn", "Overdrawn")]
OFFERED = 100

# Filters of the apps above, by the name that stands in the address; see console.customers.filtersets.
MORE: dict[str, Callable[[Organization], Filter]] = {}


class AccountFilters(ListFilters):
    """Search, ledger (chosen in the top bar), portfolio, type, currency, state and opening day."""

    remembered = ("ledger",)
    q = CharFilter(method="search", label="Account, alias or holder")
    ledger = ChoiceFilter(label="Ledger", widget=HiddenInput)
    portfolio = ChoiceFilter(label="Portfolio", empty_label="Any portfolio")
    type = ChoiceFilter(label="Type", empty_label="Any type")
    currency = ChoiceFilter(field_name="asset_code", label="Currency", empty_label="Any currency")
    state = ChoiceFilter(choices=STATES, method="by_state", label="State", empty_label="Any state")
    opened = DayFilter(field_name="opened_on", lookup_expr="gte", label="Opened since")

    def declare_more(self) -> None:
        """The organization's own ledgers, portfolios, types and currencies, and the filters of the apps above."""
        organization = self.request.organization
        self.offer("ledger", asked_ledger(organization, self.data.get("ledger", "")))
        self.offer("portfolio", named_rows(organization.portfolios.all(), self.data.get("portfolio", "")))
        types = values_in_use(organization.accounts.all(), "type")
        self.offer("type", [(one, one.replace("_", " ").capitalize()) for one in types])
        self.offer("currency", [(one, one) for one in self.currencies()])
        for name, make in MORE.items():
            self.filters[name] = make(organization)
            self.filters[name].parent, self.filters[name].model = self, Account

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = choices

    def currencies(self) -> list[str]:
        """The codes of the assets that the organization's ledgers count in."""
        codes = self.request.organization.assets.order_by("code").values_list("code", flat=True)
        return list(codes.distinct())

    def search(self, rows: AccountQuerySet, name: str, value: str) -> AccountQuerySet:
        return rows.matching(value.strip(), self.request.organization, sight_of(self.request.staff))

    def by_state(self, rows: AccountQuerySet, name: str, value: str) -> AccountQuerySet:
        if value == "blocked":
            return rows.filter(is_blocked=True)
        return rows.overdrawn() if value == "overdrawn" else rows.filter(status=value)


class PortfolioFilters(ListFilters):
    """Search and ledger (chosen in the top bar)."""

    remembered = ("ledger",)
    q = CharFilter(method="search", label="Portfolio or entity")
    ledger = ChoiceFilter(label="Ledger", widget=HiddenInput)

    def declare_more(self) -> None:
        """The ledger that is asked for."""
        ledgers = asked_ledger(self.request.organization, self.data.get("ledger", ""))
        self.filters["ledger"].extra["choices"] = ledgers

    def search(self, rows: QuerySet[Portfolio], name: str, value: str) -> QuerySet[Portfolio]:
        return rows.filter(
            Q(Contains(Fold("name"), Fold(Value(value.strip())))) | Q(entity_id__startswith=value.strip())
        )


def named_rows(rows: QuerySet[Any], asked: str) -> list[tuple[str, str]]:
    """The first OFFERED rows by name as choices, and the one that the address asks for, wherever it stands."""
    offered = list(rows.order_by("name", "pk").values_list("pk", "name")[:OFFERED])
    if is_uuid(asked) and UUID(asked) not in dict(offered):
        offered += rows.filter(pk=asked).values_list("pk", "name")
    return [(str(pk), name) for pk, name in offered]


def asked_ledger(organization: Organization, asked: str) -> list[tuple[str, str]]:
    """The ledger of this id as the one choice: it is chosen elsewhere, among all that there are."""
    rows = organization.ledgers.filter(pk=asked) if is_uuid(asked) else organization.ledgers.none()
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


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
