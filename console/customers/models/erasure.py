"""Whom the bank erased: enough to know the id again when a file brings it back, nothing to find the person by."""

from uuid import UUID

from django.db import models

from console.organizations.fields import uuid_key
from console.organizations.hashing import keyed_hash
from console.organizations.models import Organization, Staff


class Erasure(models.Model):
    """That a customer was erased: when, by whom, why, and a keyed hash of the external id they had."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="erasures", db_index=False)
    customer = models.OneToOneField("customers.Customer", models.PROTECT, related_name="erasure")
    external_id_hash = models.CharField(max_length=64)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id_hash"], name="erased_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}, {self.at:%Y-%m-%d}"

    @staticmethod
    def hash_of(organization: UUID, external_id: str) -> str:
        """What is kept of an external id: the keyed hash of "organization:id"."""
        return keyed_hash(f"{organization}:{external_id}")
