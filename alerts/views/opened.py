"""The opened alert of the inbox: what its page shows."""

from datetime import timedelta
from operator import itemgetter
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from alerts.evidence import balance_over_time, causes, proof
from alerts.models import Alert
from alerts.words import badge_of, cooldown_words, event_row
from console.organizations.access import StaffRequest
from console.templatetags.console import money, short_day

YEAR, MONTH = timedelta(days=365), timedelta(days=30)


def opened(request: StaffRequest, alert: Alert) -> dict[str, Any]:
    """Evidence, causes, what a person should know before calling, and the story so far."""
    organization, now = request.organization, timezone.now()
    alert.organization = organization
    owners = list(
        organization.customers.filter(holdings__account=alert.account_id, holdings__role="owner")[:5]
    )
    segments = organization.segments.filter(
        Q(account_memberships__account=alert.account_id) | Q(customer_memberships__customer__in=owners)
    )
    found = causes(alert)
    return {
        "badge": badge_of(alert, request.staff),
        "owners": owners,
        "chart": balance_over_time(alert, organization.local_date(now)),
        "proof": proof(alert),
        "causes": found,
        "more_causes": alert.evidence["transaction_count"] - len(found),
        "caused": sum(cause.amount for cause in found),
        "before": _before_you_call(alert, owners, now),
        "also_in": segments.distinct().order_by("name")[:5],
        "story": _story(alert, organization.zone),
    }


def _before_you_call(alert: Alert, owners: list[Any], now: Any) -> list[tuple[str, str]]:
    account = alert.account
    reachable = all(owner.communications_enabled for owner in owners)
    return [
        ("Overdraft protection", "held" if account.has_overdraft_protection else "not held"),
        ("Debits", "blocked" if account.is_blocked else "open"),
        ("Messages", "allowed" if reachable else "switched off for an owner"),
        ("This alert before", _before(alert, now)),
        ("Told lately", _told(alert, owners, now)),
    ]


def _before(alert: Alert, now: Any) -> str:
    earlier = alert.organization.alerts.filter(
        account=alert.account_id,
        campaign=alert.campaign_id,
        fired_at__lt=alert.fired_at,
        fired_at__gte=now - YEAR,
    )
    last = earlier.aggregate(last=Max("fired_at"))["last"]
    if last is None:
        return "not in 12 months"
    times = earlier.count()
    words = "once" if times == 1 else f"{times} times"
    return f"{words} in 12 months, last {short_day(last.astimezone(alert.organization.zone))}"


def _told(alert: Alert, owners: list[Any], now: Any) -> str:
    sent = alert.organization.messages.filter(customer__in=owners, state="sent", sent_at__gte=now - MONTH)
    number = sent.count()
    return f"{number} message{'s' if number != 1 else ''} in 30 days" if number else "nothing in 30 days"


def _story(alert: Alert, zone: Any) -> list[dict[str, Any]]:
    """What happened, oldest first, and what will end it by itself."""
    events = [event_row(event, zone) for event in alert.events.select_related("by__user")]
    shown = alert.impressions.aggregate(last=Max("served_at"))["last"]
    if shown:
        events = sorted(
            [*events, {"text": "Banner last shown to a customer", "at": shown}], key=itemgetter("at")
        )
    if alert.is_open:
        clear = money(alert.evidence["clear_at"])
        later = f"Clears by itself at {clear}, then {cooldown_words(alert.campaign.cooldown)}"
        events.append({"text": later, "when": "later", "tone": "good"})
    return events
