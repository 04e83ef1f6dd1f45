"""Who signs in, and who works for which organization in which role."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower, Now
from django.db.models.lookups import Contains

from console.organizations import scope
from console.organizations.fields import Fold, uuid_key
from console.organizations.models.organization import Organization
from console.organizations.sessions import end_sessions

if TYPE_CHECKING:
    from console.organizations.models.approvals import Approval


class UserManager(BaseUserManager["User"]):
    """Users sign in by email address. It is kept in small letters, since django-allauth looks for those only."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def with_email(self, email: str) -> "User | None":
        """Who has the address, in whatever letters it is written."""
        return self.filter(email=self.normalize_email(email)).first()

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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_in_small_letters"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = User.objects.normalize_email(self.email)

    def places(self, words: str = "", limit: int = 100) -> "list[Staff]":
        """Where this person works, by the name of the organization: at most `limit` of those that `words` find.

        A name has all of the words, whatever their case and accents; deleted organizations are no place to work.
        """
        with scope.across():
            rows = self.staff.working().filter(organization__deleted_at=None).select_related("organization")
            for word in words.split():
                names = ("organization__name", Value(" "), "organization__doing_business_as")
                rows = rows.filter(Contains(Fold(Concat(*names)), Fold(Value(word))))
            return list(rows.order_by("organization__name", "pk")[:limit])

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


# Who decides and who administers: nobody comes into such a role by one person's word, and who has it proves it with a
# passkey, which nobody can be talked into reading out.
PASSKEY_ROLES = frozenset({Role.APPROVER, Role.ADMIN})


class OwnAccess(Exception):
    """Nobody changes their own role or ends their own access."""


class LastAdmin(Exception):
    """An organization keeps an admin: who else would let anybody in?"""


class StaffQuerySet(models.QuerySet["Staff"]):
    def working(self) -> "StaffQuerySet":
        """Those whose access has not ended."""
        return self.filter(ended_at=None)


class Staff(models.Model):
    """A person at work for one organization in one role: the actor (`by=`) of every change.

    `approval` is what gave the role, where it was given on pages: the database holds that one did. Access that has
    ended stays as a row: what the person did stays theirs.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="staff")
    user = models.ForeignKey(User, models.CASCADE, related_name="staff")
    role = models.CharField(max_length=10, choices=Role)
    role_since = models.DateTimeField(null=True, editable=False)
    approval = models.OneToOneField(
        "organizations.Approval", models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField("access ended", null=True, editable=False)
    ended_by = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "staff"
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="staff_once_per_organization"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="staff_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return self.organization.url("staff:staff_detail", self.user_id)

    def change_role(self, approval: "Approval", *, by: "Staff", at: datetime) -> None:
        """Give the person the role that was approved, from now on. Raises OwnAccess, LastAdmin."""
        role = approval.given["role"]
        with transaction.atomic():
            self._not_by_oneself_nor_the_last_admin(by, stays=role == Role.ADMIN)
            self.role, self.role_since, self.approval = role, at, approval
            self.save(update_fields=["role", "role_since", "approval"])

    def end(self, *, by: "Staff", at: datetime) -> None:
        """End the person's access here, and who works nowhere else is signed out. Raises OwnAccess, LastAdmin."""
        with transaction.atomic():
            self._not_by_oneself_nor_the_last_admin(by, stays=False)
            # What had ended before keeps who ended it and when.
            Staff.objects.working().filter(pk=self.pk).update(ended_at=at, ended_by=by)
            self.refresh_from_db(fields=["ended_at", "ended_by"])
            with scope.across():
                if not self.user.staff.working().exists():
                    end_sessions([self.user_id])

    def resume(self, *, by: "Staff", at: datetime, approval: "Approval | None" = None) -> None:
        """Let the person in again, in the role that they had: one of PASSKEY_ROLES needs the approval.

        `by` and `at` are the audit trail's to keep.
        """
        self.ended_at = self.ended_by = None
        self.approval = approval or self.approval
        self.save(update_fields=["ended_at", "ended_by", "approval"])

    def _not_by_oneself_nor_the_last_admin(self, by: "Staff", *, stays: bool) -> None:
        """Whether an admin is left is asked with the admins' rows locked: two may end each other at once.

        The person's own row is locked in the same order, as whoever approves a role locks them.
        """
        if by.pk == self.pk:
            raise OwnAccess
        admins = Q(role=Role.ADMIN, ended_at=None)
        rows = Staff.objects.filter(admins | Q(pk=self.pk), organization=self.organization_id)
        locked = rows.select_for_update(no_key=True).order_by("pk")
        left = [one.pk for one in locked if one.role == Role.ADMIN and one.ended_at is None]
        if not stays and left == [self.pk]:
            raise LastAdmin
