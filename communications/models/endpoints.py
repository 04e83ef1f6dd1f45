"""Where webhooks go: an address of the bank, the secrets that sign what we send there, and whether it answers."""

import base64
import secrets
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now

from communications.models.events import DomainEvent
from console.organizations import approving
from console.organizations.fields import uuid_key
from console.organizations.models import Approval, Organization, Staff
from console.organizations.sealing import seal, unseal

OVERLAP = timedelta(hours=24)
GIVES_UP_AFTER = timedelta(days=5)


class NotApproved(Exception):
    """Nobody else approved the address as it is; the message says what to do."""


class StillRotating(Exception):
    """Two secrets are live already; `until` is when the older one ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Endpoint(models.Model):
    """An address that takes our webhooks. While it is disabled its messages wait.

    `events` are those of the record that it is told of by itself (communications/telling.py), while it is enabled.
    """

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="endpoints")
    name = models.CharField(max_length=256)
    url = models.URLField("address", max_length=2000)
    approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="endpoints",
        help_text="Of its address, and of what it is told.",
    )
    events = ArrayField(
        models.CharField(max_length=40, choices=DomainEvent),
        default=list,
        db_default=[],
        blank=True,
        help_text="What it is told of the record as it happens.",
    )
    is_enabled = models.BooleanField(default=False, db_default=False, editable=False)
    disabled_reason = models.CharField(max_length=300, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="endpoint_name_once"),
            models.CheckConstraint(
                condition=Q(is_enabled=False) | Q(approval__isnull=False), name="endpoint_enabled_is_approved"
            ),
            models.CheckConstraint(
                condition=Q(events__contained_by=DomainEvent.values), name="endpoint_events_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("communications:endpoint_detail", self.pk)

    def secrets_live(self, *, at: datetime) -> list[str]:
        """The secrets that sign at the moment `at`, newest first, as the receiver writes them (whsec_…)."""
        return [unseal(secret.sealed) for secret in self.live(at=at)]

    def live(self, *, at: datetime) -> "models.QuerySet[EndpointSecret]":
        """The secrets that sign at the moment `at`, newest first."""
        return self.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=at)).order_by("-created_at", "-pk")

    def rotate(self, *, by: Staff | None, at: datetime) -> str:
        """Make a new secret and return it; the one before signs along for 24 hours. Raises StillRotating."""
        with transaction.atomic():
            Endpoint.objects.select_for_update().get(pk=self.pk)
            if ending := self.secrets.filter(expires_at__gt=at).first():
                raise StillRotating(ending.expires_at or at)
            self.secrets.filter(expires_at=None).update(expires_at=at + OVERLAP)
            plain = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
            self.secrets.create(sealed=seal(plain), created_by=by, created_at=at)
        return plain

    def disable(self, *, reason: str, by: Staff | None, at: datetime) -> None:
        """Stop sending there; what is planned waits."""
        self._turn(False, reason=reason, by=by, at=at)

    def open(self, approval: Approval, *, by: Staff, at: datetime) -> None:
        """Send to the address that was approved: what waited becomes due at its own time."""
        self.approval = approval
        self.save(update_fields=["approval"])
        self._turn(True, reason="", by=by, at=at)

    def enable(self, *, by: Staff, at: datetime) -> None:
        """Send to the approved address again. Raises NotApproved when there is none."""
        if not approving.covers(self.approval, self, at=at):
            raise NotApproved("Its address is not approved. Ask for approval first.")
        self._turn(True, reason="", by=by, at=at)

    def move(self, url: str, events: list[str], *, by: Staff, at: datetime) -> None:
        """Another address, or other events: nothing goes there before that is approved; what is planned waits.

        Called in a transaction.
        """
        mine = Endpoint.objects.select_for_update().get(pk=self.pk)
        if (mine.url, mine.events) == (url, events):
            return
        what = "address" if mine.url != url else "list of events"
        if mine.is_enabled:
            self._turn(False, reason=f"Its new {what} is not approved yet.", by=by, at=at)
        self.url, self.events, self.approval = url, events, None
        self.save(update_fields=["url", "events", "approval"])
        approving.void("endpoint", self.pk, reason=f"Its {what} was changed.", at=at)

    def _turn(self, is_enabled: bool, *, reason: str, by: Staff | None, at: datetime) -> None:
        with transaction.atomic():
            self.is_enabled, self.disabled_reason, self.failing_since = is_enabled, reason, None
            changed = Endpoint.objects.filter(pk=self.pk).exclude(is_enabled=is_enabled)
            if changed.update(is_enabled=is_enabled, disabled_reason=reason, failing_since=None):
                state = "enabled" if is_enabled else "disabled"
                self.transitions.create(state=state, reason=reason, by=by, at=at)


class EndpointSecret(models.Model):
    """A signing secret, encrypted at rest. It is live until `expires_at`; an endpoint has two at most."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="secrets")
    sealed = models.TextField(editable=False)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(expires_at=None), name="one_lasting_secret"
            )
        ]

    def __str__(self) -> str:
        return f"secret of {self.endpoint}"
