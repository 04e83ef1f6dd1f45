"""How long what a refresh found holds, and what the next one needs to know of it."""

from django.db import models

from console.organizations.models import Organization
from segments.models.segments import Segment
from segments.models.touched import XactField


class Freshness(models.Model):
    """What the last refresh of a segment leaves for the next one; none before the first.

    `lapses_at`: the moment from which the clock alone may change who belongs, since the rules look at the date or at
    the hour; empty where they do not. `asked`: a digest of the query that found the members. `seen`: the snapshot of
    the database that it saw, in PostgreSQL's words, of the transaction `seen_in`, at the server and database `ground`;
    empty where the next refresh must look at everybody.
    """

    segment = models.OneToOneField(Segment, models.CASCADE, primary_key=True, related_name="freshness")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    lapses_at = models.DateTimeField(null=True)
    asked = models.CharField(max_length=64, default="", db_default="")
    seen = models.TextField(default="", db_default="")
    seen_in = XactField(null=True)
    ground = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        verbose_name_plural = "freshness"
        indexes = [models.Index(fields=["lapses_at"], name="freshness_by_lapse")]

    def __str__(self) -> str:
        return f"{self.segment}, {self.lapses_at or 'whenever'}"
