"""The wall around a bank's data."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from console.organizations.fields import uuid_key
from console.organizations.models.kept import Stated

ANY = UUID(int=0)
CURRENCY = RegexValidator(r"^[A-Z]{3}$", "Write a currency as three capital letters, such as EUR.")


def validate_time_zone(value: str) -> None:
    """Accept IANA names only, such as Europe/Prague."""
    if value not in available_timezones():
        raise ValidationError(f"“{value}” is not a time zone. Write one such as Europe/Prague.")


class Organization(Stated):
    """A bank or a part of one: the wall around its data. Every other row belongs to exactly one.

    `name` is its legal name. `address` has the keys of console.organizations.keeping.ADDRESS, those that are known; the
    country is by ISO 3166 alpha-2. `founded_by` is the organization whose key of the API made it: its keys open this
    one too.
    """

    id = uuid_key()
    slug = models.SlugField(max_length=50, unique=True, help_text="The name in addresses.")
    name = models.CharField(max_length=256)
    doing_business_as = models.CharField(max_length=256, blank=True, db_default="")
    legal_document = models.CharField(
        max_length=256, blank=True, db_default="", help_text="The number under which a register has it."
    )
    address: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True, db_default={})
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", help_text="Whose part it is."
    )
    founded_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="founded")
    base_currency = models.CharField(max_length=3, validators=[CURRENCY], help_text="ISO 4217, such as EUR.")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_sending = models.BooleanField(
        default=True, help_text="Off: messages are planned and wait, none leaves."
    )
    second_approver_above = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Whatever reaches more customers or accounts than this needs two approvers. Empty: one is enough.",
    )
    export_minimum = models.PositiveSmallIntegerField(
        default=5, help_text="A file of personal data holds at least so many customers."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.url("settings")

    @property
    def zone(self) -> ZoneInfo:
        """The organization's time zone: local dates are counted in it."""
        return ZoneInfo(self.time_zone)

    def local_date(self, at: datetime) -> date:
        """The calendar date at the moment `at` in the organization's time zone."""
        return at.astimezone(self.zone).date()

    def url(self, name: str, *args: Any) -> str:
        """The path of a page of this organization: `organization.url("customers:customer_detail", customer.pk)`."""
        if len(args) == 1 and isinstance(args[0], UUID):
            return _address_of_any(name, self.slug).replace(str(ANY), str(args[0]))
        return reverse(name, args=(self.slug, *args))


@lru_cache(maxsize=1024)
def _address_of_any(name: str, slug: str) -> str:
    """The path of one thing's page with ANY for its id: a list links to a hundred, and finding each path anew shows."""
    return reverse(name, args=(slug, ANY))
