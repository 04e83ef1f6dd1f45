"""What customers are shown: banners that the bank prepared and approved, and each time one was served."""

from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from alerts.models.alert import Alert
from alerts.models.campaign import Campaign
from console.customers.models import Customer
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff

LINK = r"^(https://[^\s/][^\s]*|/([^\s/\\][^\s\\]*)?)$"
Placement = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]{0,39}$", "Small letters, digits, - and _ only, such as home."
)
Link = RegexValidator(
    LINK, "Write an address that begins with https://, or a path of the bank's own app such as /cards."
)


class Banner(models.Model):
    """Structured words for customers whose account fires: never HTML. Shown only while it is approved."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="banners")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="banners", db_index=False)
    placement = models.CharField(
        max_length=40,
        default="home",
        validators=[Placement],
        help_text="The place in the bank's app that asks for it.",
    )
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    button_label = models.CharField(max_length=24)
    link = models.CharField(
        max_length=500, validators=[Link], help_text="https://… or a path such as /overdraft."
    )
    prepared_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["placement"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "placement"], name="banner_once_per_placement"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="banner_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="banner_withdrawn_by_whom",
            ),
            models.CheckConstraint(condition=Q(link__regex=LINK), name="banner_link_safe"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shown(self) -> bool:
        """Whether the bank approved it and did not take it back since."""
        return self.approved_at is not None and self.withdrawn_at is None

    def prepare(self, *, by: Staff, at: datetime) -> None:
        """Save its words. An approval of earlier words ends."""
        self.prepared_by, self.prepared_at = by, at
        self.approved_by = self.approved_at = self.withdrawn_by = self.withdrawn_at = None
        self.save()
        self.campaign.record("banner_prepared", by=by, at=at, note=str(self))

    def approve(self, *, by: Staff, at: datetime) -> None:
        """Let customers see it, from now on."""
        self.approved_by, self.approved_at = by, at
        self.withdrawn_by = self.withdrawn_at = None
        self.save(update_fields=["approved_by", "approved_at", "withdrawn_by", "withdrawn_at"])
        self.campaign.record("banner_approved", by=by, at=at, note=str(self))

    def withdraw(self, *, by: Staff, at: datetime) -> None:
        """Take it away from customers at once; its approval stays on record."""
        self.withdrawn_by, self.withdrawn_at = by, at
        self.save(update_fields=["withdrawn_by", "withdrawn_at"])
        self.campaign.record("banner_withdrawn", by=by, at=at, note=str(self))


class Impression(models.Model):
    """A decision that gave a customer's app a banner to show, and the first click on it. Its id is the decision's."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="impressions", db_index=False)
    banner = models.ForeignKey(Banner, models.PROTECT, related_name="impressions", db_index=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="impressions", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="impressions", db_index=False)
    served_at = models.DateTimeField()
    clicked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["banner", "served_at"], name="impression_by_banner"),
            models.Index(fields=["alert", "served_at"], name="impression_by_alert"),
        ]

    def __str__(self) -> str:
        return f"{self.banner} at {self.served_at:%Y-%m-%d %H:%M}"
