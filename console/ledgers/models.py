"""The books of an organization and what is counted in them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Stated

LIVE = Q(deleted_at__isnull=True)
DECIMALS = 8  # that are kept of any amount


class Ledger(Stated):
    """One set of books. Its name is unique in the organization, whatever its case.

    `has_typed_accounts`: a new account must be of one of the ledger's account types.
    """

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="ledgers")
    name = models.CharField(max_length=256)
    has_typed_accounts = models.BooleanField("only account types", default=False, db_default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), condition=LIVE, name="ledger_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("ledgers:ledger_detail", self.pk)


class Asset(Stated):
    """What a ledger counts in: a currency, mostly. `scale` is how many decimals people write, DECIMALS at most."""

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

    class Meta:
        ordering = ["code"]
        constraints = [
            # Also among deleted ones: accounts point to the code, and one that is opened again is the same asset.
            models.UniqueConstraint(fields=["ledger", "code"], name="asset_code_once"),
            models.UniqueConstraint(fields=["ledger", "name"], condition=LIVE, name="asset_name_once"),
            models.CheckConstraint(condition=Q(scale__lte=DECIMALS), name="asset_scale_is_kept"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return self.organization.url("ledgers:asset_detail", self.pk)

    @property
    def external_alias(self) -> str:
        """The alias of its external account, the same in every ledger."""
        return f"@external/{self.code}"
