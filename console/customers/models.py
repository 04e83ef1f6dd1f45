"""Whom the bank serves, and which data of its own it declared about them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now

from console.customers.querysets import CustomerQuerySet
from console.organizations.fields import Fold, uuid_key
from console.organizations.models import Organization

COUNTRY = RegexValidator(r"^[A-Z]{2}$", "Write a country as two capital letters, such as CZ.")


class RandomUuid(models.Func):
    """A random UUID (version 4) made by the database: says nothing about when the row was made."""

    function = "gen_random_uuid"
    output_field = models.UUIDField()


class Customer(models.Model):
    """A person or business that the bank serves."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        BUSINESS = "business", "Business"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="customers", db_index=False)
    external_id = models.CharField(max_length=100, help_text="The id in the bank's own system.")
    opaque_id = models.UUIDField(
        db_default=RandomUuid(),
        unique=True,
        editable=False,
        help_text="The only id that the banner service knows.",
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=256, blank=True)
    name_folded = models.GeneratedField(
        expression=Fold("name"), output_field=models.TextField(), db_persist=True
    )
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    country = models.CharField(
        max_length=2, blank=True, validators=[COUNTRY], help_text="ISO 3166, such as CZ."
    )
    products = ArrayField(models.CharField(max_length=60), default=list, blank=True, db_default=[])
    custom_data = models.JSONField(default=dict, blank=True, db_default={})
    communications_enabled = models.BooleanField(default=True, db_default=True)
    profiling_objected_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="customer_external_id_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "business"]), name="customer_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "name_folded", "id"], name="customer_by_name"),
            models.Index(fields=["organization", "created_at", "id"], name="customer_by_creation"),
            models.Index(fields=["organization", "country", "id"], name="customer_by_country"),
            models.Index(fields=["organization", "kind", "name_folded", "id"], name="customer_by_kind"),
            models.Index("organization", Lower("email"), "id", name="customer_by_email"),
            GinIndex(OpClass("name_folded", "gin_trgm_ops"), name="customer_name_trigram"),
            models.Index(
                fields=["organization", "id"],
                condition=models.Q(profiling_objected_at__isnull=False),
                name="customer_objected",
            ),
            GinIndex(fields=["products"], name="customer_products"),
        ]

    def __str__(self) -> str:
        """Never the name: whoever shows that asks `console.customers.masking` for the reader's sight."""
        return self.external_id

    def get_absolute_url(self) -> str:
        return self.organization.url("customers:customer_detail", self.pk)


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
