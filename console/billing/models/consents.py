"""What a customer agreed to be told, by which channel."""

from django.db import models
from django.db.models import Q

from console.billing.models.columns import owner, whose
from console.organizations.models import Staff


class Consent(models.Model):
    """A customer's last word on one channel and purpose, when they gave it (UTC), and its source. No row: never asked.

    It stands beside what the customer has as a whole: `communications_enabled` switches every message off, and
    `profiling_objected_at` says that they object to profiling.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "Email"
        SMS = "sms", "SMS"
        PHONE = "phone", "Phone"
        POST = "post", "Post"

    class Purpose(models.TextChoices):
        MARKETING = "marketing", "Offers"
        SURVEYS = "surveys", "Surveys"
        BILLING = "billing", "Bills and reminders"

    class Source(models.TextChoices):
        STAFF = "staff", "Staff"
        API = "api", "A system of the bank"
        FILE = "file", "A file"
        LETTER = "letter", "The link in a letter"

    organization = owner("consents")
    customer = whose("consents")
    channel = models.CharField(max_length=5, choices=Channel)
    purpose = models.CharField(max_length=9, choices=Purpose)
    is_given = models.BooleanField()
    said_at = models.DateTimeField()
    source = models.CharField(max_length=6, choices=Source, default=Source.STAFF, db_default=Source.STAFF)
    noted_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["purpose", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "channel", "purpose"], name="consent_once"),
            models.CheckConstraint(
                condition=Q(channel__in=["email", "sms", "phone", "post"])
                & Q(purpose__in=["marketing", "surveys", "billing"])
                & Q(source__in=["staff", "api", "file", "letter"]),
                name="consent_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "channel", "purpose", "customer"],
                condition=Q(is_given=False),
                name="consent_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} by {self.get_channel_display()}"
