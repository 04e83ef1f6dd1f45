"""Choosing one of very many portfolios or accounts: how one is looked for, and what it is called."""

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains

from console.organizations.fields import Fold
from console.picking import Source
from console.portfolios.columns import type_words


def portfolios_of(ledger: Any) -> Source:
    """The portfolios of one ledger, with whose they are."""
    return Source(ledger.portfolios.order_by("name", "pk"), portfolios_named, _with_entity)


def portfolios_anywhere(organization: Any) -> Source:
    """The portfolios of all ledgers, each with its ledger: two may have one of the same name."""
    rows = organization.portfolios.select_related("ledger").order_by("name", "pk")
    return Source(rows, portfolios_named, lambda one: f"{one.name} ({one.ledger})")


def accounts_of(ledger: Any) -> Source:
    """The accounts of one ledger by number or alias."""
    return Source(ledger.accounts.order_by("external_id"), _known_as, _of_what_type)


def portfolios_named(rows: "QuerySet[Any]", words: str) -> "QuerySet[Any]":
    """Those with the words in their name, or whose entity begins with them."""
    return rows.filter(Q(Contains(Fold("name"), Fold(Value(words)))) | Q(entity_id__startswith=words))


def _with_entity(portfolio: Any) -> str:
    return f"{portfolio.name} · {portfolio.entity_id}" if portfolio.entity_id else str(portfolio.name)


def _known_as(rows: "QuerySet[Any]", words: str) -> "QuerySet[Any]":
    return rows.filter(Q(external_id__startswith=words) | Q(alias__startswith=words) & ~Q(alias=""))


def _of_what_type(account: Any) -> str:
    return f"{account.external_id} · {type_words(account)}, {account.asset_code}"
