"""The kinds of file, in the order in which a bank brings them."""

from console.imports import values
from console.imports.fields import (
    ACCOUNT_REF,
    CUSTOMER_REF,
    Field,
    Kind,
    day,
    identity,
    name,
    named,
    plain,
    told,
)
from console.imports.kinds_by_name import CONNECTORS, MONITORS
from console.imports.kinds_of_billing import CONNECTOR_LINKS, CONSENTS, CONTACTS, INVOICES, PAYMENT_METHODS

KINDS_OF_CUSTOMER = {"person": "person", "business": "business", "company": "business"}
STATUSES = {"active": "ACTIVE", "open": "ACTIVE", "dormant": "DORMANT", "closed": "CLOSED"}
ROLES = {"owner": "owner", "authorised user": "authorised user", "authorized user": "authorised user"}
DIRECTIONS = {
    **dict.fromkeys(("credit", "cr", "c", "crdt"), "credit"),
    **dict.fromkeys(("debit", "dr", "d", "dbit"), "debit"),
}

CUSTOMERS = Kind(
    "customers",
    "Customers",
    "One row a customer.",
    "custom_data",
    (
        identity(*CUSTOMER_REF, "external_id", "ref", "id"),
        name("name", "full_name", "customer_name"),
        told(
            "kind",
            "Person or business",
            values.choice(KINDS_OF_CUSTOMER, "person or business"),
            "'person'",
            *("kind", "customer_kind", "customer_type"),
        ),
        Field("email", "Email", lambda _: values.email, ("email", "e_mail", "email_address", "mail")),
        plain("phone", "Phone", 40, "phone", "telephone", "mobile", "phone_number"),
        Field("country", "Country", lambda _: values.country, ("country", "country_code")),
        Field(
            "products",
            "Products",
            lambda _: values.products,
            ("products", "held_products"),
            type="varchar[]",
            default="'{}'",
        ),
        told(
            "communications_enabled",
            "May be written to",
            values.boolean,
            "true",
            "communications_enabled",
            type="boolean",
        ),
        Field(
            "created_at",
            "Customer since",
            lambda setting: values.moment(setting.zone),
            ("created_at", "customer_since"),
            type="timestamptz",
            default="%(at)s",
            keeps=True,
        ),
    ),
)
ACCOUNTS = Kind(
    "accounts",
    "Accounts",
    "One row an account. They go to the ledger that you name.",
    "metadata",
    (
        identity(*ACCOUNT_REF, "external_id", "ref", "id"),
        name("name", "account_name"),
        Field("alias", "Alias", lambda _: values.alias, ("alias",)),
        told("type", "Type", values.text(256), "'deposit'", "type", "account_type"),
        told(
            "asset_code",
            "Currency",
            values.currency,
            "%(currency)s",
            *("currency", "currency_code", "asset_code", "asset"),
        ),
        told(
            "status",
            "Status",
            values.choice(STATUSES, "active, dormant or closed"),
            "'ACTIVE'",
            *("status", "account_status"),
        ),
        day("opened_on", "Opened on", "opened_on", "opening_date", "open_date", "opened", "date_opened"),
        told("is_blocked", "Blocked", values.boolean, "false", "is_blocked", "blocked", type="boolean"),
        told(
            "has_overdraft_protection",
            "Overdraft protection",
            values.boolean,
            "false",
            *("has_overdraft_protection", "overdraft_protection"),
            type="boolean",
        ),
    ),
)
ACCOUNT_HOLDERS = Kind(
    "account_holders",
    "Account holders",
    "One row for each customer on an account. Import customers and accounts first.",
    "",
    (
        named("account", "Account (external id)", *ACCOUNT_REF),
        named("customer", "Customer (external id)", *CUSTOMER_REF),
        told(
            "role", "Role", values.choice(ROLES, "owner or authorised user"), "'owner'", "role", "holder_role"
        ),
    ),
)
TRANSACTIONS = Kind(
    "transactions",
    "Transactions",
    "One row a booked item. Import accounts first. Without a column for credit or debit, a minus means debit.",
    "metadata",
    (
        identity("transaction_ref", "transaction_id", "external_id", "reference", "ref", "id"),
        named("account", "Account (external id)", *ACCOUNT_REF),
        day(
            "booked_on",
            "Ledger date",
            *("booked_on", "booking_date", "posted_on", "posting_date", "date"),
            is_required=True,
        ),
        Field(
            "direction",
            "Credit or debit",
            lambda _: values.choice(DIRECTIONS, "credit or debit"),
            ("direction", "credit_debit", "dc", "cr_dr"),
            is_never_empty=True,
        ),
        Field(
            "amount",
            "Amount",
            lambda _: values.amount(is_signed=False),
            ("amount", "value"),
            type="numeric",
            is_required=True,
        ),
        plain("operation", "Operation", 100, "operation"),
        plain("purpose", "Purpose", 100, "purpose"),
        plain("counterparty", "Counterparty", 256, "counterparty", "counterparty_name"),
        plain("description", "Description", 500, "description", "narrative", "memo", "text"),
        Field(
            "currency",
            "Currency, checked against the account's",
            lambda _: values.currency,
            ("currency", "currency_code"),
            is_stored=False,
        ),
    ),
)
KINDS = {
    kind.key: kind
    for kind in (
        *(CUSTOMERS, ACCOUNTS, ACCOUNT_HOLDERS, TRANSACTIONS),
        *(INVOICES, CONNECTORS, PAYMENT_METHODS, CONNECTOR_LINKS, CONTACTS, CONSENTS, MONITORS),
    )
}
