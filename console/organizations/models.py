"""Whose data it is and who works on it: organizations, users, staff, API keys."""

import hashlib
import secrets
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.urls import reverse

from console.organizations.fields import uuid_key

ANY = UUID(int=0)
CURRENCY = RegexValidator(r"^[A-Z]{3}$", "Write a currency as three capital letters, such as EUR.")


def validate_time_zone(value: str) -> None:
    """Accept IANA names only, such as Europe/Prague."""
    if value not in available_timezones():
        raise ValidationError(f"“{value}” is not a time zone. Write one such as Europe/Prague.")


class Organization(models.Model):
    """A bank or a part of one: the wall around its data. Every other row belongs to exactly one."""

    id = uuid_key()
    slug = models.SlugField(max_length=50, unique=True, help_text="The name in addresses.")
    name = models.CharField(max_length=256)
    base_currency = models.CharField(max_length=3, validators=[CURRENCY], help_text="ISO 4217, such as EUR.")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_sending = models.BooleanField(
        default=True, help_text="Off: messages are planned and wait, none leaves."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

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


class UserManager(BaseUserManager["User"]):
    """Users sign in by email address; its case does not matter."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do in an organization is said by their Staff rows, not here."""

    id = uuid_key()
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    theme = models.CharField(
        max_length=6, blank=True, choices=[("", "As the system"), ("light", "Light"), ("dark", "Dark")]
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("platform admin", default=False, help_text="May open Django admin.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    ANALYST = "analyst", "Analyst"
    MARKETER = "marketer", "Marketer"
    APPROVER = "approver", "Approver"
    OPERATOR = "operator", "Operator"
    ADMIN = "admin", "Admin"


class Staff(models.Model):
    """A person at work for one organization in one role: the actor (`by=`) of every change."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="staff")
    user = models.ForeignKey(User, models.CASCADE, related_name="staff")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "staff"
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="staff_once_per_organization"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="staff_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ApiKey(models.Model):
    """A secret by which one of the bank's systems calls the API: shown once, kept as a SHA-256 of 192 random bits."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls, organization: Organization, *, name: str, by: Staff | None, expires_at: datetime | None = None
    ) -> tuple["ApiKey", str]:
        """Make a key. Returns the row and the secret, which can't be read again."""
        prefix, secret = f"tr_{secrets.token_hex(4)}", secrets.token_urlsafe(24)
        plain = f"{prefix}.{secret}"
        key = cls.objects.create(
            organization=organization,
            name=name,
            prefix=prefix,
            digest=hashlib.sha256(plain.encode()).hexdigest(),
            created_by=by,
            expires_at=expires_at,
        )
        return key, plain

    @classmethod
    def verify(cls, plain: str, *, at: datetime) -> "ApiKey | None":
        """The live key that `plain` opens at the moment `at`, or None. Compares in constant time."""
        key = cls.objects.select_related("organization").filter(prefix=plain.split(".")[0]).first()
        digest = hashlib.sha256(plain.encode()).hexdigest()
        if key is None or not secrets.compare_digest(key.digest, digest) or key.revoked_at:
            return None
        return None if key.expires_at and key.expires_at <= at else key
