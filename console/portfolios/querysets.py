"""What can be asked of many accounts at once, and done to them."""

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Case, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import Contains, GreaterThan

from console.customers.masking import Sight
from console.organizations.fields import Fold
from console.organizations.models import Organization

FEW = 2_000


class AccountQuerySet(models.QuerySet[Any]):
    """Accounts of one organization, reached as `organization.accounts`."""

    def matching(self, text: str, organization: Organization, sight: Sight) -> "AccountQuerySet":
        """Those whose external id or alias begins with `text`, or whose name or a holder's name has its words.

        Where few have such a name they are collected; where many have, accounts are looked at one after the other,
        since a page of them is soon found. For masked eyes a holder's name and the alias must be given whole.
        """
        if not sight.is_clear:
            holders = organization.account_holders.filter(
                customer__in=organization.customers.named(text, sight)
            )
            known = Q(pk__in=holders.values("account")) | Q(alias=text) & ~Q(alias="")
            return self.filter(Q(external_id__startswith=text) | known)
        begins = Q(external_id__startswith=text) | Q(alias__startswith=text) & ~Q(alias="")
        words = [word for word in text.split() if len(word) > 2]
        if not words:
            return self.filter(begins)
        named = Q(*(Q(Contains(Fold("name"), Fold(Value(word)))) for word in words))
        accounts, customers = organization.accounts.all(), organization.customers.named(text, sight)
        if is_many(accounts.filter(named)) or is_many(customers):
            return self.filter(begins | named | held_by(organization, customers))
        held = organization.account_holders.filter(customer__in=customers.values("pk")).values("account")
        found = accounts.filter(begins).values("pk").union(accounts.filter(named).values("pk"), held)
        return self.filter(pk__in=found)

    def with_balance(self, organization: Organization, currency: str = "") -> "AccountQuerySet":
        """With `held`, the kept balance to sort by, and its `held_ledger` to show: None before the first movement.

        `currency` says that only accounts in it are asked for, so that the order by balance begins at its own.
        """
        condition = Q(balance__organization=organization)
        if currency:
            condition &= Q(balance__asset_code=currency)
        return self.annotate(held=FilteredRelation("balance", condition=condition)).annotate(
            held_ledger=F("held__ledger")
        )

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

    def hold(self) -> int:
        """Lock them until the transaction ends, in the order of their ids, so that nobody waits in a ring. How many."""
        rows = self.select_for_update(no_key=True).order_by("pk").values("pk")
        statement, parameters = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({statement}) held", parameters)
            return int(cursor.fetchone()[0])

    def put_into(self, portfolio: Any, *, at: datetime) -> int:
        """Put them into a portfolio of their ledger, with None out of theirs; how many were not there before.

        An account without an entity takes the portfolio's.
        """
        if portfolio is None:
            return self.filter(portfolio__isnull=False).update(portfolio=None, updated_at=at)
        entity = Case(When(entity_id="", then=Value(portfolio.entity_id)), default=F("entity_id"))
        others = self.exclude(portfolio=portfolio)
        return others.update(portfolio=portfolio, entity_id=entity, updated_at=at)

    def set_blocked(self, is_blocked: bool, *, at: datetime) -> int:
        """Block them, or lift the block; how many stood otherwise before."""
        return self.exclude(is_blocked=is_blocked).update(is_blocked=is_blocked, updated_at=at)


class LiveAccounts(models.Manager.from_queryset(AccountQuerySet)):  # type: ignore[misc]  # from_queryset makes the class at run time
    """The accounts that a bank means: not deleted, and not the external account of an asset."""

    def get_queryset(self) -> AccountQuerySet:
        return AccountQuerySet(self.model, using=self._db).filter(is_live=True)


def is_many(rows: "models.QuerySet[Any]") -> bool:
    """Whether there are more than FEW."""
    return rows.values("pk")[: FEW + 1].count() > FEW


def held_by(organization: Organization, customers: "models.QuerySet[Any]") -> Q:
    """The condition that one of `customers` holds the account, asked account by account.

    A count is compared, since PostgreSQL would answer EXISTS by collecting every holder of that name first.
    """
    held = organization.account_holders.filter(account=OuterRef("pk"), customer__in=customers.values("pk"))
    number = held.order_by().values("account").annotate(number=models.Count("pk")).values("number")
    return Q(GreaterThan(Subquery(number), Value(0)))
