"""Refreshes of segments, as rows."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from segments.expressions import Sql


class RunQuerySet(models.QuerySet["Run"]):
    """Many runs."""

    def abandoned(self, *, at: datetime) -> "RunQuerySet":
        """Runs said to work whose worker is gone: nobody holds their segment's lock any more."""
        held = Sql("pg_try_advisory_xact_lock(hashtextextended('segment ' || {}::text, 7))", F("segment_id"))
        return self.filter(state=Run.State.RUNNING, started_at__lt=at - timedelta(seconds=30)).filter(held)

    def requeue(self) -> int:
        """Let the runs start again from nothing: what they had not committed was never there."""
        waiting = Run.objects.filter(segment=OuterRef("segment"), state=Run.State.QUEUED)
        superseded = self.filter(Exists(waiting)).update(
            state=Run.State.SUPERSEDED, error="Its worker stopped."
        )
        return superseded + self.update(state=Run.State.QUEUED, started_at=None)


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
