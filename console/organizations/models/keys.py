"""Keys by which the bank's own systems call the API."""

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.db.models.functions import Now

from console.organizations.fields import uuid_key
from console.organizations.models.organization import Organization
from console.organizations.models.people import Staff


class ApiKey(models.Model):
    """A secret by which one of the bank's systems calls the API: shown once, kept as a SHA-256 of 192 random bits."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls, organization: Organization, *, name: str, by: Staff | None, expires_at: datetime | None = None
    ) -> tuple["ApiKey", str]:
        """Make a key. Returns the row and the secret, which can't be read again."""
        prefix, secret = f"tr_{secrets.token_hex(4)}", secrets.token_urlsafe(24)
        plain = f"{prefix}.{secret}"
        key = cls.objects.create(
            organization=organization,
            name=name,
            prefix=prefix,
            digest=hashlib.sha256(plain.encode()).hexdigest(),
            created_by=by,
            expires_at=expires_at,
        )
        return key, plain

    @classmethod
    def verify(cls, plain: str, *, at: datetime) -> "ApiKey | None":
        """The live key that `plain` opens at the moment `at`, or None. Compares in constant time."""
        key = cls.objects.select_related("organization").filter(prefix=plain.split(".")[0]).first()
        digest = hashlib.sha256(plain.encode()).hexdigest()
        if key is None or not secrets.compare_digest(key.digest, digest) or key.revoked_at:
            return None
        return None if key.expires_at and key.expires_at <= at else key
