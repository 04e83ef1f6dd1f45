"""Notes of whom a change touched: what a refresh needs to look at nobody else."""

from typing import Any

from django.db import models

from console.organizations.models import Organization


class XactField(models.BigIntegerField):
    """The number of a transaction, which the database never gives twice."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """As a number: the driver gives text."""
        return None if value is None else int(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Numbers reach the type by text only."""
        return "%s::text::xid8"


class Touched(models.Model):
    """A customer or an account of whom a transaction changed what segments ask for; with neither it is everybody.

    Written by triggers on whatever segments can read (freshness/triggers.py), in the transaction that makes the change,
    so a note is there when the change is. `what` is the table, or `segment` with an id: who is in it. Nobody needs a
    note that every refresh has heeded; the schedule deletes it.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    xact = XactField()
    what = models.CharField(max_length=63)
    customer_id = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "touched"
        indexes = [models.Index(fields=["organization", "xact"], name="touched_by_xact")]

    def __str__(self) -> str:
        return f"{self.what}: {self.customer_id or self.account_id or 'everybody'}"
