"""Each time that customers left as a file."""

from django.db import models

from console.organizations.fields import uuid_key
from console.organizations.models import Approval, Organization, Staff


class Download(models.Model):
    """A file of customers that somebody took, as it was approved for them. Never changed (a trigger sees to it)."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="downloads", db_index=False)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="downloads")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    rows = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.rows:,} customer{'' if self.rows == 1 else 's'}"
