"""How customers pay."""

from datetime import date

from django.db import models
from django.db.models import Q

from console.billing.models.columns import external_id, owner, whose
from console.billing.models.connectors import LIVE, Connector
from console.customers.models.customer import COUNTRY
from console.organizations.fields import uuid_key
from console.organizations.models import Kept


class PaymentMethod(Kept):
    """A way in which a customer pays; one of a customer's is the default. It never has a whole card or account number.

    `expires_on` is the last day on which it works.
    """

    class Type(models.TextChoices):
        CARD = "card", "Card"
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        DIRECT_DEBIT = "direct_debit", "Direct debit"
        ACH = "ach", "ACH"
        PAYPAL = "paypal", "PayPal"
        UPI = "upi", "UPI"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"
        REVOKED = "revoked", "Revoked"

    id = uuid_key()
    organization = owner("payment_methods")
    customer = whose("payment_methods")
    external_id = external_id()
    type = models.CharField(max_length=13, choices=Type)
    status = models.CharField(max_length=7, choices=Status, default=Status.ACTIVE, db_default=Status.ACTIVE)
    connector = models.ForeignKey(
        Connector, models.PROTECT, null=True, blank=True, related_name="payment_methods", db_index=False
    )
    is_default = models.BooleanField(default=False, db_default=False)
    country = models.CharField(
        max_length=2, blank=True, validators=[COUNTRY], help_text="ISO 3166, such as CZ."
    )
    expires_on = models.DateField(null=True, blank=True)
    details = models.CharField(
        max_length=100, blank=True, help_text="What tells it apart, such as “Visa, ends in 4242”."
    )

    class Meta:
        ordering = ["-is_default", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"], condition=LIVE, name="payment_method_once"
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=LIVE & Q(is_default=True),
                name="payment_method_default_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    type__in=["card", "bank_transfer", "direct_debit", "ach", "paypal", "upi", "other"]
                ),
                name="payment_method_type_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "failed", "expired", "revoked"]),
                name="payment_method_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "id"], condition=LIVE, name="method_by_customer"),
            models.Index(
                fields=["organization", "type", "status", "customer"],
                condition=LIVE & Q(is_default=True),
                name="method_default",
            ),
            models.Index(fields=["organization", "type", "id"], condition=LIVE, name="method_by_type"),
            models.Index(fields=["organization", "status", "id"], condition=LIVE, name="method_by_status"),
            models.Index(
                fields=["organization", "expires_on", "id"], condition=LIVE, name="method_by_expiry"
            ),
            models.Index(
                fields=["connector", "id"],
                condition=Q(connector__isnull=False),
                name="method_by_connector",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    def get_absolute_url(self) -> str:
        return self.organization.url("billing:method_detail", self.pk)

    @property
    def state(self) -> tuple[str, str]:
        """How it stands in a word, and the word's tone for components/badge.html."""
        tones = {"active": "good", "failed": "bad", "expired": "bad", "pending": "warn"}
        return self.get_status_display(), tones.get(self.status, "draft")

    def has_run_out(self, on: date) -> bool:
        """Whether it works no more on the local date `on`."""
        return self.expires_on is not None and self.expires_on < on
