"""What customers are shown: banners that the bank prepared and approved, and each time one was served."""

from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q

from alerts.models.alert import Alert
from alerts.models.campaign import Campaign, NotApproved
from console.customers.models import Customer
from console.organizations import approving
from console.organizations.fields import uuid_key
from console.organizations.models import Approval, Organization, Staff

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
    approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="banners",
        help_text="Of these very words.",
    )
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["placement"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "placement"], name="banner_once_per_placement"),
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
        return self.approval_id is not None and self.withdrawn_at is None

    @transaction.atomic
    def prepare(self, *, by: Staff, at: datetime) -> None:
        """Save its words. An approval of earlier words ends, and so does a request for one."""
        Banner.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        self.prepared_by, self.prepared_at = by, at
        self.approval = self.withdrawn_by = self.withdrawn_at = None
        self.save()
        approving.void("banner", self.pk, reason="Its words were changed.", at=at)
        self.campaign.record("banner_prepared", by=by, at=at, note=str(self))

    def show(self, approval: Approval, *, by: Staff, at: datetime) -> None:
        """Let customers see the words that were approved, from now on."""
        self.approval, self.withdrawn_by, self.withdrawn_at = approval, None, None
        self.save(update_fields=["approval", "withdrawn_by", "withdrawn_at"])
        self.campaign.record("banner_approved", by=by, at=at, note=str(self))

    def show_again(self, *, by: Staff, at: datetime) -> None:
        """Take its withdrawal back: the words are those that were approved. Raises NotApproved."""
        shown = Banner.objects.filter(pk=self.pk, approval__isnull=False)
        if not shown.update(withdrawn_by=None, withdrawn_at=None):
            raise NotApproved("Its words are not approved. Ask for approval first.")
        self.refresh_from_db(fields=["withdrawn_by", "withdrawn_at"])
        self.campaign.record("banner_shown_again", by=by, at=at, note=str(self))

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
