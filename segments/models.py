"""Who is in what: segments, the versions of their definitions, memberships, and every entry and exit."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.customers.models import Customer
from console.ledgers.models import Ledger
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account


class Population(models.TextChoices):
    CUSTOMERS = "customers", "Customers"
    ACCOUNTS = "accounts", "Accounts"


class Segment(models.Model):
    """A named set of customers or accounts: assigned by hand, or kept by a definition."""

    class Kind(models.TextChoices):
        DYNAMIC = "dynamic", "Dynamic"
        ASSIGNED = "assigned", "Assigned"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="segments")
    ledger = models.ForeignKey(Ledger, models.PROTECT, null=True, blank=True, related_name="segments")
    name = models.CharField(max_length=256)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DYNAMIC)
    population = models.CharField(max_length=9, choices=Population, default=Population.CUSTOMERS)
    description = models.TextField(blank=True)
    benefits = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_marketing = models.BooleanField(default=True, help_text="Customers who objected to profiling are left out.")
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="owned_segments")
    version = models.ForeignKey("SegmentVersion", models.PROTECT, null=True, blank=True, related_name="+")
    member_count = models.PositiveIntegerField(null=True, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)
    refresh_every = models.DurationField(null=True, blank=True, help_text="Empty: after imports and on request only.")
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(ledger__isnull=True, archived_at__isnull=True),
                name="segment_name_once",
            ),
            models.UniqueConstraint(
                fields=["ledger", "name"], condition=Q(archived_at__isnull=True), name="segment_name_once_in_ledger"
            ),
            models.CheckConstraint(
                condition=Q(kind="dynamic") | Q(kind="assigned", population="accounts"), name="assigned_to_accounts"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("segments:segment_detail", self.pk)


class SegmentVersion(models.Model):
    """A definition as it was saved: never changed. The segment points to the one in force."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition: "models.JSONField[Any, Any]" = models.JSONField()
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class Run(models.Model):
    """One refresh of a segment: who or what asked for it, what it counted, how long it took, how it ended."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Superseded"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="segment_runs")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="runs")
    version = models.ForeignKey(SegmentVersion, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    members = models.PositiveIntegerField(null=True)
    entered = models.PositiveIntegerField(null=True)
    left = models.PositiveIntegerField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["segment", "-requested_at"], name="run_by_segment")]
        constraints = [
            models.UniqueConstraint(fields=["segment"], condition=Q(state="queued"), name="one_queued_run"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.segment}"


class CustomerMembership(models.Model):
    """A customer in a segment now."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="customer_memberships", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "customer"], name="customer_member_once")]
        indexes = [models.Index(fields=["segment", "-entered_at", "-customer"], name="customer_member_by_entry")]

    def __str__(self) -> str:
        return f"{self.customer} in {self.segment}"


class AccountMembership(models.Model):
    """An account in a segment now. Of assigned segments an account has one at most: its tag."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="account_memberships", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    is_assigned = models.BooleanField(default=False, db_default=False)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "account"], name="account_member_once"),
            models.UniqueConstraint(fields=["account"], condition=Q(is_assigned=True), name="one_assigned_segment"),
        ]
        indexes = [models.Index(fields=["segment", "-entered_at", "-account"], name="account_member_by_entry")]

    def __str__(self) -> str:
        return f"{self.account} in {self.segment}"


class MembershipEvent(models.Model):
    """An entry or an exit, with the version and run that caused it. Append-only: membership is these folded."""

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

    class Meta:
        indexes = [models.Index(fields=["segment", "-at", "-id"], name="membership_event_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, account__isnull=True)
                | Q(customer__isnull=True, account__isnull=False),
                name="event_of_one_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.account} {self.change} {self.segment}"
