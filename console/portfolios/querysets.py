"""What can be asked of many accounts at once."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value
from django.db.models.lookups import Contains

from console.organizations.fields import Fold
from console.organizations.models import Organization

FEW = 2_000


class AccountQuerySet(models.QuerySet[Any]):
    """Accounts of one organization, reached as `organization.accounts`."""

    def matching(self, text: str, organization: Organization) -> "AccountQuerySet":
        """Those whose external id or alias begins with `text`, or whose name or a holder's name has its words.

        Where few customers have such a name their accounts are collected; where many have, accounts are looked at
        one after the other, since a page of them is soon found.
        """
        begins = Q(external_id__startswith=text) | Q(alias__startswith=text)
        words = [word for word in text.split() if len(word) > 2]
        if not words:
            return self.filter(begins)
        named = Q(*(Q(Contains(Fold("name"), Fold(Value(word)))) for word in words))
        customers = organization.customers.named(text)
        holders = organization.account_holders.all()
        if customers.values("pk")[: FEW + 1].count() > FEW:
            held = holders.filter(account=OuterRef("pk"), customer__in=customers.values("pk"))
            return self.filter(begins | named | Q(Exists(held)))
        accounts = organization.accounts.all()
        held = holders.filter(customer__in=customers.values("pk")).values("account")
        found = accounts.filter(begins).values("pk").union(accounts.filter(named).values("pk"), held)
        return self.filter(pk__in=found)

    def with_balance(self, organization: Organization) -> "AccountQuerySet":
        """With `held`, the row of the kept balance (missing before the first movement), to show and to sort by."""
        held = FilteredRelation("balance", condition=Q(balance__organization=organization))
        return self.annotate(held=held).select_related("held")

    def overdrawn(self) -> "AccountQuerySet":
        """Those whose ledger balance is below zero after their last movement. Needs `with_balance`."""
        return self.filter(held__ledger__lt=0)

    def totals(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Accounts and the sum of their balances by currency, as dicts of `asset_code`, `accounts`, `ledger`.

        Currencies are never added to each other. Needs `with_balance`.
        """
        by_currency = self.order_by("asset_code").values("asset_code")
        return by_currency.annotate(
            accounts=models.Count("pk"), ledger=models.Sum(F("held__ledger"), default=0)
        )
