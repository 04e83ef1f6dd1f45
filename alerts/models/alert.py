"""What was found: where each account stands with each campaign, its alerts, and every change of an alert."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from alerts.models.campaign import Campaign
from console.balances.models import money, total
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from console.templatetags.console import amount

OPEN = ("firing", "recovering", "snoozed")


class NotOpen(Exception):
    """The alert has ended meanwhile; the message says how."""


class AccountState(models.Model):
    """Where an account stands with a campaign. No row: it never was on the far side of the threshold.

    waiting: below, but left alone until it has cleared (it was below on activation, in a cooldown, or resolved by a
    person). recovering: no longer below, not yet cleared. voided: the last alert was taken back, it may fire again.
    """

    class State(models.TextChoices):
        NORMAL = "normal", "Normal"
        WAITING = "waiting", "Waiting"
        FIRING = "firing", "Firing"
        RECOVERING = "recovering", "Recovering"
        VOIDED = "voided", "Voided"

    pk = models.CompositePrimaryKey("campaign_id", "account_id")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="account_states", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="campaign_states")
    state = models.CharField(max_length=10, choices=State, default=State.NORMAL)
    value = total(help_text="The balance when it was last looked at.")
    episode = models.PositiveIntegerField(default=0, help_text="The number of its last alert.")
    last_fired_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["normal", "waiting", "firing", "recovering", "voided"]),
                name="account_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.value}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        """Those that have not ended: firing, recovering or snoozed."""
        return self.filter(state__in=OPEN)


class Alert(models.Model):
    """One crossing of a campaign's threshold by an account: fires once, ends once, is never deleted.

    `fired_at` is when the crossing became known, `as_of` the ledger date whose balance `value` is (in `currency`).
    `evidence` keeps what it was judged by: previous balance, threshold, clear level, the transactions that caused it.
    """

    class State(models.TextChoices):
        FIRING = "firing", "Firing"
        RECOVERING = "recovering", "Recovering"
        SNOOZED = "snoozed", "Snoozed"
        RESOLVED = "resolved", "Resolved"
        VOIDED = "voided", "Voided"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="alerts", db_index=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="alerts", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="alerts", db_index=False)
    episode = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.FIRING)
    fired_at = models.DateTimeField()
    as_of = models.DateField()
    value = total()
    threshold = money()
    currency = models.CharField(max_length=100)
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    assigned_to = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="assigned_alerts"
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "account", "episode"], name="alert_once_per_episode"),
            models.UniqueConstraint(
                fields=["campaign", "account"], condition=Q(state__in=OPEN), name="alert_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["firing", "recovering", "snoozed", "resolved", "voided"]),
                name="alert_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True)
                | Q(~Q(state__in=OPEN), ended_at__isnull=False),
                name="alert_ended_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False), name="alert_snoozed_until"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "fired_at", "id"], name="alert_by_time"),
            models.Index(fields=["organization", "state", "fired_at", "id"], name="alert_by_state"),
            models.Index(fields=["account", "fired_at"], name="alert_by_account"),
            models.Index(fields=["account"], condition=Q(state__in=OPEN), name="alert_open_by_account"),
            models.Index(fields=["snoozed_until"], condition=Q(state="snoozed"), name="alert_snoozed"),
        ]

    def __str__(self) -> str:
        return f"Ledger balance under {amount(self.threshold, self.currency)}"

    def get_absolute_url(self) -> str:
        return self.organization.url("alerts:alert_detail", self.pk)

    @property
    def reference(self) -> str:
        """A short name to say aloud: A- and the last six digits of its id, which are random."""
        return f"A-{str(self.pk)[-6:].upper()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def assign(self, to: Staff, *, by: Staff, at: datetime) -> None:
        """Make `to` the one who works on it. Raises NotOpen."""
        self._require_open()
        self.assigned_to = to
        self.save(update_fields=["assigned_to"])
        self.record("assigned", by=by, at=at, data={"to": str(to)})

    def comment(self, text: str, *, by: Staff, at: datetime) -> None:
        """Leave words for colleagues; also on an alert that has ended."""
        self.record("commented", by=by, at=at, note=text)

    def snooze(self, until: datetime, *, by: Staff, at: datetime) -> None:
        """Put it aside until a moment; it still resolves by itself when the condition clears. Raises NotOpen."""
        self._require_open()
        self.state, self.snoozed_until = self.State.SNOOZED, until
        self.save(update_fields=["state", "snoozed_until"])
        self.record("snoozed", by=by, at=at, data={"until": until.isoformat()})

    def resolve(self, *, by: Staff, at: datetime, note: str = "") -> None:
        """Close it. Its account is left alone until it has cleared and crosses again. Raises NotOpen."""
        self._require_open()
        self.state, self.ended_at = self.State.RESOLVED, at
        self.save(update_fields=["state", "ended_at"])
        self.campaign.account_states.filter(account=self.account_id, episode=self.episode).update(
            state=AccountState.State.WAITING
        )
        self.record("resolved", by=by, at=at, note=note)

    def record(
        self, kind: str, *, by: Staff | None, at: datetime, note: str = "", data: Any = None
    ) -> "AlertEvent":
        """Write down that something happened to it."""
        return self.events.create(
            organization_id=self.organization_id, kind=kind, by=by, at=at, note=note, data=data or {}
        )

    def _require_open(self) -> None:
        if not self.is_open:
            raise NotOpen(f"{self.reference} is {self.get_state_display().lower()} already.")


class AlertEvent(models.Model):
    """A change of an alert: what, when, and by whom (nobody: the evaluation). Append-only."""

    class Kind(models.TextChoices):
        FIRED = "fired", "Fired"
        RECOVERING = "recovering", "Back over the threshold"
        FELL_AGAIN = "fell_again", "Fell again"
        RECOVERED = "recovered", "Cleared"
        VOIDED = "voided", "Voided"
        LEFT = "left", "Left the segment"
        CAMPAIGN_ENDED = "campaign_ended", "Campaign ended"
        ASSIGNED = "assigned", "Assigned"
        COMMENTED = "commented", "Comment"
        SNOOZED = "snoozed", "Snoozed"
        WOKE = "woke", "Snooze ended"
        RESOLVED = "resolved", "Resolved"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True, db_default="")
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True, db_default={})

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["alert", "at", "id"], name="alert_event_by_time")]

    def __str__(self) -> str:
        return self.get_kind_display()
