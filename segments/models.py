"""Who is in what: segments, the versions of their definitions, memberships, and every entry and exit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Now

from console.customers.models import Customer
from console.ledgers.models import Ledger
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from console.wakeup import wake
from segments import definition
from segments.expressions import Sql
from segments.drafts import Draft as Draft
from segments.faults import DefinitionFaults, Fault


class NoDefinition(Exception):
    """A dynamic segment that has no version to refresh to."""


class VersionConflict(Exception):
    """Somebody else saved a version since the editor was opened: `latest` is theirs."""

    def __init__(self, latest: "SegmentVersion") -> None:
        super().__init__(f"Version {latest.number} was saved meanwhile.")
        self.latest = latest


class Population(models.TextChoices):
    CUSTOMERS = "customers", "Customers"
    ACCOUNTS = "accounts", "Accounts"


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Many segments."""

    def due(self, *, at: datetime) -> "SegmentQuerySet":
        """Live dynamic segments whose interval has run out at the moment `at`, and for which no run waits or works."""
        busy = Run.objects.filter(segment=OuterRef("pk"), state__in=[Run.State.QUEUED, Run.State.RUNNING])
        late = Q(refreshed_at__isnull=True) | Q(refreshed_at__lte=Value(at) - F("refresh_every"))
        return self.filter(
            ~Exists(busy), late, refresh_every__isnull=False, version__isnull=False, archived_at__isnull=True
        )


class RunQuerySet(models.QuerySet["Run"]):
    """Many runs."""

    def abandoned(self, *, at: datetime) -> "RunQuerySet":
        """Runs said to work whose worker is gone: nobody holds their segment's lock any more."""
        held = Sql("pg_try_advisory_xact_lock(hashtextextended('segment ' || {}::text, 7))", F("segment_id"))
        return self.filter(state=Run.State.RUNNING, started_at__lt=at - timedelta(seconds=30)).filter(held)

    def requeue(self) -> int:
        """Let the runs start again from nothing: what they had not committed was never there."""
        waiting = Run.objects.filter(segment=OuterRef("segment"), state=Run.State.QUEUED)
        superseded = self.filter(Exists(waiting)).update(state=Run.State.SUPERSEDED, error="Its worker stopped.")
        return superseded + self.update(state=Run.State.QUEUED, started_at=None)


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
    refreshed_version = models.ForeignKey(
        "SegmentVersion", models.PROTECT, null=True, editable=False, related_name="+", help_text="What the members are by."
    )
    refresh_every = models.DurationField(null=True, blank=True, help_text="Empty: after imports and on request only.")
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SegmentQuerySet.as_manager()

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

    def members(self) -> "models.QuerySet[Any]":
        """The customers or accounts in the segment now, as last refreshed."""
        people: models.QuerySet[Any] = (
            self.organization.customers.all()
            if self.population == Population.CUSTOMERS
            else self.organization.accounts.all()
        )
        return people.filter(memberships__segment=self)

    def matching(self, at: datetime) -> "models.QuerySet[Any]":
        """Who meets the version in force at the moment `at`, whatever the stored membership says.

        Who objected to profiling is in no marketing segment. Raises DefinitionFaults when the definition can't be compiled any more.
        """
        if self.version is None:
            return self.members().none()
        node = definition.parse(self.version.definition, self.population, self.organization)
        found = definition.queryset(node, self.organization, at)
        if self.is_marketing and self.population == Population.CUSTOMERS:
            found = found.filter(profiling_objected_at__isnull=True)
        return found

    @transaction.atomic
    def save_definition(
        self, data: Any, *, by: Staff | None, at: datetime, expected: int | None = None
    ) -> "SegmentVersion":
        """Put a definition in force as the next version. `expected` is the version number that the editor started from (0: none).

        Raises DefinitionFaults (also for a cycle of segments), or VersionConflict when somebody saved another version meanwhile.
        """
        node = definition.parse(data, self.population, self.organization)
        locked = Segment.objects.select_for_update().get(pk=self.pk)
        last = locked.versions.first()
        number = last.number if last else 0
        if expected is not None and expected != number and last is not None:
            raise VersionConflict(last)
        uses = sorted(definition.segments_used(node), key=str)
        locked.refuse_cycle(uses)
        self.version = locked.versions.create(
            number=number + 1, definition={"schema_version": 1, **data}, uses=uses, created_by=by, created_at=at
        )
        self.save(update_fields=["version"])
        return self.version

    def refuse_cycle(self, uses: "Sequence[UUID]") -> None:
        """Raise DefinitionFaults when one of the segments in `uses` is made, directly or not, from this one."""
        graph = {
            each.pk: (each.name, each.version.uses if each.version else [])
            for each in self.organization.segments.select_related("version")
        }
        stack = [(each, [self.name]) for each in uses]
        while stack:
            current, trail = stack.pop()
            if current == self.pk:
                raise DefinitionFaults([Fault("", f"A segment can't be made from itself: {' → '.join([*trail, self.name])}.")])
            name, following = graph.get(current, ("", []))
            stack.extend((each, [*trail, name]) for each in following)

    def dependents(self) -> "models.QuerySet[Segment]":
        """The segments whose version in force names this one."""
        return self.organization.segments.filter(version__uses__contains=[self.pk], archived_at__isnull=True)

    def request_refresh(self, *, by: Staff | None, at: datetime) -> "Run":
        """Queue a refresh to the version in force; one that waits already is the answer. Raises NoDefinition without a version."""
        if self.version_id is None:
            raise NoDefinition(f"“{self.name}” has no definition yet. Save one first.")
        run, is_new = Run.objects.get_or_create(
            segment=self,
            state=Run.State.QUEUED,
            defaults={
                "organization": self.organization,
                "version_id": self.version_id,
                "requested_by": by,
                "requested_at": at,
            },
        )
        if not is_new and run.version_id != self.version_id:
            Run.objects.filter(pk=run.pk, state=Run.State.QUEUED).update(version=self.version_id)
        wake("segments.tasks.refresh", str(run.pk))
        return run


class SegmentVersion(models.Model):
    """A definition as it was saved: never changed. The segment points to the one in force."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition: "models.JSONField[Any, Any]" = models.JSONField()
    uses = ArrayField(models.UUIDField(), default=list, help_text="The segments that the definition names.")
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

    objects = RunQuerySet.as_manager()

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

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="customer_memberships", db_index=False
    )
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

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="account_memberships", db_index=False)
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
