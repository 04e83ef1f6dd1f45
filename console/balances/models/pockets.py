"""Balances of an account by their keys."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.balances.models.columns import total
from console.organizations.fields import uuid_key
from console.organizations.models import Organization
from console.portfolios.models import Account

DEFAULT = "default"


class Pocket(models.Model):
    """A part of what an account holds, by its key: money set apart, and what may be done with it.

    Every account has the pocket `default`, known by the account's own id, with all that is in no other one: its row
    is written when something is held in it or said of it. `Balance` is what all pockets of an account have together.
    """

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="pockets", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="pockets", db_index=False)
    key = models.CharField(max_length=100)
    ledger = total(default=Decimal(0), help_text="What its items add up to. Not kept for the default one.")
    on_hold = total(default=Decimal(0), help_text="What pending entries hold of it.")
    items = models.PositiveIntegerField(default=0, help_text="Not kept for the default one.")
    changes = models.PositiveIntegerField(default=0, help_text="Whatever changed it beside items.")
    allow_sending = models.BooleanField(default=True)
    allow_receiving = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "balance by key"
        verbose_name_plural = "balances by key"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"], condition=Q(deleted_at__isnull=True), name="pocket_once"
            ),
            models.CheckConstraint(condition=Q(on_hold__gte=0), name="pocket_hold_not_negative"),
            models.CheckConstraint(condition=Q(ledger__gte=0), name="pocket_not_overdrawn"),
        ]
        indexes = [models.Index(fields=["organization", "id"], name="pocket_by_order")]

    def __str__(self) -> str:
        return self.key
