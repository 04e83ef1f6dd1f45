"""One search over the record and what stands on it: the first few of each kind, and where the rest is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains

from console.customers.masking import Sight
from console.organizations.fields import Fold
from console.organizations.models import Organization

SHOWN = 5
Words = Callable[[Any], str]


@dataclass(frozen=True)
class Found:
    """The first rows of one kind as (words, address, hint), and the address of the list that has them all."""

    heading: str
    rows: Sequence[tuple[str, str, str]]
    all_url: str


def found_in(organization: Organization, words: str, sight: Sight) -> list[Found]:
    """What of `organization` bears `words` as a name or the beginning of an id."""
    customers = organization.customers.matching(words, sight)
    customers = customers.order_by("name_folded" if sight.is_clear else "external_id", "pk")
    accounts = organization.accounts.matching(words, organization, sight).order_by("external_id")
    named = Q(Contains(Fold("name"), Fold(Value(words))))
    segments = organization.segments.filter(named, archived_at=None).order_by("name", "pk")
    portfolios = organization.portfolios.filter(named | Q(entity_id__startswith=words)).order_by("name", "pk")

    def group(heading: str, rows: QuerySet[Any], name: str, hint: Words, title: Words = str) -> Found:
        shown = [(title(row), row.get_absolute_url(), hint(row)) for row in rows[:SHOWN]]
        return Found(heading, shown, f"{organization.url(name)}?{urlencode({'q': words})}")

    return [
        group("Customers", customers, "customers:customer_list", lambda row: row.external_id, sight.name),
        group("Accounts", accounts, "portfolios:account_list", lambda row: about_account(row, sight)),
        group("Segments", segments, "segments:segment_list", lambda row: row.get_population_display()),
        group("Portfolios", portfolios, "portfolios:portfolio_list", lambda row: row.entity_id),
    ]


def about_account(account: Any, sight: Sight) -> str:
    """Its name, where it has one, and its currency."""
    return " · ".join(filter(None, [sight.name_alone(account.name), account.asset_code]))
