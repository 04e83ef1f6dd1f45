"""Requests that are carried out once, however often they are sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from console.organizations.models.organization import Organization


class IdempotencyKey(models.Model):
    """What a request under this key was answered, for as long as its caller said: a repetition gets the same answer."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="idempotency_keys", db_index=False
    )
    within = models.UUIDField(help_text="The ledger where it was used, else the organization.")
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    status = models.PositiveSmallIntegerField(null=True)
    body: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "within", "name"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def hold(
        cls,
        organization: Organization,
        within: UUID,
        name: str,
        digest: str,
        *,
        at: datetime,
        until: datetime,
    ) -> "tuple[IdempotencyKey, bool]":
        """The key, locked until the transaction ends, and whether nothing was answered under it before.

        A second request waits here until the first has ended. Call inside a transaction.
        """
        which = {"organization": organization, "within": within, "name": name}
        mine = cls.objects.filter(**which)
        mine.filter(expires_at__lte=at).delete()
        with transaction.atomic():
            given = {"digest": digest, "expires_at": until}
            row, is_new = cls.objects.get_or_create(**which, defaults=given)
        return row, is_new

    @classmethod
    def forget_expired(cls, *, at: datetime) -> int:
        """Delete those whose time is over. Returns how many."""
        return cls.objects.filter(expires_at__lte=at).delete()[0]
