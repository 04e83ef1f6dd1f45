"""How a person comes to work here: an admin invites an address, and who reads its mail accepts."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now

from console.organizations import scope
from console.organizations.fields import uuid_key
from console.organizations.models.organization import Organization
from console.organizations.models.people import PASSKEY_ROLES, Role, Staff, User

if TYPE_CHECKING:
    from console.organizations.models.approvals import Approval

LASTS = timedelta(days=7)


class AlreadyHere(Exception):
    """The person works here, or did and can be let in again: there is nothing to invite to."""


class NotOpen(Exception):
    """The invitation was accepted, withdrawn or has expired."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; some of these may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def good(self) -> "InvitationQuerySet":
        """Pending ones that let in: whoever is to decide or administer comes only by an approved one."""
        return self.pending().exclude(role__in=PASSKEY_ROLES, approval=None)

    def invite(
        self,
        organization: Organization,
        *,
        email: str,
        role: str,
        by: Staff,
        at: datetime,
        lasts: timedelta = LASTS,
    ) -> tuple["Invitation", str]:
        """Invite an address; an invitation that it has already gives way. Returns the token too. Raises AlreadyHere.

        One that needs approval opens nothing: the token that does is made when it is approved.
        """
        if organization.staff.filter(user__email__iexact=email).exists():
            raise AlreadyHere
        token, expires_at = secrets.token_urlsafe(32), at + lasts
        with transaction.atomic():
            self.pending().filter(organization=organization, email__iexact=email).update(withdrawn_at=at)
            invitation = self.create(
                organization=organization,
                email=email,
                role=role,
                invited_by=by,
                digest=digest_of(token),
                expires_at=expires_at,
            )
        return invitation, token

    def opened_by(self, token: str, *, at: datetime) -> "Invitation":
        """The invitation that the token of a letter opens at the moment `at`. Raises NotOpen."""
        with scope.across():
            rows = self.good().select_related("organization", "invited_by__user")
            found = rows.filter(digest=digest_of(token), expires_at__gt=at).first()
        if found is None:
            raise NotOpen
        return found


class Invitation(models.Model):
    """A place in one role that waits for who reads the mail of an address. Of its token only a SHA-256 is kept."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField("email address")
    role = models.CharField(max_length=10, choices=Role)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    approval = models.OneToOneField("organizations.Approval", models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_pending_once",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def lacks_approval(self) -> bool:
        """Whether somebody must still approve it before it lets anybody in."""
        return self.role in PASSKEY_ROLES and self.approval_id is None

    def open(self, approval: "Approval", *, at: datetime) -> str:
        """It was approved, and lasts from now: the token that opens it. Raises NotOpen."""
        token, expires_at = secrets.token_urlsafe(32), at + timedelta(days=approval.given["days"])
        self._move(approval=approval, digest=digest_of(token), expires_at=expires_at)
        self.refresh_from_db()
        return token

    def resend(self, *, by: Staff, at: datetime) -> str:
        """A new token for as long as the first; the old one opens nothing any more. Raises NotOpen."""
        if self.lacks_approval:
            raise NotOpen
        token = secrets.token_urlsafe(32)
        self._move(digest=digest_of(token), expires_at=at + LASTS, invited_by=by)
        return token

    def withdraw(self, *, by: Staff, at: datetime) -> None:
        """Let nobody in by it any more. Raises NotOpen."""
        self._move(withdrawn_at=at)

    def accept(self, user: User, *, at: datetime) -> Staff:
        """Let the person in. Raises NotOpen, also where another answer came first."""
        if user.email.lower() != self.email.lower() or self.expires_at <= at or self.lacks_approval:
            raise NotOpen
        with scope.inside(self.organization_id), transaction.atomic():
            scope.known_as(user)
            self._move(accepted_at=at)
            values = {"role": self.role, "role_since": at, "approval": self.approval}
            staff, is_new = self.organization.staff.get_or_create(user=user, defaults=values)
            if not is_new:  # an operator was faster
                raise NotOpen
        return staff

    def _move(self, **values: object) -> None:
        """One conditional statement: of two answers at once one counts."""
        pending = Invitation.objects.pending().filter(pk=self.pk)
        if not pending.update(**values):
            raise NotOpen


def digest_of(token: str) -> str:
    """What is kept of a token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
