"""Which data of its own the organization declared."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now

from console.organizations.models import Organization


class Attribute(models.Model):
    """Custom data that the organization declared: which key has which type, and how staff call it."""

    class Entity(models.TextChoices):
        CUSTOMERS = "customers", "Customers"
        ACCOUNTS = "accounts", "Accounts"
        TRANSACTIONS = "transactions", "Transactions"

    class Type(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        BOOLEAN = "boolean", "Yes or no"
        DATE = "date", "Date"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="attributes")
    entity = models.CharField(max_length=12, choices=Entity)
    key = models.CharField(
        max_length=100, validators=[RegexValidator(r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]
    )
    type = models.CharField(max_length=8, choices=Type)
    label = models.CharField(max_length=100, blank=True)
    is_personal = models.BooleanField(
        default=False, db_default=False, help_text="Masked for roles that do not need it."
    )
    is_filtered_often = models.BooleanField(
        default=False, db_default=False, help_text="Segments ask for it often: an index is kept for it."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "entity", "key"], name="attribute_once"),
            models.CheckConstraint(
                condition=models.Q(type__in=["text", "number", "boolean", "date"]),
                name="attribute_type_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.key.replace("_", " ").replace(".", " ").capitalize()
