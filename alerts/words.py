"""What pages say about campaigns and alerts: one place, so that a rule reads the same wherever it stands."""

from datetime import datetime, timedelta
from typing import Any

from alerts.models import Alert, AlertEvent, Campaign
from console.organizations.models import Staff
from console.templatetags.console import amount, day, money, short_day

Words = list[tuple[str, str]]

TONES = {"firing": "bad", "recovering": "good", "snoozed": "", "resolved": "good", "voided": "draft"}
CAMPAIGN_TONES = {"draft": "draft", "active": "good", "paused": "warn", "ended": "plain"}
DOTS = {"fired": "bad", "fell_again": "bad", "recovered": "good", "resolved": "good", "recovering": "good"}


def cooldown_words(cooldown: timedelta | None) -> str:
    """When a campaign may fire again for the same account."""
    if cooldown is None:
        return "never fires again for the same account"
    if not cooldown:
        return "may fire again at the next crossing"
    return f"may fire again after {cooldown.days} day{'s' if cooldown.days != 1 else ''}"


def rule_words(campaign: Campaign) -> Words:
    """The rule as one sentence, for components/readback.html: what is watched, what happens, when it ends."""
    trigger = campaign.trigger
    population = "accounts" if campaign.segment.population == "accounts" else "accounts that members own"
    banners = [f"“{banner}”" for banner in campaign.banners.all()]
    shown = f" and show the banner {' or '.join(banners)}" if banners else ""
    start = {
        Campaign.OnActivation.WAIT: "wait until they cross again",
        Campaign.OnActivation.FIRE: "fire once",
    }[Campaign.OnActivation(campaign.on_activation)]
    return [
        ("", f"When the ledger balance of one of the {population} in "),
        ("strong", f"“{campaign.segment}”"),
        ("", " falls below "),
        ("strong", money(trigger.threshold, trigger.currency)),
        ("", f", tell the bank in the inbox{shown}. It clears at "),
        ("strong", money(trigger.clear_at, trigger.currency)),
        ("", f" and {cooldown_words(campaign.cooldown)}. Accounts that are below already {start}."),
    ]


def badge_of(alert: Alert, reader: Staff) -> tuple[str, str]:
    """The state of an alert as (word, tone) for the person who looks at it."""
    if alert.state == Alert.State.SNOOZED and alert.snoozed_until:
        until = alert.snoozed_until.astimezone(reader.organization.zone)
        return f"Snoozed to {short_day(until)}", ""
    if alert.state == Alert.State.FIRING and alert.assigned_to_id:
        who = "you" if alert.assigned_to_id == reader.pk else str(alert.assigned_to)
        return f"Assigned to {who}", "info"
    return alert.get_state_display(), TONES[alert.state]


def event_row(event: AlertEvent, zone: Any) -> dict[str, Any]:
    """An event for components/timeline.html."""
    return {"text": event_text(event, zone), "at": event.at, "by": event.by, "tone": DOTS.get(event.kind, "")}


def event_text(event: AlertEvent, zone: Any) -> str:
    """What happened, with the figures it happened at."""
    kind, data = event.kind, event.data
    if event.note and kind in ("commented", "resolved"):
        return event.note if kind == "commented" else f"Resolved: {event.note}"
    currency = event.alert.currency
    value = amount(data.get("value"), currency)
    if kind == "fired":
        return f"Fired: {value}" + (
            "" if data["how"] == "activation" else f", was {amount(data['previous'], currency)}"
        )
    if kind in ("recovering", "fell_again"):
        return f"{event.get_kind_display()}: {value}"
    if kind == "recovered":
        return f"Cleared at {value}"
    if kind == "voided":
        return f"Voided: with what became known since, that day’s balance was {amount(data['corrected'], currency)}"
    if kind == "assigned":
        return f"Assigned to {data['to']}"
    if kind == "snoozed":
        return f"Snoozed until {day(datetime.fromisoformat(data['until']).astimezone(zone))}"
    return event.get_kind_display()
