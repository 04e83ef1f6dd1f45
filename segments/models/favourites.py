"""The segments that somebody comes back to."""

from django.db import models

from console.organizations.models import Staff
from segments.models.segments import Segment


class Favourite(models.Model):
    """A segment that a person of the staff wants at hand. Nobody else sees it."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="favourites", db_index=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="favourites")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "staff"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.segment}, of {self.staff}"
