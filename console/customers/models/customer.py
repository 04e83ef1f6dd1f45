"""Whom the bank serves, until they are erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.functions import Lower, Now

from console.customers import erasing
from console.customers.models.erasure import Erasure
from console.customers.models.reveal import Reveal
from console.customers.querysets import CustomerQuerySet
from console.organizations.fields import Fold, sample_index, uuid_key
from console.organizations.models import Organization, Staff

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
    erased_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="customer_external_id_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "business"]), name="customer_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(
                    **dict.fromkeys(("name", "email", "phone", "country"), ""),
                    custom_data={},
                    products=[],
                    communications_enabled=False,
                    profiling_objected_at__isnull=False,
                ),
                name="customer_erased_for_good",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "name_folded", "id"], name="customer_by_name"),
            models.Index(fields=["organization", "created_at", "id"], name="customer_by_creation"),
            models.Index(
                fields=["organization", "country", "id"], include=["erased_at"], name="customer_by_country"
            ),
            models.Index(fields=["organization", "kind", "name_folded", "id"], name="customer_by_kind"),
            models.Index("organization", Lower("email"), "id", name="customer_by_email"),
            GinIndex(OpClass("name_folded", "gin_trgm_ops"), name="customer_name_trigram"),
            models.Index(
                fields=["organization", "id"],
                condition=models.Q(profiling_objected_at__isnull=False),
                name="customer_objected",
            ),
            models.Index(
                fields=["organization", "id"],
                condition=models.Q(erased_at__isnull=False),
                name="customer_erased",
            ),
            GinIndex(fields=["products"], name="customer_products"),
            sample_index("customer_sample"),
        ]

    def __str__(self) -> str:
        """Never the name: whoever shows that asks `console.customers.masking` for the reader's sight."""
        return self.external_id

    def get_absolute_url(self) -> str:
        return self.organization.url("customers:customer_detail", self.pk)

    def reveal(
        self, parts: Collection[str], *, reason: str, by: Staff, at: datetime, handed_over: str = ""
    ) -> "Reveal":
        """Note that `by` opens `parts` (keys of masking.PARTS) of this customer, and why. The note is never changed.

        `handed_over`: all of it left as a file of this form, "json" or "pdf".
        """
        said = {"parts": sorted(parts), "reason": reason, "handed_over": handed_over}
        return self.reveals.create(organization_id=self.organization_id, staff=by, at=at, **said)

    def erase(self, *, reason: str, by: Staff, at: datetime) -> "Erasure":
        """Take away what makes this row a person, here and in every app above: all of it or nothing, and once.

        Accounts, transactions and balances stay under a pseudonym. Raises what an app's own part raises. Erasing again
        gives the erasure that there was.
        """
        with transaction.atomic():
            for hold in filter(None, (part.hold for part in erasing.PARTS)):
                hold(self)
            mine = Customer.objects.select_for_update(no_key=True).get(pk=self.pk)
            if mine.erased_at is None:
                for part in erasing.PARTS:
                    part.erase(mine, at)
                Erasure.objects.create(
                    organization_id=mine.organization_id,
                    customer=mine,
                    external_id_hash=Erasure.hash_of(mine.organization_id, mine.external_id),
                    staff=by,
                    reason=reason,
                    at=at,
                )
                mine._become_nobody(at)
        self.refresh_from_db()
        return self.erasure

    def _become_nobody(self, at: datetime) -> None:
        self.name = self.email = self.phone = self.country = ""
        self.products, self.custom_data = [], {}
        self.communications_enabled, self.erased_at = False, at
        self.profiling_objected_at = self.profiling_objected_at or at
        # The banner service may have joined the old opaque id to a person.
        self.opaque_id = uuid4()
        self.external_id = f"erased-{self.opaque_id.hex[:12]}"
        self.save()
