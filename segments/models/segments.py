"""Segments and the versions of their definitions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q, Subquery

from console.customers.keeping import hold_attributes
from console.keeping import once
from console.ledgers.models import Ledger
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff, Stated
from console.wakeup import wake
from segments import definition
from segments.definition.faults import DefinitionFaults, Fault
from segments.definition.nodes import Group
from segments.definition.references import retired_segments
from segments.expressions import IdSet
from segments.models.querysets import LiveSegments
from segments.models.refusals import (
    AlreadyDone,
    InUse,
    MadeOfArchived,
    NameTaken,
    NoDefinition,
    VersionConflict,
)
from segments.models.runs import Run
from segments.using import named, users_of


class Population(models.TextChoices):
    CUSTOMERS = "customers", "Customers"
    ACCOUNTS = "accounts", "Accounts"


class Segment(Stated):
    """A named set of customers or accounts: assigned by hand, or kept by a definition."""

    class Kind(models.TextChoices):
        DYNAMIC = "dynamic", "Dynamic"
        ASSIGNED = "assigned", "Assigned"

    TAG = 50
    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="segments")
    ledger = models.ForeignKey(Ledger, models.PROTECT, null=True, blank=True, related_name="segments")
    name = models.CharField(max_length=256)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DYNAMIC)
    population = models.CharField(max_length=9, choices=Population, default=Population.CUSTOMERS)
    description = models.TextField(blank=True)
    benefits = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    tags = ArrayField(
        models.CharField(max_length=TAG),
        default=list,
        db_default=[],
        blank=True,
        help_text="Words by which staff find it among many.",
    )
    is_marketing = models.BooleanField(
        default=True, help_text="Customers who objected to profiling are left out."
    )
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="owned_segments")
    version = models.ForeignKey("SegmentVersion", models.PROTECT, null=True, blank=True, related_name="+")
    member_count = models.PositiveIntegerField(null=True, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)
    refreshed_version = models.ForeignKey(
        "SegmentVersion",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="What the members are by.",
    )
    refresh_every = models.DurationField(
        null=True, blank=True, help_text="Empty: after imports and on request only."
    )
    tell_above = models.PositiveSmallIntegerField(
        "tell the owner of moves above",
        null=True,
        blank=True,
        help_text="Per cent of the members. Empty: a move is no news.",
    )
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = LiveSegments()  # type: ignore[misc]  # has more methods than the manager of Kept

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(ledger__isnull=True, archived_at__isnull=True, deleted_at__isnull=True),
                name="segment_name_once",
            ),
            models.UniqueConstraint(
                fields=["ledger", "name"],
                condition=Q(archived_at__isnull=True, deleted_at__isnull=True),
                name="segment_name_once_in_ledger",
            ),
            models.CheckConstraint(
                condition=Q(kind="dynamic") | Q(kind="assigned", population="accounts"),
                name="assigned_to_accounts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("segments:segment_detail", self.pk)

    def members(self) -> "models.QuerySet[Any]":
        """The customers or accounts in the segment now, as last refreshed."""
        return self.population_rows().filter(memberships__segment=self)

    def population_rows(self) -> "models.QuerySet[Any]":
        """The customers or accounts of whom some belong."""
        people: models.QuerySet[Any] = (
            self.organization.customers.all()
            if self.population == Population.CUSTOMERS
            else self.organization.accounts.all()
        )
        return people

    def in_force(self) -> list[list[Any]]:
        """All that decides who belongs, as JSON: the version of this segment, and of each that it is made from."""
        found = {self.pk: [str(self.pk), self.version_id, self.is_marketing]}
        ahead = set(self.version.uses if self.version else [])
        while ahead:
            named = list(self.organization.segments.filter(pk__in=ahead).select_related("version"))
            found |= {each.pk: [str(each.pk), each.version_id, each.is_marketing] for each in named}
            ahead = {pk for each in named if each.version for pk in each.version.uses} - set(found)
        return [found[pk] for pk in sorted(found)]

    def in_words(self) -> str:
        """Who belongs, in plain English."""
        if self.version is None:
            return "Accounts are put in by hand." if self.kind == self.Kind.ASSIGNED else "No rules yet."
        names = dict(self.organization.segments.filter(pk__in=self.version.uses).values_list("pk", "name"))
        try:
            node = self.rules()
        except DefinitionFaults as faults:
            return f"Its rules can’t be read any more: {faults.faults[0].message}"
        return definition.read_back(node, names)

    def rules(self) -> Group:
        """The version in force as typed nodes.

        Raises NoDefinition without one, or DefinitionFaults when it can't be compiled any more.
        """
        if self.version is None:
            raise NoDefinition
        return definition.parse(self.version.definition, self.population, self.organization, own=self.pk)

    def matching(self, at: datetime) -> IdSet:
        """Who meets the version in force at the moment `at`, whatever the stored membership says.

        Who objected to profiling is in no marketing segment. Raises NoDefinition, DefinitionFaults.
        """
        return definition.ids(self.rules(), self.organization, at, is_marketing=self.is_marketing)

    @transaction.atomic
    def save_definition(
        self, data: Any, *, by: Staff | None, at: datetime, expected: int | None = None
    ) -> "SegmentVersion":
        """Put a definition in force as the next version. `expected` is the number that the editor began from (0: none).

        Raises DefinitionFaults (also for a cycle of segments), or VersionConflict when somebody saved another version
        meanwhile.
        """
        hold_attributes(self.organization)
        node = definition.parse(data, self.population, self.organization, own=self.pk)
        locked = self._held_with(definition.segments_used(node))
        if locked.archived_at or locked.deleted_at or locked.kind != self.Kind.DYNAMIC:
            raise DefinitionFaults([Fault("", f"“{self}” is out of use, or is not kept by rules.")])
        if faults := retired_segments(node, self.organization):
            raise DefinitionFaults(faults)
        last = locked.versions.first()
        number = last.number if last else 0
        if expected is not None and expected != number and last is not None:
            raise VersionConflict(last)
        uses = sorted(definition.segments_used(node), key=str)
        locked.refuse_cycle(uses)
        self.version = locked.versions.create(
            number=number + 1,
            definition={"schema_version": 1, **data},
            uses=uses,
            created_by=by,
            created_at=at,
        )
        self.save(update_fields=["version"])
        transaction.on_commit(self.runs.all().stop_outdated, robust=True)
        return self.version

    def _held_with(self, uses: set[UUID]) -> "Segment":
        """The segment as it is now, locked with those it is made from: nobody archives them, or makes a circle."""
        if uses:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                    [f"made of {self.organization_id}"],
                )
        held = Segment.objects.select_for_update(no_key=True).filter(pk__in={self.pk, *uses}).order_by("pk")
        return next(each for each in held if each.pk == self.pk)

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
                raise DefinitionFaults(
                    [Fault("", f"A segment can't be made from itself: {' → '.join([*trail, self.name])}.")]
                )
            name, following = graph.get(current, ("", []))
            stack.extend((each, [*trail, name]) for each in following)

    def archive(self, *, at: datetime) -> None:
        """Take it out of use; its members and history stay. Raises InUse, AlreadyDone."""
        if users := users_of(self):
            raise InUse(f"{self} can't be archived: {named(users)} it.")
        if not Segment.objects.filter(pk=self.pk, archived_at__isnull=True).update(archived_at=at):
            raise AlreadyDone(f"{self} is archived already.")
        self.archived_at = at

    @transaction.atomic
    def restore(self) -> None:
        """Put it back into use. Raises NameTaken, AlreadyDone, or MadeOfArchived where it could not be counted."""
        held = self._held_with(set(self.version.uses if self.version else []))
        named = self.organization.segments.filter(pk__in=held.version.uses if held.version else [])
        if lacking := named.filter(archived_at__isnull=False).first():
            raise MadeOfArchived(
                f"{self} is made from “{lacking}”, which is archived. Restore that one first."
            )
        taken = NameTaken(f"Another segment is called “{self}” already. Rename that one first.")
        if Segment.objects.namesakes(self).exists():
            raise taken
        archived = Segment.objects.filter(pk=self.pk, archived_at__isnull=False)
        with once(segment_name_once=taken, segment_name_once_in_ledger=taken):
            restored = archived.update(archived_at=None)
        if not restored:
            raise AlreadyDone(f"{self} is in use already.")
        self.archived_at = None

    def dependents(self) -> "models.QuerySet[Segment]":
        """The segments whose version in force names this one."""
        return self.organization.segments.filter(version__uses__contains=[self.pk], archived_at__isnull=True)

    def request_refresh(self, *, by: Staff | None, at: datetime, is_urgent: bool = True) -> "Run":
        """Queue a refresh to the version in force; one that waits already is the answer.

        What is not urgent waits for the clock (`segments.tasks.refresh_due`). Raises NoDefinition without a version.
        """
        if self.version_id is None:
            raise NoDefinition(f"“{self.name}” has no definition yet. Save one first.")
        run = None
        while run is None:
            run = self._queued(by=by, at=at)
        if is_urgent:
            wake("segments.tasks.refresh", str(run.pk), organization=self.organization_id)
        return run

    def _queued(self, *, by: Staff | None, at: datetime) -> "Run | None":
        """The run that waits, held until the transaction ends; None when a worker took it in this moment."""
        asked = Run(segment=self, organization_id=self.organization_id, requested_by=by, requested_at=at)
        asked.version_id = self.version_id  # type: ignore[assignment]  # whoever asks has seen that there is one
        Run.objects.bulk_create([asked], ignore_conflicts=True)
        # What a worker has begun to count may not see what this transaction writes: only a waiting run will do.
        latest = Segment.objects.filter(pk=self.pk).values("version")
        waits = Run.objects.filter(segment=self, state=Run.State.QUEUED)
        run = waits.first()
        return run if run and waits.filter(pk=run.pk).update(version=Subquery(latest)) else None


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
