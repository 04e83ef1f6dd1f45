"""Four eyes: what one person asked for, as exactly as a fingerprint can say it, and what others decided."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from console.organizations.fields import uuid_key
from console.organizations.models.organization import Organization
from console.organizations.models.people import Staff

LASTS = timedelta(days=7)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self, *, at: datetime) -> "ApprovalQuerySet":
        """Those on which somebody can still decide."""
        return self.filter(state=Approval.State.WAITING, expires_at__gt=at)

    def waiting_for(self, staff: Staff, *, at: datetime) -> "ApprovalQuerySet":
        """Those that others asked for, not about `staff`, who has not decided on them; the role is not looked at."""
        mine = Decision.objects.filter(checker=staff).values("approval")
        others = self.waiting(at=at).exclude(maker=staff).exclude(kind="role", subject=staff.user_id)
        return others.exclude(pk__in=mine)


class Approval(models.Model):
    """A request that something become active, and what became of it. Only its outcome is ever written to it again.

    `subject` is the id of the thing in its own table, `given` what the maker chose that the thing itself does not say.
    `fingerprint` is the SHA-256 of everything that is asked for; `before` and `after` say it in words. The database
    holds the rest: as many approving decisions as are `needed`, none of them the maker's.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for approval"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        VOID = "void", "Void"
        EXPIRED = "expired", "Expired"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="approvals", db_index=False)
    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    title = models.CharField(max_length=300)
    given: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    before: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    after: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    audience = models.PositiveBigIntegerField(
        null=True, help_text="How many it reached when it was asked for."
    )
    needed = models.PositiveSmallIntegerField(default=1)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="requests")
    comment = models.TextField(blank=True, max_length=2000)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it is void.")
    announced_at = models.DateTimeField(null=True, help_text="When those who may decide were written to.")
    told_at = models.DateTimeField(null=True, help_text="When the maker was written to about the outcome.")

    objects: ClassVar[Any] = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "approved", "rejected", "void", "expired"]),
                name="approval_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_at__isnull=True)
                | ~Q(state="waiting") & Q(closed_at__isnull=False),
                name="approval_closed_when",
            ),
            models.CheckConstraint(
                condition=Q(needed__gte=1, needed__lte=2), name="approval_needs_one_or_two"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")), name="approval_expires_later"
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "subject"],
                condition=Q(state="waiting"),
                name="approval_one_waiting",
            ),
            # What the composite foreign keys of decisions and subjects point at.
            models.UniqueConstraint(fields=["id", "organization", "maker"], name="approval_of_maker"),
        ]
        indexes = [
            models.Index(fields=["organization", "requested_at", "id"], name="approval_by_time"),
            models.Index(fields=["organization", "maker", "requested_at", "id"], name="approval_by_maker"),
            models.Index(fields=["subject", "kind", "requested_at"], name="approval_by_subject"),
            models.Index(
                fields=["organization", "expires_at"], condition=Q(state="waiting"), name="approval_waiting"
            ),
            models.Index(
                fields=["requested_at"],
                condition=Q(state="waiting", announced_at__isnull=True)
                | ~Q(state="waiting") & Q(told_at__isnull=True),
                name="approval_to_write_about",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.organization.url("approval_detail", self.pk)

    def is_waiting(self, *, at: datetime) -> bool:
        """Whether somebody can still decide on it."""
        return self.state == self.State.WAITING and self.expires_at > at


class Decision(models.Model):
    """What one person decided on an approval. Append-only.

    It repeats the maker (a composite foreign key sees that it is the approval's own), so that a constraint can keep
    maker and checker apart.
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="decisions", db_index=False)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    checker = models.ForeignKey(Staff, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict)
    comment = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(checker=F("maker")), name="decision_by_another"),
            models.CheckConstraint(
                condition=Q(verdict__in=["approved", "rejected"]), name="decision_verdict_known"
            ),
            models.UniqueConstraint(fields=["approval", "checker"], name="decision_once_per_checker"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.checker}"
