"""What the demo bank watches: campaigns judged day by day, one with a banner, and who works on what fired."""

from datetime import datetime, timedelta
from decimal import Decimal

from alerts.models import Alert, Banner, Campaign, Trigger
from alerts.triggers import evaluate
from console.demo.asking import approve
from console.demo.groups import FIRMS, PROTECTED, UNPROTECTED
from console.organizations.models import Organization, Staff

OTHERS = [
    ("Firms below their reserve", FIRMS, "10000.00", "12500.00"),
    ("Overdraft cover about to be used", PROTECTED, "250.00", "400.00"),
]


def watch_low_balances(organization: Organization, *, by: Staff, approver: Staff, at: datetime) -> None:
    """Activate the campaign with an approved banner; who is low already waits until they cross again."""
    campaign = draft(
        organization, "Low balance, no overdraft protection", UNPROTECTED, "150.00", "200.00", by=by, at=at
    )
    banner = Banner(
        organization=organization,
        campaign=campaign,
        title="Cover the gap before it costs you",
        text="Your balance is low. Overdraft protection moves money from your savings when you need it.",
        button_label="See how it works",
        link="/cover",
    )
    banner.prepare(by=by, at=at)
    approve("banner", banner.pk, by=by, approver=approver, at=at)
    approve("campaign", campaign.pk, by=by, approver=approver, at=at)
    for name, segment, threshold, clear_at in OTHERS:
        other = draft(organization, name, segment, threshold, clear_at, by=by, at=at)
        approve("campaign", other.pk, by=by, approver=approver, at=at + timedelta(hours=1))
    draft(
        organization, "Large firms short of cash", "Firms with large sales", "500.00", "1000.00", by=by, at=at
    )


def draft(
    organization: Organization,
    name: str,
    segment: str,
    threshold: str,
    clear_at: str,
    *,
    by: Staff,
    at: datetime,
) -> Campaign:
    """A campaign "ledger balance falls below `threshold` EUR, clears at `clear_at`" that nobody has activated."""
    campaign = Campaign.objects.create(
        organization=organization,
        name=name,
        segment=organization.segments.get(name=segment),
        cooldown=timedelta(days=30),
        created_by=by,
        created_at=at,
    )
    Trigger.objects.create(
        organization=organization,
        campaign=campaign,
        threshold=Decimal(threshold),
        clear_at=Decimal(clear_at),
        currency=organization.base_currency,
    )
    campaign.record("created", by=by, at=at)
    return campaign


def judge(organization: Organization, *, at: datetime) -> None:
    """What fires and clears on a day gone by."""
    evaluate(organization, at=at)


def work(organization: Organization, *, by: Staff, helper: Staff, at: datetime) -> None:
    """What staff do on a morning with the newest alerts of each campaign: most stay as they are."""
    for nth, campaign in enumerate(organization.campaigns.filter(state="active").order_by("name")):
        firing = campaign.alerts.filter(state=Alert.State.FIRING, assigned_to=None)
        newest: list[Alert] = list(firing.order_by("-fired_at", "account__external_id")[1:3])
        for alert, act in zip(newest, ACTS[nth % 2 :], strict=False):
            act(alert, by, helper, at)


def _take(alert: Alert, by: Staff, helper: Staff, at: datetime) -> None:
    alert.assign(helper, by=by, at=at)
    alert.comment(
        "Called, no answer. I try again tomorrow morning.", by=helper, at=at + timedelta(minutes=20)
    )


def _put_aside(alert: Alert, by: Staff, helper: Staff, at: datetime) -> None:
    alert.assign(by, by=by, at=at)
    alert.comment("A payment is on its way, says the customer.", by=by, at=at)
    alert.snooze(at + timedelta(days=4), by=by, at=at)


def _close(alert: Alert, by: Staff, helper: Staff, at: datetime) -> None:
    alert.resolve(by=by, at=at, note="The customer moves money from savings today.")


ACTS = (_take, _close, _put_aside)
