"""The segment that an account carries, as a column of the list of accounts."""

from typing import Any

from django.db.models import Prefetch

from console.columns import Column
from console.organizations.models import Organization
from console.portfolios.columns import Added


def column(organization: Organization) -> Column:
    """The segment by name, with its page."""

    def carried(account: Any) -> list[tuple[str, str]]:
        return [
            (one.segment.name, organization.url("segments:segment_detail", one.segment_id))
            for one in account.carried
        ]

    return Column("segment", "Segment", carried, "links")


def prefetch(organization: Organization) -> "Prefetch[Any]":
    """One look-up for a whole page, by the index of assigned memberships."""
    tags = organization.account_memberships.filter(is_assigned=True).select_related("segment")
    named = tags.only("account", "segment__name", "organization")
    return Prefetch("memberships", named, to_attr="carried")


CARRIED = Added(column, prefetch)
