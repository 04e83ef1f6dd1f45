"""Every field that staff can filter on, by scope, and how the organization's declared attributes join them.

A scope is what rows are looked at: the two populations (customers, accounts) and what hangs on them (a customer's
accounts, an account's holders, transactions; what is billed: billing_fields.py, what comes in: income_fields.py). A
field added here appears in the builder, the API and the read-back. The apps above `add` theirs when they are ready.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import F

from console.customers.models import Attribute
from console.organizations.models import Organization
from console.portfolios.models import AccountHolder
from segments import expressions
from segments.catalog import billing_fields, birth_fields, income_fields, transaction_fields
from segments.catalog.account_fields import ACCOUNT_FACTS
from segments.catalog.customer_fields import CUSTOMER_FACTS
from segments.catalog.fairness import care_of
from segments.catalog.field import ALL, Field, Read, Row, Scope, by_key, column, in_small

__all__ = ["ALL", "SCOPES", "Field", "Row", "Scope", "add", "fields", "find"]

ROLES = in_small(AccountHolder.Role)
CUSTOMER = [
    ALL,
    *CUSTOMER_FACTS,
    Field(
        "total_balance",
        "Total balance",
        "money",
        help="Sum of the ledger balances of the accounts the customer owns, in one currency. None owned: no value.",
    ),
    Field("segment", "Segment", "segment", help="Membership as last refreshed."),
    Field("accounts", "Accounts", "related", scope="holdings"),
    Field(
        "transactions", "Transactions", "related", scope="transactions", help="Of accounts held in any role."
    ),
    *income_fields.OF_CUSTOMER,
    *billing_fields.OF_CUSTOMER,
]
ROLE = Field("role", "Role", "choice", column("role"), choices=ROLES)
CUSTOM_DATA = {"custom_data": ("custom_data", "Custom data", Attribute.Entity.CUSTOMERS)}


def _through(path: str, fields: Iterable[Field]) -> list[Field]:
    """The same fields, read one step further away."""

    def further(read: Read) -> Read:
        return lambda row: read(replace(row, prefix=row.prefix + path))

    return [replace(field, read=further(field.read)) if field.read else field for field in fields]


ACCOUNTS = Attribute.Entity.ACCOUNTS
SCOPES = {
    scope.name: scope
    for scope in (
        Scope("customers", "Customers", by_key(CUSTOMER), "", CUSTOM_DATA),
        Scope(
            "accounts",
            "Accounts",
            by_key([ALL, *ACCOUNT_FACTS, Field("holders", "Holders", "related", scope="holders")]),
            "asset_code",
            {"metadata": ("metadata", "Metadata", ACCOUNTS)},
        ),
        Scope(
            "holdings",
            "Accounts",
            by_key([ALL, ROLE, *_through("account__", ACCOUNT_FACTS)]),
            "account__asset_code",
            {"metadata": ("account__metadata", "Metadata", ACCOUNTS)},
        ),
        Scope(
            "holders",
            "Holders",
            by_key([ALL, ROLE, *_through("customer__", CUSTOMER_FACTS)]),
            "",
            {"custom_data": ("customer__custom_data", "Custom data", Attribute.Entity.CUSTOMERS)},
        ),
        Scope(
            "transactions",
            "Transactions",
            by_key(transaction_fields.TRANSACTION),
            "account__asset_code",
            {"metadata": ("metadata", "Metadata", Attribute.Entity.TRANSACTIONS)},
            lambda organization: organization.transactions.all(),
            "account_id",
        ),
        *income_fields.SCOPES,
        *billing_fields.SCOPES,
    )
}
JSON_READERS = {
    "text": expressions.json_text,
    "number": expressions.json_number,
    "boolean": expressions.json_boolean,
    "date": expressions.json_date,
}


def add(scope: Scope, field: Field, *, to: Iterable[str]) -> None:
    """Let staff filter on rows that an app above keeps: `field` leads to them from each of the scopes `to`."""
    SCOPES[scope.name] = scope
    for name in to:
        SCOPES[name].fields[field.key] = field


def fields(organization: Organization, scope: str) -> dict[str, Field]:
    """Every field of a scope by its key, the organization's declared attributes among them."""
    kept = SCOPES[scope]
    found = dict(kept.fields)
    for name, (target, _, entity) in kept.documents.items():
        for attribute in organization.attributes.filter(entity=entity).order_by("key"):
            key = f"{name}.{attribute.key}"
            field = _document_field(kept, key, attribute.type, str(attribute), attribute.is_personal)
            found[key] = replace(field, help=attribute.help, unit=attribute.unit)
            if birth_fields.is_birth_date(attribute):
                birthday = birth_fields.birthday(target)
                found[birthday.key] = birthday
    return found


def find(known: dict[str, Field], scope: str, key: str) -> Field | None:
    """The field called `key`. A path into custom data or metadata that nobody declared is read as text."""
    if key in known:
        return known[key]
    name, _, path = key.partition(".")
    is_path = all(path.split(".")) and len(path) <= 200 and path.isprintable()
    if name in SCOPES[scope].documents and is_path:
        label = path.replace("_", " ").replace(".", " ").capitalize()
        return _document_field(SCOPES[scope], key, "text", label, is_personal=True)
    return None


def _document_field(scope: Scope, key: str, type: str, label: str, is_personal: bool) -> Field:
    name, _, path = key.partition(".")
    target, parts = scope.documents[name][0], tuple(path.split("."))

    def read(row: Row) -> Any:
        return JSON_READERS[type](F(row.prefix + target), parts)

    care = care_of(path) if name == "custom_data" else ""
    return Field(key, label, type, read, path=parts, is_personal=is_personal, care=care)
