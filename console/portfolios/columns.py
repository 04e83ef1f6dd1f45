"""The columns of the lists of accounts and portfolios."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.html import format_html

from console.columns import Column
from console.customers.columns import attribute_column
from console.customers.masking import MASKED, Sight
from console.customers.models import Attribute
from console.customers.profile import declared_data
from console.organizations.models import Organization
from console.statuses import status_badge
from console.templatetags.console import day

ORDERS = {
    "external_id": ("external_id", "id"),
    "type": ("type", "id"),
    "opened": ("opened_on", "id"),
    "balance": ("held__asset_code", "held__ledger", "held__account_id"),
}
PORTFOLIO_ORDERS = {"name": ("name", "id"), "created": ("created_at", "id")}
PORTFOLIO_COLUMNS = [
    Column("name", "Portfolio", str, "name", sort="name", is_fixed=True),
    Column("ledger", "Ledger", lambda row: str(row.ledger)),
    Column("entity_id", "Entity", lambda row: row.entity_id, "code"),
    Column("status", "Status", lambda row: status_badge(row.status), "badge"),
    Column("created", "Since", lambda row: row.created_at, "since", sort="created"),
]
# What can be done with many at once, and how: the app above that does it knows these by their values.
BULK: list[dict[str, Any]] = [
    {"label": "Assign segment", "value": "carry", "icon": "tag"},
    {"label": "Take segment off", "value": "drop"},
    {"label": "Move to portfolio", "value": "move", "icon": "portfolio"},
    {"label": "Take out of portfolio", "value": "take_out"},
    {"label": "Block", "value": "block", "icon": "ban", "is_danger": True},
    {"label": "Unblock", "value": "unblock"},
]
SHOWN_HOLDERS = 2
# What says of an account whose it is.
NAMING = {"name", "alias", "holder"}


@dataclass(frozen=True)
class Added:
    """A column of the apps above, and what must be fetched for it."""

    column: Callable[[Organization], Column]
    prefetch: Callable[[Organization], "Prefetch[Any]"]


# Columns that know more than this app may, such as the segment that an account carries.
MORE: list[Added] = []


def holders_of(account: Any, sight: Sight) -> list[tuple[str, str]]:
    """The first holders with their addresses, owners first, then how many more. Needs holders prefetched."""
    held = sorted(account.holders.all(), key=lambda one: (one.role != "owner", one.pk))
    shown = [
        (sight.name(one.customer), account.organization.url("customers:customer_detail", one.customer_id))
        for one in held[:SHOWN_HOLDERS]
    ]
    more = len(held) - SHOWN_HOLDERS
    return [*shown, (f"and {more} more", "")] if more > 0 else shown


def type_words(account: Any) -> str:
    """current_account -> Current account."""
    return account.type.replace("_", " ").capitalize()


def account_columns(organization: Organization, sight: Sight) -> list[Column]:
    """All columns of the accounts list, their values as `sight` shows them.

    Balances sort per currency: they don't compare with those in another.
    """
    declared = organization.attributes.filter(entity=Attribute.Entity.ACCOUNTS).order_by("key")
    return [
        Column(
            "external_id", "Account", lambda row: row.external_id, "name", sort="external_id", is_fixed=True
        ),
        Column("name", "Name", lambda row: sight.name_alone(row.name), is_usual=False),
        Column("alias", "Alias", lambda row: sight.alias(row.alias), "code", is_usual=False),
        Column("holder", "Holder", lambda row: holders_of(row, sight), "links"),
        Column("type", "Type", type_words, sort="type"),
        Column("portfolio", "Portfolio", lambda row: str(row.portfolio or "")),
        Column("ledger_name", "Ledger", lambda row: str(row.ledger), is_usual=False),
        Column(
            "balance",
            "Ledger balance",
            lambda row: row.ledger_balance,
            "money",
            sort="balance",
            currency=lambda row: str(row.asset_code),
        ),
        Column("currency", "Currency", lambda row: row.asset_code, is_fixed=True),
        Column("entity", "Entity", lambda row: row.entity_id, "code", is_usual=False),
        Column("opened", "Opened", lambda row: row.opened_on, "day", sort="opened", is_usual=False),
        *(added.column(organization) for added in MORE),
        Column("state", "State", lambda row: row.state, "badge"),
        *(attribute_column(attribute, "metadata", sight) for attribute in declared),
    ]


def exported_columns(organization: Organization, shown: Sequence[Column]) -> list[Column]:
    """The columns of a file: those of the chosen that name nobody, so that the file needs no approval."""
    without = {one.key: one for one in account_columns(organization, MASKED) if one.key not in NAMING}
    return [without[one.key] for one in shown if one.key in without]


def linked(record: Any) -> Any:
    """The name of a record, leading to its page; None for none."""
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record) if record else None


def facts_of(account: Any, sight: Sight) -> list[tuple[str, Any]]:
    """Names and values for the account's page, its declared metadata and the rest of it included."""
    declared = account.organization.attributes.filter(entity=Attribute.Entity.ACCOUNTS).order_by("key")
    known = [
        ("Type", type_words(account)),
        ("Currency", account.asset_code),
        ("Portfolio", linked(account.portfolio)),
        ("Alias", sight.alias(account.alias) or None),
        ("Parent account", linked(account.parent)),
        ("Entity", account.entity_id or None),
        ("Opened", day(account.opened_on)),
        ("Overdraft", "protected" if account.has_overdraft_protection else "not protected"),
    ]
    return known + declared_data(account.metadata, declared, sight)
