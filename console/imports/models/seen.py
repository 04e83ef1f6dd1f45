"""Which keys a running import has met."""

from django.db import models


class SeenKey(models.Model):
    """Which line of a running import brought a key first: a second one in the same file is refused. Kept unlogged."""

    pk = models.CompositePrimaryKey("run_id", "key")
    run = models.ForeignKey(
        "imports.ImportRun", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.TextField()
    line = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.key
