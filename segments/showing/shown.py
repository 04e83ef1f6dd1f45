"""What a rule about a row reads there, as an expression: a column to show beside it."""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum, Value

from console.organizations.models import Organization
from console.portfolios.models import AccountHolder
from segments.catalog import SCOPES, Row, balance_fields
from segments.catalog.field import Via
from segments.definition.nodes import Rule


def can_show(rule: Rule) -> bool:
    """Whether the rule looks at one value of the row."""
    return bool(rule.field.read or rule.field.via) or rule.field.key == "total_balance"


def value_of(rule: Rule, organization: Organization, at: datetime) -> Any:
    """The value that a rule looks at, as an expression over the rows; None where there is no single one.

    Of an average it is the sum of the days, which is what is compared.
    """
    row = Row("", organization, organization.local_date(at), rule.days)
    if rule.field.key == "total_balance":
        return total(row, rule.currency)
    if rule.field.via:
        return there(row, rule.field.via)
    if rule.field.read is None:
        return None
    value = rule.field.read(row)
    if rule.field.is_folded and isinstance(
        value, F
    ):  # folded text stands in a column beside the one that was written
        return F(str(value.name).removesuffix("_folded"))  # type: ignore[attr-defined]  # left out of Django's types
    return value


def total(row: Row, currency: str) -> Any:
    """The ledger balances of the accounts in `currency` that a customer owns, together; who owns none has no total."""
    owned = AccountHolder.objects.filter(
        customer=OuterRef("pk"), role=AccountHolder.Role.OWNER, account__asset_code=currency
    )
    balance = balance_fields.ledger(Row("account__", row.organization, row.today))
    together = owned.order_by().values("customer").annotate(total=Sum(balance))
    return Subquery(together.values("total"))


def there(row: Row, via: Via) -> Any:
    """What stands on the member's related row; of several the first."""
    scope = SCOPES[via.scope]
    theirs: Any = scope.rows(row.organization) if scope.rows else None
    rows = theirs.filter(customer=OuterRef("pk"), **via.rows)
    read = scope.fields[via.field].read
    return Subquery(rows.order_by("pk").values(seen=read(row) if read else Value(None))[:1])
