"""Many segments: which of them are due, and which have one name."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Greatest

from console.imports.models import ImportRun
from segments.models.runs import Run


class SegmentQuerySet(models.QuerySet[Any]):
    """Many segments."""

    def due(self, *, at: datetime) -> "SegmentQuerySet":
        """Live segments to refresh at the moment `at`: their interval ran out, the dates in their rules stand for other
        days by now, or an import ended since the last time.

        A segment for which a run waits or works is not due; one that failed waits for the next of these.
        """
        busy = Run.objects.filter(segment=OuterRef("pk"), state__in=[Run.State.QUEUED, Run.State.RUNNING])
        latest = (
            Run.objects.filter(segment=OuterRef("pk")).order_by("-requested_at").values("requested_at")[:1]
        )
        imported = ImportRun.objects.filter(
            organization=OuterRef("organization"),
            state="done",
            is_dry_run=False,
            finished_at__gt=OuterRef("asked_at"),
        )
        is_late = Q(refresh_every__isnull=False, asked_at__lte=Value(at) - F("refresh_every"))
        is_new = Q(refresh_every__isnull=False, asked_at__isnull=True)
        lapsed = Q(freshness__lapses_at__lte=at, asked_at__lt=F("freshness__lapses_at"))
        return self.annotate(asked_at=Greatest(Subquery(latest), "refreshed_at")).filter(
            ~Exists(busy),
            is_late | lapsed | Exists(imported) | is_new,
            version__isnull=False,
            archived_at__isnull=True,
        )

    def namesakes(self, segment: Any) -> "SegmentQuerySet":
        """The others in use that have its name, whatever its case, in its ledger or in none as it."""
        same = self.filter(organization=segment.organization_id, ledger=segment.ledger_id, archived_at=None)
        return same.filter(name__iexact=segment.name).exclude(pk=segment.pk)


class LiveSegments(models.Manager.from_queryset(SegmentQuerySet)):  # type: ignore[misc]  # from_queryset makes the class at run time
    """Segments that are not deleted."""

    def get_queryset(self) -> SegmentQuerySet:
        return SegmentQuerySet(self.model, using=self._db).filter(deleted_at=None)
