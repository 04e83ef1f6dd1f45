"""A question about some members alone: whose rows are read for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from console.organizations.models import Organization
from segments.expressions import IdSet, Within

COLUMNS = {"customers": ("customer_id", "account_id"), "accounts": ("account_id", "customer_id")}


@dataclass(frozen=True)
class Near:
    """The members asked about, and what is beside them: the accounts that customers hold, or the holders of accounts.

    Each is a set of ids, or what Django takes for one.
    """

    members: Any
    beside: Any

    @classmethod
    def one(cls, organization: Organization, population: str, member: UUID) -> "Near":
        """One member alone."""
        own, other = COLUMNS[population]
        return cls([member], organization.account_holders.filter(**{own: member}).values(other))

    def by_column(self, population: str) -> dict[str, Any]:
        """Whose rows to read, by the column that says whose a row is."""
        own, other = COLUMNS[population]
        return {own: self.members, other: self.beside}


def narrowed(rows: "QuerySet[Any]", column: str, near: Mapping[str, Any]) -> "QuerySet[Any]":
    """The rows whose column is among the ids that `near` has for it; all of them where it has none."""
    ids = near.get(column)
    if isinstance(ids, IdSet):
        return rows.filter(Within(F(column), ids))
    return rows if ids is None else rows.filter(**{f"{column}__in": ids})
