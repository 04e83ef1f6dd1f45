"""The segments of the demo bank, and how a segment comes to its members on a day gone by."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F

from console.demo.rules import Json, ago, amounts, group, related, rule
from console.organizations.models import Organization, Staff
from segments.freshness import refreshing
from segments.models import MembershipEvent, Run, Segment

TOOK = timedelta(milliseconds=420)


class Plan(NamedTuple):
    """A segment: whom it holds, by which definition (it may name earlier ones), what for, and whose it is."""

    name: str
    definition: Callable[[Organization], Json]
    description: str
    population: str = "customers"
    is_marketing: bool = True
    tags: tuple[str, ...] = ()
    is_marketers: bool = False


def in_segment(organization: Organization, name: str, operator: str = "in") -> Json:
    """In, or with notIn not in, the segment of that name."""
    return rule("segment", operator, [str(organization.segments.get(name=name).pk)])


def at_risk(average: str) -> Json:
    """Owners of an unprotected current account that is overdrawn, or whose average of 30 days is low."""
    return group(
        rule("kind", "=", "person"),
        related(
            "accounts",
            "some",
            rule("role", "=", "owner"),
            rule("type", "=", "current"),
            rule("status", "=", "ACTIVE"),
            rule("has_overdraft_protection", "=", False),
            group(
                rule("ledger_balance", "<", "0.00"),
                rule("average_collected_balance", "<", average, days=30),
                rule("overdrawn_days", ">=", 4, days=30),
                combinator="or",
            ),
        ),
    )


SALARY, RISK, UNPROTECTED = "Salary by the 10th", "Overdraft at risk", "Euro current accounts, no protection"
GUESTS, PROTECTED, FIRMS = "Guests without an account", "Euro current accounts, protected", "Firms"
THIS_MONTH = rule("booked_on", "between", [ago(0, "startOfMonth"), ago(-9, "startOfMonth")])
LAST_90 = rule("booked_on", "between", [ago(90), ago(0)])
PLANS = [
    Plan(
        RISK,
        lambda _: at_risk("100.00"),
        "For coaching before fees are due.",
        is_marketing=False,
        tags=("overdraft", "coaching"),
    ),
    Plan(
        SALARY,
        lambda _: group(related("transactions", "some", rule("purpose", "=", "salary"), THIS_MONTH)),
        "Their salary of this month is here.",
        tags=("salary",),
        is_marketers=True,
    ),
    Plan(
        "High liquidity, no adviser",
        lambda _: group(
            rule("total_balance", ">", "20000.00"),
            rule("custom_data.tier", "notIn", ["premier"]),
            rule("kind", "=", "person"),
        ),
        "Worth a call: much on accounts, and nobody looks after them.",
        tags=("advisers", "savings"),
    ),
    Plan(
        "Household without insurance",
        lambda _: group(
            related("transactions", "atLeast", rule("purpose", "=", "household"), LAST_90, threshold=3),
            related("transactions", "none", rule("purpose", "=", "insurance")),
            rule("products", "doesNotContain", "insurance"),
        ),
        "Shop for a household and insure nothing with us.",
        tags=("insurance", "spring offers"),
        is_marketers=True,
    ),
    Plan(
        "Young, paid and in the clear",
        lambda organization: group(
            rule("custom_data.birth_date", ">", {**ago(0, "startOfYear"), "offset": -32, "unit": "year"}),
            in_segment(organization, SALARY),
            in_segment(organization, RISK, "notIn"),
        ),
        "Built from two other segments.",
        tags=("salary", "spring offers"),
        is_marketers=True,
    ),
    Plan(
        "Firms with large sales",
        lambda _: group(
            rule("kind", "=", "business"),
            amounts("sum", ">", "50000.00", rule("direction", "=", "credit"), LAST_90),
        ),
        "Credits over 50,000 EUR in 90 days.",
        tags=("firms", "advisers"),
    ),
    Plan(
        GUESTS,
        lambda _: group(
            related("accounts", "some", rule("role", "=", "authorised user")),
            related("accounts", "none", rule("role", "=", "owner")),
        ),
        "They use somebody's account and have none of their own.",
        tags=("spring offers",),
        is_marketers=True,
    ),
    Plan(
        "Dormant deposits",
        lambda _: group(
            rule("type", "in", ["deposit", "savings"]),
            rule("status", "!=", "CLOSED"),
            rule("opened_on", "<", ago(365)),
            related("transactions", "none", rule("booked_on", ">=", ago(180))),
        ),
        "Half a year without any movement.",
        "accounts",
        tags=("savings",),
    ),
    Plan(
        UNPROTECTED,
        lambda _: group(
            rule("type", "=", "current"),
            rule("asset_code", "=", "EUR"),
            rule("status", "=", "ACTIVE"),
            rule("has_overdraft_protection", "=", False),
        ),
        "Watched by the campaign on low balances.",
        "accounts",
        is_marketing=False,
        tags=("overdraft",),
    ),
    Plan(
        PROTECTED,
        lambda _: group(
            rule("type", "=", "current"),
            rule("asset_code", "=", "EUR"),
            rule("status", "=", "ACTIVE"),
            rule("has_overdraft_protection", "=", True),
        ),
        "Watched for those who come near their cover.",
        "accounts",
        is_marketing=False,
        tags=("overdraft",),
    ),
    Plan(
        FIRMS,
        lambda _: group(rule("kind", "=", "business")),
        "Every business customer.",
        is_marketing=False,
        tags=("firms",),
    ),
]


def found(organization: Organization, *, by: Staff, marketer: Staff, at: datetime) -> None:
    """Make the dynamic segments with their first versions, and an assigned one that staff keep by hand."""
    for plan in PLANS:
        segment = organization.segments.create(
            name=plan.name,
            population=plan.population,
            description=plan.description,
            is_marketing=plan.is_marketing,
            owner=marketer if plan.is_marketers else by,
            tags=list(plan.tags),
            refresh_every=timedelta(hours=1),
            created_at=at,
        )
        segment.save_definition(plan.definition(organization), by=by, at=at)
    assign(
        organization.segments.create(
            name="Overdraft pilot",
            kind=Segment.Kind.ASSIGNED,
            population="accounts",
            description="Chosen by the branches.",
            benefits=["First month free", "Call before fees"],
            tags=["overdraft", "pilot"],
            owner=by,
            created_at=at,
        ),
        at=at,
    )


ASSIGN = """
WITH tagged AS (
  INSERT INTO segments_accountmembership (organization_id, segment_id, account_id, is_assigned, entered_at)
  SELECT organization_id, %(segment)s, id, true, %(at)s FROM portfolios_account
  WHERE organization_id = %(organization)s AND type = 'current' AND status = 'ACTIVE' ORDER BY id DESC LIMIT 24
  RETURNING account_id
)
INSERT INTO segments_membershipevent (organization_id, segment_id, account_id, change, at)
SELECT %(organization)s, %(segment)s, account_id, %(entered)s, %(at)s FROM tagged
"""


def assign(segment: Segment, *, at: datetime) -> None:
    """Tag some current accounts, as staff would one by one."""
    values: dict[str, Any] = {"segment": segment.pk, "organization": segment.organization_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(ASSIGN, values | {"entered": MembershipEvent.Change.ENTERED})
    Segment.objects.filter(pk=segment.pk).update(member_count=segment.account_memberships.count())


def refresh(organization: Organization, *, at: datetime) -> None:
    """Refresh every dynamic segment as of a moment, those that others name first; each run takes a short while."""
    for segment in organization.segments.filter(kind=Segment.Kind.DYNAMIC).order_by("created_at", "pk"):
        # Without a wake-up: no worker needs to know of what is done at once.
        asked = {"organization": organization, "version_id": segment.version_id, "requested_at": at}
        run, _ = segment.runs.get_or_create(state=Run.State.QUEUED, defaults=asked)
        refreshing.execute(run.pk, at=at)
    runs = Run.objects.filter(organization=organization, state=Run.State.DONE)
    runs.update(finished_at=F("started_at") + TOOK)
