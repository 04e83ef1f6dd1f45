"""A campaign: which accounts are watched, what they must cross, and every change of its state."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from alerts.statements import run
from console.balances.models import money
from console.organizations import approving
from console.organizations.fields import uuid_key
from console.organizations.models import CURRENCY, Approval, Organization, Staff
from segments.models import Segment


class WrongState(Exception):
    """The campaign can't do this in the state it is in; the message says which and what to do."""


class NotApproved(Exception):
    """Its rule is not the one that was approved; the message says what to do."""


class Overtaken(Exception):
    """Somebody changed the rule since the person opened it; the message says so."""


class Campaign(models.Model):
    """A rule over the accounts of a segment: when one crosses it, an alert fires and a prepared banner may be shown.

    A segment of customers stands for the accounts that its members own. `cooldown` is counted from the last alert of
    the account: None never fires again for it, zero fires at each crossing.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    class OnActivation(models.TextChoices):
        WAIT = "wait", "wait until they cross again"
        FIRE = "fire", "fire once"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=100)
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="campaigns")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    priority = models.PositiveSmallIntegerField(
        default=50, help_text="0 to 100: of several banners, the one of the highest priority is shown."
    )
    cooldown = models.DurationField(null=True, blank=True, default=timedelta(0))
    on_activation = models.CharField(max_length=4, choices=OnActivation, default=OnActivation.WAIT)
    approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="campaigns",
        help_text="Of its rule.",
    )
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    swept_at = models.DateTimeField(
        null=True, editable=False, help_text="When every member was last looked at."
    )
    swept_on = models.DateField(null=True, editable=False)
    members_as_of = models.DateTimeField(
        null=True, editable=False, help_text="Who entered later is new to it."
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=~Q(state="ended"), name="campaign_name_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "active", "paused", "ended"]), name="campaign_state_known"
            ),
            models.CheckConstraint(
                condition=Q(on_activation__in=["wait", "fire"]), name="campaign_start_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(approval__isnull=False), name="campaign_active_is_approved"
            ),
            models.CheckConstraint(condition=Q(priority__lte=100), name="campaign_priority_to_100"),
            models.CheckConstraint(
                condition=Q(cooldown__isnull=True) | Q(cooldown__gte=timedelta(0)),
                name="campaign_cooldown_forward",
            ),
        ]
        indexes = [models.Index(fields=["organization", "created_at", "id"], name="campaign_by_creation")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("alerts:campaign_detail", self.pk)

    @property
    def can_edit(self) -> bool:
        """Whether its rule may change: not while it runs, and not once it has ended."""
        return self.state in (self.State.DRAFT, self.State.PAUSED)

    def revise(self, version: int, *, at: datetime) -> None:
        """Hold it for a change of its rule that began from `version`, until the transaction ends; count the next one.

        What was asked for about the rule before is void. Raises WrongState when it runs or has ended by now, Overtaken
        when somebody else changed the rule meanwhile.
        """
        self._hold()
        if not self.can_edit:
            raise WrongState(
                f"“{self}” is {self.get_state_display().lower()}. Pause it to change its rule."
                if self.state == self.State.ACTIVE
                else f"“{self}” has ended: its rule can’t change any more."
            )
        if self.version != version:
            raise Overtaken(
                f"Somebody saved version {self.version} meanwhile. Open the rule again to see it, then write yours."
            )
        self.version += 1
        approving.void("campaign", self.pk, reason=f"The rule was changed: version {self.version}.", at=at)

    @transaction.atomic
    def activate(self, approval: Approval, *, by: Staff, at: datetime) -> None:
        """Start with the rule that was approved, or resume with it. Raises WrongState.

        Accounts below already are treated as `on_activation` says.
        """
        self._hold()
        if not self.can_edit:
            raise WrongState(f"“{self}” is {self.get_state_display().lower()} and can't be activated.")
        self.approval = approval
        self._watch(by=by, at=at, note=f"asked for by {approval.maker}")

    @transaction.atomic
    def resume(self, *, by: Staff, at: datetime) -> None:
        """Go on with the very rule that was approved. Raises WrongState, NotApproved when it was changed since."""
        self._hold()
        if self.state != self.State.PAUSED:
            raise WrongState(
                f"“{self}” is {self.get_state_display().lower()}; only a paused campaign is resumed."
            )
        if not approving.covers(self.approval, self, at=at):
            raise NotApproved("Something changed since it was approved. Ask for approval of what it is now.")
        self._watch(by=by, at=at)

    @transaction.atomic
    def pause(self, *, by: Staff, at: datetime) -> None:
        """Stop watching and withdraw the banner at once; open alerts stay in the inbox. Raises WrongState."""
        self._hold()
        if self.state != self.State.ACTIVE:
            raise WrongState(
                f"“{self}” is {self.get_state_display().lower()}; only an active campaign can be paused."
            )
        self._become(self.State.PAUSED, "paused", by=by, at=at)

    @transaction.atomic
    def end(self, *, by: Staff, at: datetime) -> None:
        """Stop for good; its open alerts are resolved. Raises WrongState."""
        self._hold()
        if self.state == self.State.ENDED:
            raise WrongState(f"“{self}” has ended already.")
        self._become(self.State.ENDED, "ended", by=by, at=at)
        approving.void("campaign", self.pk, reason="The campaign has ended.", at=at)
        run("end", campaign=self.pk, at=at)

    def record(self, kind: str, *, by: Staff | None, at: datetime, note: str = "") -> "CampaignEvent":
        """Write down that something happened to it."""
        return self.events.create(organization=self.organization, kind=kind, by=by, at=at, note=note)

    def _hold(self) -> None:
        """Lock the row until the transaction ends and read its state anew: somebody may have been faster."""
        rows = Campaign.objects.select_for_update(no_key=True)
        self.refresh_from_db(
            fields=["state", "version", "approval", "swept_at", "swept_on", "members_as_of"],
            from_queryset=rows,
        )

    def _watch(self, *, by: Staff, at: datetime, note: str = "") -> None:
        kind = "resumed" if self.state == self.State.PAUSED else "activated"
        self.swept_at = self.swept_on = self.members_as_of = None
        self._become(self.State.ACTIVE, kind, by=by, at=at, note=note)

    def _become(self, state: str, kind: str, *, by: Staff, at: datetime, note: str = "") -> None:
        self.state = state
        self.save(update_fields=["state", "approval", "swept_at", "swept_on", "members_as_of"])
        self.record(kind, by=by, at=at, note=note)


class Trigger(models.Model):
    """The condition of a campaign. Money in `currency`; only accounts in that currency are compared."""

    class Kind(models.TextChoices):
        LEDGER_BELOW = "ledger_below", "ledger balance falls below"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="trigger")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.LEDGER_BELOW)
    threshold = money()
    clear_at = money(help_text="From here on the condition has cleared; never under the threshold.")
    currency = models.CharField(max_length=100, validators=[CURRENCY])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(clear_at__gte=F("threshold")), name="trigger_clears_above"),
            models.CheckConstraint(condition=Q(kind__in=["ledger_below"]), name="trigger_kind_known"),
        ]
        # Crossed thresholds are found by range: previous balance >= threshold > new balance.
        indexes = [
            models.Index(
                fields=["organization", "kind", "currency", "threshold"], name="trigger_by_threshold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.threshold} {self.currency}"


class CampaignEvent(models.Model):
    """A change of a campaign or its banner: what, when, by whom. Append-only."""

    class Kind(models.TextChoices):
        CREATED = "created", "Drafted"
        EDITED = "edited", "Rule changed"
        ACTIVATED = "activated", "Activated"
        RESUMED = "resumed", "Resumed"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"
        BANNER_PREPARED = "banner_prepared", "Banner prepared"
        BANNER_APPROVED = "banner_approved", "Banner approved"
        BANNER_SHOWN_AGAIN = "banner_shown_again", "Banner shown again"
        BANNER_WITHDRAWN = "banner_withdrawn", "Banner withdrawn"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True, db_default={})

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["campaign", "at", "id"], name="campaign_event_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note}" if self.note else self.get_kind_display()
