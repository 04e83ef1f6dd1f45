"""A small bank to test alerts in: a watched account, items posted through the one door, the clock in our hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from alerts.models import Alert, Banner, Campaign, Trigger
from alerts.triggers import Evaluation, evaluate
from console.balances.posting import Item, post_items
from console.organizations.models import Approval, Organization, Staff
from console.portfolios.models import Account
from segments.models import AccountMembership, Segment
from tests.approvals import approved
from tests.factories import NOW, AccountFactory, SegmentFactory

TODAY = NOW.date()
_numbers = count(1)


def later(minutes: float = 0, *, days: int = 0) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(minutes=minutes, days=days)


def book(account: Account, amount: str, *, at: datetime = NOW, on: date | None = None) -> None:
    """Post an item of a signed amount, known since `at`."""
    item = Item(
        account_id=account.pk,
        external_id=f"item-{next(_numbers)}",
        booked_on=on or account.organization.local_date(at),
        direction="debit" if amount.startswith("-") else "credit",
        amount=Decimal(amount.lstrip("-")),
        counterparty="Energie Krämer",
    )
    post_items(account.organization, [item], source="test", at=at)


def account_with(organization: Organization, balance: str, **fields: Any) -> Account:
    """An account that held `balance` since yesterday; nothing of it is left in the queue."""
    account = AccountFactory(organization=organization, **fields)
    book(account, balance, at=later(days=-1))
    organization.movements.all().delete()
    return account


def tag(segment: Segment, *accounts: Account, at: datetime | None = None) -> None:
    """Put accounts into an assigned segment, since `at` or yesterday."""
    for account in accounts:
        AccountMembership.objects.create(
            organization=segment.organization,
            segment=segment,
            account=account,
            is_assigned=True,
            entered_at=at or later(days=-1),
        )


def account_segment(organization: Organization, *accounts: Account, **fields: Any) -> Segment:
    """An assigned segment with these accounts, since yesterday."""
    segment = SegmentFactory(organization=organization, kind="assigned", population="accounts", **fields)
    tag(segment, *accounts)
    return segment


def campaign_on(
    segment: Segment, threshold: str = "100", clear_at: str | None = None, **fields: Any
) -> Campaign:
    """A draft: "falls below `threshold`, clears at `clear_at`" in the organization's currency."""
    organization = segment.organization
    campaign = Campaign.objects.create(
        organization=organization, segment=segment, **{"name": f"Low balance {next(_numbers)}"} | fields
    )
    Trigger.objects.create(
        organization=organization,
        campaign=campaign,
        threshold=Decimal(threshold),
        clear_at=Decimal(clear_at or threshold),
        currency=organization.base_currency,
    )
    return campaign


def activate(campaign: Campaign, *, by: Staff, at: datetime = NOW) -> Approval:
    """Asked for by `by`, approved by somebody else: it watches from then on, also in the hand of the caller."""
    approval = approved("campaign", campaign.pk, by=by, at=at)
    campaign.refresh_from_db()
    return approval


def watching(
    by: Staff, *accounts: Account, threshold: str = "100", clear_at: str | None = None, **fields: Any
) -> Campaign:
    """An active campaign on these accounts that has met its members."""
    campaign = campaign_on(account_segment(by.organization, *accounts), threshold, clear_at, **fields)
    activate(campaign, by=by)
    judge(by.organization, at=NOW)
    campaign.refresh_from_db()
    return campaign


def judge(organization: Organization, *, at: datetime, **options: Any) -> Evaluation:
    """Evaluate what is due."""
    return evaluate(organization, at=at, **options)


def alerts_of(account: Account) -> list[Alert]:
    return list(account.alerts.order_by("episode"))


def states_of(account: Account) -> list[str]:
    return [alert.state for alert in alerts_of(account)]


def kinds_of(alert: Alert) -> list[str]:
    """What happened to an alert, in order."""
    return list(alert.events.values_list("kind", flat=True))


def banner_on(campaign: Campaign, by: Staff, **fields: Any) -> Banner:
    """An approved banner."""
    words = {
        "title": "Cover the gap",
        "text": "Your balance is low.",
        "button_label": "See how",
        "link": "/cover",
    }
    banner = Banner(organization=campaign.organization, campaign=campaign, **words | fields)
    banner.prepare(by=by, at=NOW)
    approved("banner", banner.pk, by=by)
    banner.refresh_from_db()
    return banner
