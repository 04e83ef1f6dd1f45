"""Every field that staff can filter on: key, label, type, tests, help, and how it is read from a row. The one place.

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
from console.portfolios.models import Account, AccountHolder
from segments import expressions
from segments.catalog import balance_fields, billing_fields, birth_fields, income_fields, transaction_fields
from segments.catalog.fairness import care_of
from segments.catalog.field import ALL, Field, Read, Row, Scope, by_key, column, in_small

__all__ = ["ALL", "SCOPES", "Field", "Row", "Scope", "add", "fields", "find"]

KINDS = (("person", "person"), ("business", "business"))
ROLES = in_small(AccountHolder.Role)


CUSTOMER_FACTS = [
    Field(
        "name",
        "Name",
        "text",
        column("name_folded"),
        is_folded=True,
        is_personal=True,
        care="origin",
        example="Nováková",
    ),
    Field("email", "Email", "text", column("email"), is_personal=True, example="@mail.example"),
    Field("phone", "Phone", "text", column("phone"), is_personal=True, example="+420"),
    Field(
        "country",
        "Country",
        "text",
        column("country"),
        help="Two letters (ISO 3166), such as CZ.",
        is_code=True,
        example="CZ",
    ),
    Field("kind", "Kind", "choice", column("kind"), choices=KINDS),
    Field(
        "external_id",
        "External id",
        "text",
        column("external_id"),
        help="The id in the bank's own system.",
        example="CUS-0000042",
    ),
    Field("created_at", "Customer since", "datetime", column("created_at")),
    Field(
        "products",
        "Products held",
        "list",
        column("products"),
        help="Such as overdraft_protection.",
        example="overdraft_protection",
    ),
]
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
ACCOUNT_FACTS = [
    Field("type", "Type", "text", column("type"), example="current"),
    Field(
        "asset_code",
        "Currency",
        "text",
        column("asset_code"),
        help="The account's asset, such as EUR.",
        is_code=True,
        example="EUR",
    ),
    Field(
        "status",
        "Status",
        "choice",
        column("status"),
        choices=in_small(Account.Status),
    ),
    Field("name", "Name", "text", column("name"), is_personal=True, example="Household"),
    Field("alias", "Alias", "text", column("alias"), is_personal=True, example="@household"),
    Field("external_id", "External id", "text", column("external_id"), example="ACC-0000042"),
    Field("ledger", "Ledger", "text", column("ledger__name"), help="The ledger's name.", example="Retail"),
    Field(
        "portfolio",
        "Portfolio",
        "text",
        column("portfolio__name"),
        help="The portfolio's name.",
        example="Retail Prague",
    ),
    Field("blocked", "Blocked", "boolean", column("is_blocked")),
    Field("opened_on", "Opened on", "date", column("opened_on")),
    Field("has_overdraft_protection", "Overdraft protection", "boolean", column("has_overdraft_protection")),
    Field("ledger_balance", "Ledger balance", "money", balance_fields.ledger),
    Field(
        "collected_balance",
        "Collected balance",
        "money",
        balance_fields.ledger,
        help="Ledger balance less credits not yet collected.",
    ),
    Field(
        "available_balance",
        "Available balance",
        "money",
        balance_fields.ledger,
        help="Collected balance less holds.",
    ),
    Field(
        "average_collected_balance",
        "Average collected balance",
        "money",
        balance_fields.sum_of_days,
        help="Over every calendar day of the window, today included. No value when the account opened later.",
        is_windowed=True,
    ),
    Field(
        "minimum_balance",
        "Minimum balance",
        "money",
        balance_fields.minimum,
        help="Lowest end-of-day balance in the window.",
        is_windowed=True,
    ),
    Field(
        "monthly_low_balance",
        "Monthly low balance",
        "money",
        balance_fields.monthly_low,
        help="The highest of the complete months' lowest balances: under 100 is below 100 in every month.",
        is_windowed=True,
        window="months",
    ),
    Field(
        "overdrawn_days",
        "Overdrawn days",
        "number",
        balance_fields.overdrawn_days,
        unit="days",
        help="Calendar days of the window that ended below zero.",
        is_windowed=True,
    ),
    Field(
        "assigned_segment",
        "Assigned segment",
        "segment",
        help="The one segment that the account is tagged with.",
    ),
    Field("segment", "Segment", "segment", help="Membership as last refreshed."),
    Field("transactions", "Transactions", "related", scope="transactions"),
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
