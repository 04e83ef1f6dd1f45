"""The members of a segment as its page lists them: since when, and the values that its rules look at."""

from typing import Any

from django.utils import timezone

from console.counts import Count
from console.customers.masking import sight_of
from console.organizations.access import StaffRequest
from console.paging import keyset
from console.templatetags.console import NOTHING
from segments.builder.counting import TooSlow, time_limit
from segments.columns import how_sure
from segments.definition.faults import DefinitionFaults
from segments.models import NoDefinition, Population, Segment
from segments.showing.beside import Cell, Column, columns_of, settled, values_of

ENTERED: dict[str, dict[str, tuple[str, ...]]] = {
    Population.CUSTOMERS: {"entered": ("entered_at", "customer")},
    Population.ACCOUNTS: {"entered": ("entered_at", "account")},
}
# What stands in the list anyway.
SHOWN = {
    Population.CUSTOMERS: ("name", "external_id", "country"),
    Population.ACCOUNTS: ("name", "asset_code"),
}
MOST, PATIENCE = 3, 1.0


def members(request: StaffRequest, segment: Segment) -> dict[str, Any]:
    """A page of memberships, the newest first, each with the `cells` of the columns `heads`."""
    is_customers = segment.population == Population.CUSTOMERS
    rows: Any = segment.customer_memberships if is_customers else segment.account_memberships
    found = rows.select_related("customer" if is_customers else "account")
    is_counted = segment.refreshed_at or segment.kind == Segment.Kind.ASSIGNED
    count = Count(segment.member_count, how_sure(segment), segment.refreshed_at) if is_counted else None
    page: Any = keyset(
        found, request, orders=ENTERED[segment.population], default="-entered", size=25, count=count
    )
    heads, cells = _values(request, segment, [_member(segment, row) for row in page.rows])
    for row in page.rows:
        row.cells = cells.get(
            _member(segment, row), [Cell(NOTHING)] * len(heads)
        )  # of one that is gone: no values
    return {"page": page, "heads": heads}


def _member(segment: Segment, row: Any) -> Any:
    return row.customer_id if segment.population == Population.CUSTOMERS else row.account_id


def _values(
    request: StaffRequest, segment: Segment, keys: list[Any]
) -> tuple[list[Column], dict[Any, list[Cell]]]:
    """What the rules in force look at, now, of those listed; nothing where that can't be read within a second."""
    organization = request.organization
    people: Any = (
        organization.customers if segment.population == Population.CUSTOMERS else organization.accounts
    )
    try:
        rules = segment.rules()
        shown = SHOWN[Population(segment.population)]
        heads = columns_of(rules, most=MOST, without={*shown, *settled(rules)})
        if not heads or not keys:
            return [], {}
        with time_limit(PATIENCE):
            found = values_of(
                people.filter(pk__in=keys), heads, organization, timezone.now(), sight_of(request.staff)
            )
    except (NoDefinition, DefinitionFaults, TooSlow):
        return [], {}
    return heads, {row.pk: cells for row, cells in found}
