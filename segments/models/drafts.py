"""Work on a definition that is not saved yet: kept as it is typed, faults and all, so that nothing is lost."""

import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff

STEPS = 30
BYTES = 300_000
KEPT = (
    "base",
    "name",
    "population",
    "description",
    "is_marketing",
    "definition",
    "history",
    "turn",
    "kept_at",
)


class Draft(models.Model):
    """One person's draft of one segment, or of one that does not exist yet. `base` is the version it began from.

    `turn` counts the trees that were answered: what a page sends by itself while somebody types says which of them it
    shows, so that a late one does not undo what a button has done since. `origin` is what one that is not stored was
    filled in with: as long as it stands so, there is nothing to keep.
    """

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="segment_drafts")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="segment_drafts")
    segment = models.ForeignKey("segments.Segment", models.CASCADE, null=True, related_name="drafts")
    base = models.ForeignKey("segments.SegmentVersion", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=256, blank=True)
    population = models.CharField(max_length=9, default="customers")
    description = models.TextField(blank=True)
    is_marketing = models.BooleanField(default=True)
    definition: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    history: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    counts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    turn = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField()
    origin: "Draft | None" = None

    class Meta:
        ordering = ["-kept_at"]
        constraints = [models.UniqueConstraint(fields=["segment", "staff"], name="segment_draft_once")]

    def __str__(self) -> str:
        return self.name or "Segment without a name"

    @property
    def is_stored(self) -> bool:
        return not self._state.adding

    def keep(self, definition: dict[str, Any], *, at: datetime, before: dict[str, Any] | None = None) -> None:
        """Keep what the page shows. `before` is what stood there when an operation began: Undo leads back to it."""
        step = before if before is not None and before != definition else self.definition
        if step and step != definition:
            self.history = _trimmed([*self.history, step])
        self.definition, self.kept_at = definition, at
        self.store()

    def store(self) -> None:
        """Write the draft but its counts, which a worker may be writing. A second page joins the first one's."""
        if not self.is_stored:
            try:
                with transaction.atomic():
                    self.save()
                return
            except IntegrityError:
                self.pk = Draft.objects.values_list("pk", flat=True).get(
                    segment=self.segment, staff=self.staff
                )
                self._state.adding = False
        self.save(update_fields=KEPT)

    def undo(self, *, at: datetime, steps: int = 1) -> bool:
        """Go back by so many steps, or as far as the history reaches. False when there is none."""
        if not self.history:
            return False
        steps = min(max(steps, 1), len(self.history))
        self.definition, self.history = self.history[-steps], self.history[:-steps]
        self.kept_at = at
        self.store()
        return True


def _trimmed(history: list[Any]) -> list[Any]:
    """The newest steps, few and small enough to travel with the row."""
    kept = history[-STEPS:]
    while len(kept) > 1 and len(json.dumps(kept)) > BYTES:
        kept = kept[1:]
    return kept
