"""The bank's integrations with other systems, and which customer is known there under which reference."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.billing.models.columns import owner, whose
from console.organizations.fields import uuid_key
from console.organizations.models import Kept

LIVE = Q(deleted_at__isnull=True)


class Connector(Kept):
    """Another system that the bank is integrated with, such as Stripe or Xero."""

    class Kind(models.TextChoices):
        PAYMENTS = "payments", "Payments"
        ACCOUNTING = "accounting", "Accounting"
        CRM = "crm", "Customer relations"
        OTHER = "other", "Other"

    id = uuid_key()
    organization = owner("connectors")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PAYMENTS, db_default=Kind.PAYMENTS)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], condition=LIVE, name="connector_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["payments", "accounting", "crm", "other"]), name="connector_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("billing:connector_detail", self.pk)


class ConnectorLink(models.Model):
    """A customer on a connector: under which reference, whether linked now, and when last in step (UTC).

    Unlinking keeps the row: the reference says who it was there.
    """

    class Connection(models.TextChoices):
        LINKED = "linked", "Linked"
        NOT_LINKED = "not linked", "Not linked"

    id = uuid_key()
    organization = owner("connector_links")
    customer = whose("connector_links")
    connector = models.ForeignKey(Connector, models.PROTECT, related_name="links", db_index=False)
    reference = models.CharField(max_length=200, blank=True, help_text="The customer's id over there.")
    connection = models.CharField(
        max_length=10, choices=Connection, default=Connection.LINKED, db_default=Connection.LINKED
    )
    synced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connector", "customer"], include=["connection"], name="connector_link_once"
            ),
            models.UniqueConstraint(
                fields=["connector", "reference"],
                condition=~Q(reference=""),
                name="connector_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(connection__in=["linked", "not linked"]), name="connector_link_known"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "connector"], name="connector_link_by_customer"),
            models.Index(
                fields=["organization", "connector", "customer"], name="connector_link_by_connector"
            ),
            models.Index(fields=["organization", "synced_at", "id"], name="connector_link_by_sync"),
        ]

    def __str__(self) -> str:
        return f"{self.connector}, {self.get_connection_display().lower()}"

    @property
    def state(self) -> tuple[str, str]:
        """How it stands in a word, and the word's tone for components/badge.html."""
        is_linked = self.connection == self.Connection.LINKED
        return self.get_connection_display(), "good" if is_linked else "draft"
