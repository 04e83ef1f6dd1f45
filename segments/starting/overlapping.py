"""How the members of up to five segments overlap: how many are in each combination, as they were last counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from console.organizations.models import Organization
from segments.models import AccountMembership, CustomerMembership, Population, Segment

MOST = 5
# Who is in which of the segments, a bit for each in the order they are given, counted by combination.
COUNT = """
SELECT mask, count(*) FROM (
    SELECT bit_or(1 << (array_position(%(segments)s::uuid[], segment_id) - 1)) AS mask
    FROM {membership}
    WHERE organization_id = %(organization)s AND segment_id = ANY(%(segments)s::uuid[])
    GROUP BY {member}_id
) AS of_members GROUP BY mask
"""


@dataclass(frozen=True)
class Combination:
    """Members that are in all of `inside` and in none of `outside`: each member is in one combination only."""

    inside: tuple[Segment, ...]
    outside: tuple[Segment, ...]
    number: int

    @property
    def words(self) -> str:
        """The combination in words: “Premier and Overdrawn, not New”."""
        names = " and ".join(segment.name for segment in self.inside)
        return names + (
            f", not {' or '.join(segment.name for segment in self.outside)}" if self.outside else ""
        )

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What an address says that begins a segment of it."""
        inside = [("in", str(segment.pk)) for segment in self.inside]
        return [("from", "overlap"), *inside, *(("out", str(segment.pk)) for segment in self.outside)]


def overlap(organization: Organization, segments: Sequence[Segment]) -> list[Combination]:
    """Every combination that has a member, the largest first. The segments hold one kind of member; MOST at most."""
    is_customers = segments[0].population == Population.CUSTOMERS
    membership: Any = CustomerMembership if is_customers else AccountMembership
    sql = COUNT.format(membership=membership._meta.db_table, member="customer" if is_customers else "account")
    with connection.cursor() as cursor:
        cursor.execute(
            sql, {"organization": organization.pk, "segments": [segment.pk for segment in segments]}
        )
        counted: list[tuple[int, int]] = cursor.fetchall()
    found = [combination(segments, mask, number) for mask, number in counted]
    return sorted(found, key=lambda one: (-one.number, len(one.inside), one.words))


def combination(segments: Sequence[Segment], mask: int, number: int) -> Combination:
    """The combination that the bits of `mask` stand for."""
    inside = tuple(segment for n, segment in enumerate(segments) if mask >> n & 1)
    return Combination(inside, tuple(segment for segment in segments if segment not in inside), number)


def rules_of(inside: Sequence[str], outside: Sequence[str]) -> list[dict[str, Any]]:
    """The rules of a segment that holds a combination."""
    rules: list[dict[str, Any]] = [
        {"field": "segment", "operator": "in", "value": [segment]} for segment in inside
    ]
    without = {"field": "segment", "operator": "notIn", "value": list(outside)}
    return [*rules, without] if outside else rules
