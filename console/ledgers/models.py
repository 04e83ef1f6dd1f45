"""The books of an organization and what is counted in them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now

from console.organizations.fields import uuid_key
from console.organizations.models import Organization


class Ledger(models.Model):
    """One set of books. Its name is unique in the organization, whatever its case."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="ledgers")
    name = models.CharField(max_length=256)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="ledger_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("ledgers:ledger_detail", self.pk)


class Asset(models.Model):
    """What a ledger counts in: a currency, mostly. `scale` is how many decimals people write."""

    class Type(models.TextChoices):
        CURRENCY = "currency", "Currency"
        CRYPTO = "crypto", "Crypto"
        COMMODITY = "commodity", "Commodity"
        OTHERS = "others", "Other"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="assets")
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="assets")
    code = models.CharField(max_length=100, validators=[RegexValidator(r"^[A-Z]+$", "Capital letters only.")])
    name = models.CharField(max_length=256)
    type = models.CharField(max_length=10, choices=Type, default=Type.CURRENCY)
    scale = models.PositiveSmallIntegerField(default=2)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "code"], name="asset_code_once"),
            models.UniqueConstraint(fields=["ledger", "name"], name="asset_name_once"),
        ]

    def __str__(self) -> str:
        return self.code
