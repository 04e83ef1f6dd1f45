"""Which data of its own the organization declared."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from console.organizations.fields import uuid_key
from console.organizations.models import Kept, Organization

KEY = RegexValidator(
    r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\Z",
    "Write letters, digits, _ and - only; dots lead into objects, such as address.city.",
)
# Characters of a text for which an index is kept: four bytes each at most, of the 2,704 that an entry of PostgreSQL's
# b-tree takes. With a longer one there could be no index, and where there is one the record could not be written.
INDEXED = 600


class Attribute(Kept):
    """Custom data that the organization declared: which key has which type, and how staff call it.

    What became of the wish for an index stands here too, written by the process that makes indexes.
    """

    class Entity(models.TextChoices):
        CUSTOMERS = "customers", "Customers"
        ACCOUNTS = "accounts", "Accounts"
        TRANSACTIONS = "transactions", "Transactions"

    class Type(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        BOOLEAN = "boolean", "Yes or no"
        DATE = "date", "Date"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="attributes")
    entity = models.CharField("of", max_length=12, choices=Entity)
    key = models.CharField(max_length=100, validators=[KEY])
    type = models.CharField(max_length=8, choices=Type)
    label = models.CharField(max_length=100, blank=True)
    help = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="What it means, for whoever filters by it.",
    )
    unit = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="What a number counts, such as days or CZK.",
    )
    is_personal = models.BooleanField(
        default=False, db_default=False, help_text="Masked for roles that do not need it."
    )
    is_filtered_often = models.BooleanField(
        default=False, db_default=False, help_text="Segments ask for it often: an index is kept for it."
    )
    index_failed_at = models.DateTimeField(null=True, editable=False)
    index_fault = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["entity", "key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "entity", "key"],
                condition=Q(deleted_at__isnull=True),
                name="attribute_once",
                violation_error_message="This is declared already.",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["text", "number", "boolean", "date"]),
                name="attribute_type_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.key.replace("_", " ").replace(".", " ").capitalize()

    @property
    def is_short(self) -> bool:
        """Whether its texts have at most INDEXED characters from now on."""
        return self.is_filtered_often and self.type == self.Type.TEXT

    def get_absolute_url(self) -> str:
        return self.organization.url("attributes:attribute_detail", self.pk)
