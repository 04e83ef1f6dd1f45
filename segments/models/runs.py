"""Refreshes of segments, as rows."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q

from console.organizations import scope
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from segments.expressions import Sql

# Who refreshes a segment holds this lock: its two halves stand in pg_locks.
STOP = """
SELECT pg_cancel_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = hashtextextended(%s, 7)
"""


UNTOLD = Q(told_at__isnull=True) & ~Q(news="")


class RunQuerySet(models.QuerySet["Run"]):
    """Many runs."""

    def abandoned(self, *, at: datetime) -> "RunQuerySet":
        """Runs said to work whose worker is gone: nobody holds their segment's lock any more."""
        held = Sql("pg_try_advisory_xact_lock(hashtextextended('segment ' || {}::text, 7))", F("segment_id"))
        return self.filter(state=Run.State.RUNNING, started_at__lt=at - timedelta(seconds=30)).filter(held)

    def untold(self) -> "RunQuerySet":
        """Runs that are news to whoever looks after their segment, and that nobody was written about yet."""
        return self.filter(UNTOLD)

    def outdated(self) -> "RunQuerySet":
        """Runs that count by a version that is no longer in force."""
        return self.filter(state=Run.State.RUNNING).exclude(version=F("segment__version"))

    def stop_outdated(self) -> None:
        """Have the database give up what runs count by a version that is no longer in force, so that the next begins.

        Whoever signed in here may stop what they began elsewhere. A run between two statements is not heard: it finds
        out at its end.
        """
        held = [Run.lock_of(segment) for segment in self.outdated().values_list("segment", flat=True)]
        with scope.nobody(), connection.cursor() as cursor:
            for name in held:
                cursor.execute(STOP, [name])

    def requeue(self) -> int:
        """Let the runs start again from nothing: what they had not committed was never there."""
        waiting = Run.objects.filter(segment=OuterRef("segment"), state=Run.State.QUEUED)
        superseded = self.filter(Exists(waiting)).update(
            state=Run.State.SUPERSEDED, error="Its worker stopped."
        )
        try:
            with transaction.atomic():
                return superseded + self.update(state=Run.State.QUEUED, started_at=None)
        except IntegrityError:  # somebody asked for another run of it in this moment: that one is enough
            return superseded + self.requeue()


class Run(models.Model):
    """One refresh of a segment: who or what asked for it, what it counted, how long it took, how it ended."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Superseded"

    class News(models.TextChoices):
        FAILED = "failed", "Failed"
        MOVED = "moved", "Moved more than was set"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="segment_runs")
    segment = models.ForeignKey("Segment", models.CASCADE, related_name="runs")
    version = models.ForeignKey("SegmentVersion", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    members = models.PositiveIntegerField(null=True)
    entered = models.PositiveIntegerField(null=True)
    left = models.PositiveIntegerField(null=True)
    looked_at = models.PositiveIntegerField(null=True, help_text="How many; empty: at everyone.")
    error = models.TextField(blank=True)
    news = models.CharField(max_length=6, choices=News, blank=True, default="", db_default="")
    told_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        indexes = [
            models.Index(fields=["segment", "-requested_at"], name="run_by_segment"),
            models.Index(fields=["requested_at"], name="run_untold", condition=UNTOLD),
        ]
        constraints = [
            models.UniqueConstraint(fields=["segment"], condition=Q(state="queued"), name="one_queued_run"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.segment}"

    def get_absolute_url(self) -> str:
        return self.segment.organization.url("segments:run_detail", self.pk)

    @property
    def before(self) -> int:
        """How many belonged before it."""
        return (self.members or 0) - (self.entered or 0) + (self.left or 0)

    @property
    def moved(self) -> str:
        """From how many to how many, within a sentence."""
        return f"from {self.before:,} to {self.members or 0:,} members"

    @staticmethod
    def lock_of(segment: UUID) -> str:
        """The name of the lock that whoever refreshes the segment holds."""
        return f"segment {segment}"
