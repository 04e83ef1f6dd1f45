"""What erasing a customer means for accounts: they stay, with what was booked; names that people gave them go."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from console.customers.erasing import Fate, Part
from console.customers.models import Attribute, Customer
from console.portfolios.models import Account, AccountHolder

KEPT = "The bank must keep its books. They lead to the pseudonym only."


def told(customer: Customer) -> list[Fate]:
    held = customer.organization.accounts.filter(holders__customer=customer)
    items = customer.organization.transactions.filter(account__in=held.values("pk"))
    named = own_alone(customer).exclude(name="", alias="")
    return [
        Fate("Names and aliases of accounts", named.count(), True, "Of accounts that nobody else holds."),
        Fate("Accounts with their balances", held.count(), False, KEPT),
        Fate(
            "Transactions",
            items.aggregate(n=Count("pk"))["n"],
            False,
            "As they were booked, their texts included.",
        ),
    ]


def erase(customer: Customer, at: datetime) -> None:
    """Accounts held by nobody else lose name, alias and personal metadata. What was booked stays as it is."""
    attributes = customer.organization.attributes.filter(entity=Attribute.Entity.ACCOUNTS, is_personal=True)
    keys = {attribute.key.split(".")[0] for attribute in attributes}
    for account in own_alone(customer):
        account.name = account.alias = ""
        account.metadata = {key: value for key, value in account.metadata.items() if key not in keys}
        account.save(update_fields=["name", "alias", "metadata"])


def own_alone(customer: Customer) -> "QuerySet[Account, Any]":
    """Accounts that only this customer, or others who are erased, hold."""
    others = AccountHolder.objects.filter(account=OuterRef("pk"), customer__erased_at=None).exclude(
        customer=customer
    )
    held = customer.organization.accounts.filter(holders__customer=customer)
    return held.filter(~Exists(others))


PART = Part(told, erase)
