"""Which keys a running import has met."""

from django.db import models


class SeenKey(models.Model):
    """Which line of a running import brought a key first: a second one in the same file is refused. Kept unlogged."""

    run_id = models.UUIDField()
    key = models.TextField()
    line = models.PositiveBigIntegerField()

    pk = models.CompositePrimaryKey("run_id", "key")

    def __str__(self) -> str:
        return self.key
