"""Keys by which the bank's own systems call the API."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from console.organizations.fields import uuid_key
from console.organizations.models.organization import Organization
from console.organizations.models.people import Staff

# While a new key is put into use the one before it opens the API too, for so long.
OVERLAP = timedelta(days=7)
# Use is noted at most so often: a key that is asked a thousand times a second writes one row a minute.
NOTED_EVERY = timedelta(minutes=1)


class KeyScope(models.TextChoices):
    """What a key opens: every operation of the API names one of these."""

    DECISIONS = "decisions", "Ask for banners and report clicks"
    RECORD_READ = "record.read", "Read organizations, ledgers, assets, portfolios, segments and accounts"
    RECORD_WRITE = "record.write", "Create, change and delete them"
    CUSTOMERS_READ = "customers.read", "Read customers, contacts and consents, personal data included"
    CUSTOMERS_WRITE = "customers.write", "Create and change them, and who holds which account"
    BILLING_READ = "billing.read", "Read invoices, how customers pay, connectors and monitors"
    BILLING_WRITE = "billing.write", "Create, change and delete them, and note payments"
    ATTRIBUTES_READ = "attributes.read", "Read which data of the bank’s own is declared"
    ATTRIBUTES_WRITE = "attributes.write", "Declare, change and delete attributes"
    SEGMENTS_READ = "segments.read", "Read segments with their rules, and who is in them"
    SEGMENTS_WRITE = "segments.write", "Create and change segments, and have them counted anew"
    MESSAGES_READ = "messages.read", "Read communications and what became of each message"
    ALERTS_READ = "alerts.read", "Read campaigns and alerts"


class NotLive(Exception):
    """The key opens nothing any more, so it can't be rotated or revoked."""


class StillRotating(Exception):
    """The key and the one it replaces are both live; `until` is when the older one ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class ApiKey(models.Model):
    """A secret by which one of the bank's systems calls the API: shown once, kept as a SHA-256 of 192 random bits.

    It opens what its scopes name, until it expires or is revoked. Rotating makes a successor of the same name.
    """

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=KeyScope), default=list)
    calls_per_minute = models.PositiveIntegerField(default=6000)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="replaced_by"
    )
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, editable=False, related_name="+")
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    last_used_from = models.GenericIPAddressField(null=True, editable=False)

    class Meta:
        ordering = ["name", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=KeyScope.values), name="key_scopes_known"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="key_expires_later"),
        ]
        indexes = [models.Index(fields=["organization", "name", "id"], name="key_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def get_absolute_url(self) -> str:
        return self.organization.url("keys:key_detail", self.pk)

    @classmethod
    def issue(
        cls,
        organization: Organization,
        *,
        name: str,
        scopes: Iterable[str],
        by: Staff | None,
        expires_at: datetime,
        **more: Any,
    ) -> tuple["ApiKey", str]:
        """Make a key; `more` are further fields. Returns the row and the secret, which can't be read again."""
        prefix, secret = f"tr_{secrets.token_hex(4)}", secrets.token_urlsafe(24)
        plain = f"{prefix}.{secret}"
        key = cls.objects.create(
            organization=organization,
            name=name,
            prefix=prefix,
            digest=digest_of(plain),
            scopes=sorted(set(scopes)),
            created_by=by,
            expires_at=expires_at,
            **more,
        )
        return key, plain

    @classmethod
    def verify(cls, plain: str, *, at: datetime) -> "ApiKey | None":
        """The live key that `plain` opens at the moment `at`, or None. Compares in constant time."""
        key = cls.objects.select_related("organization").filter(prefix=plain.split(".")[0]).first()
        digest = digest_of(plain)
        if key is None or not secrets.compare_digest(key.digest, digest):
            return None
        return key if key.is_live(at=at) else None

    def is_live(self, *, at: datetime) -> bool:
        """Whether it opens the API at the moment `at`: nothing does when its organization is deleted."""
        return self.revoked_at is None and self.expires_at > at and self.organization.deleted_at is None

    def note_use(self, *, at: datetime, address: str) -> None:
        """Keep when and from where it was used last, to the minute."""
        before = at - NOTED_EVERY
        if self.last_used_at is None or self.last_used_at < before:
            unnoted = Q(last_used_at=None) | Q(last_used_at__lt=before)
            ApiKey.objects.filter(unnoted, pk=self.pk).update(last_used_at=at, last_used_from=address or None)

    @transaction.atomic
    def rotate(self, *, by: Staff, at: datetime) -> tuple["ApiKey", str]:
        """Make its successor, which lives as long as this one was meant to; this one ends after OVERLAP at most.

        Returns the new row and its secret. Raises NotLive, StillRotating when there are two live ones already.
        """
        self._hold()
        if not self.is_live(at=at):
            raise NotLive
        older = self.replaces or self
        successor = ApiKey.objects.filter(replaces=self).first()
        if successor or (older is not self and older.is_live(at=at)):
            raise StillRotating((self if successor else older).expires_at)
        fresh, plain = ApiKey.issue(
            self.organization,
            name=self.name,
            scopes=self.scopes,
            by=by,
            expires_at=at + (self.expires_at - self.created_at),
            replaces=self,
            calls_per_minute=self.calls_per_minute,
        )
        self.expires_at = min(self.expires_at, at + OVERLAP)
        self.save(update_fields=["expires_at"])
        return fresh, plain

    @transaction.atomic
    def revoke(self, *, by: Staff, at: datetime) -> None:
        """End it at once. Raises NotLive."""
        self._hold()
        if not self.is_live(at=at):
            raise NotLive
        self.revoked_by, self.revoked_at = by, at
        self.save(update_fields=["revoked_by", "revoked_at"])

    def _hold(self) -> None:
        """Lock the row until the transaction ends and read it anew."""
        rows = ApiKey.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=["expires_at", "revoked_at", "replaces"], from_queryset=rows)


def digest_of(plain: str) -> str:
    """What is kept of a secret: SHA-256 is enough for what is 192 random bits."""
    return hashlib.sha256(plain.encode()).hexdigest()
