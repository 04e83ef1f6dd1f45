"""What every record of a bank has in common: status in words, metadata, when it was made, changed and deleted."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

ACTIVE = "ACTIVE"


class LiveManager(models.Manager[Any]):
    """Records that are not deleted: what everybody means by "the ledgers"."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(deleted_at=None)


class Kept(models.Model):
    """A record that is deleted by saying when: its row stays, since others point to it. `objects` are the live ones."""

    metadata: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True, db_default={})
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = LiveManager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Store it; a change notes when."""
        if not self._state.adding:
            self.updated_at = timezone.now()
            if options.get("update_fields") is not None:
                options["update_fields"] = {*options["update_fields"], "updated_at"}
        super().save(**options)


class Stated(Kept):
    """A record with a status: a code, free text that is ACTIVE unless somebody says otherwise, and words to it."""

    status = models.CharField(max_length=100, default=ACTIVE, db_default=ACTIVE)
    status_description = models.CharField(max_length=256, blank=True, default="", db_default="")

    class Meta:
        abstract = True
