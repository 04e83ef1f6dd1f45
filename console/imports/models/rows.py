"""What belongs to a run: its transitions, and the rows that were refused."""

from django.db import models

from console.imports.models.runs import ImportRun
from console.organizations.models import Staff


class RunEvent(models.Model):
    """A transition of a run: who made it (none: the machine) and when."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="events")
    state = models.CharField(max_length=9, choices=ImportRun.State)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.run}"


class RejectedRow(models.Model):
    """A row that was not taken: where it stands, what is wrong with it, and its cells as they came."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rejected_rows", db_index=False)
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=256, blank=True)
    value = models.CharField(max_length=500, blank=True)
    reason = models.TextField()
    cells = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="rejected_row_once")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
