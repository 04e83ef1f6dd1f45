"""Whom to write to about a customer's bills, beside the customer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from console.billing.models.columns import owner, whose
from console.organizations.fields import uuid_key
from console.organizations.models import Kept


class Contact(Kept):
    """A person at or beside a customer, by email address in any case; `send_invoice` says whether bills go there."""

    id = uuid_key()
    organization = owner("contacts")
    customer = whose("contacts")
    name = models.CharField(max_length=256, blank=True)
    email = models.EmailField(max_length=254)
    send_invoice = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Servers may tell addresses apart by their case (RFC 5321, 2.4), and none does.
            models.UniqueConstraint(
                "customer", Lower("email"), condition=Q(deleted_at__isnull=True), name="contact_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "id"], name="contact_by_id")]

    def __str__(self) -> str:
        """Never the name or the address: see `console.customers.masking`."""
        return "Contact"
