"""Who is in a segment now, and every entry and exit."""

from django.db import models
from django.db.models import Q

from console.customers.models import Customer
from console.organizations.models import ApiKey, Organization, Staff
from console.portfolios.models import Account
from segments.models.bulk import BulkRun
from segments.models.runs import Run
from segments.models.segments import Segment, SegmentVersion


class CustomerMembership(models.Model):
    """A customer in a segment now."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="customer_memberships", db_index=False
    )
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="customer_memberships", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "customer"], include=["organization"], name="customer_member_once"
            )
        ]
        indexes = [
            models.Index(fields=["segment", "-entered_at", "-customer"], name="customer_member_by_entry")
        ]

    def __str__(self) -> str:
        return f"{self.customer} in {self.segment}"


class AccountMembership(models.Model):
    """An account in a segment now. Of assigned segments an account has one at most: its tag."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="account_memberships", db_index=False
    )
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="account_memberships", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    is_assigned = models.BooleanField(default=False, db_default=False)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "account"], include=["organization"], name="account_member_once"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_assigned=True), name="one_assigned_segment"
            ),
        ]
        indexes = [
            models.Index(fields=["segment", "-entered_at", "-account"], name="account_member_by_entry")
        ]

    def __str__(self) -> str:
        return f"{self.account} in {self.segment}"


class MembershipEvent(models.Model):
    """An entry or an exit, and what caused it: a version and its run, or a person, a key, a change of many accounts.

    Append-only: membership is these folded.
    """

    class Change(models.TextChoices):
        ENTERED = "entered", "Entered"
        LEFT = "left", "Left"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="events", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="membership_events")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="membership_events")
    change = models.CharField(max_length=7, choices=Change)
    at = models.DateTimeField()
    version = models.ForeignKey(SegmentVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="events", db_index=False)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", db_index=False)
    key = models.ForeignKey(ApiKey, models.SET_NULL, null=True, related_name="+", db_index=False)
    bulk = models.ForeignKey(BulkRun, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["segment", "-at", "-id"], name="membership_event_by_time"),
            models.Index(fields=["segment", "at"], name="membership_event_of_no_run", condition=Q(run=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, account__isnull=True)
                | Q(customer__isnull=True, account__isnull=False),
                name="event_of_one_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.account} {self.change} {self.segment}"

    def cause(self) -> str:
        """By what or whom, in words."""
        if self.version:
            return f"version {self.version.number}"
        if self.key:
            return f"key “{self.key.name}”"
        who = self.by or (self.bulk and self.bulk.requested_by)
        return f"{who}{', with many others' if self.bulk else ''}" if who else "by hand"
