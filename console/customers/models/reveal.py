"""Who read what of a customer that their role sees masked, and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from console.customers.masking import PARTS
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff


class Reveal(models.Model):
    """Parts of one customer, opened once for one page view. Never changed (a trigger sees to it)."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reveals", db_index=False)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="reveals", db_index=False)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    parts = ArrayField(models.CharField(max_length=10, choices=PARTS))
    reason = models.CharField(max_length=300)
    handed_over = models.CharField(
        max_length=4,
        choices=[("", "No"), ("json", "As a JSON file"), ("pdf", "As a PDF file")],
        blank=True,
        db_default="",
        default="",
        help_text="Whether all of it left as a file for the customer.",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["customer", "-at"], name="reveal_by_customer")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(parts=[]), name="reveal_says_what_and_why")
        ]

    def __str__(self) -> str:
        return ", ".join(dict(PARTS)[part].lower() for part in self.parts)
