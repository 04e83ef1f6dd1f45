"""Columns that several tables of billing have."""

from typing import Any

from django.db import models

from console.customers.models import Customer
from console.organizations.models import Organization


def owner(name: str) -> "models.ForeignKey[Any, Any]":
    """The organization that has the row, which reaches it as `name`. Indexes that begin with it are the table's own."""
    return models.ForeignKey(Organization, models.PROTECT, related_name=name, db_index=False)


def whose(name: str) -> "models.ForeignKey[Any, Any]":
    """The customer whom the row is about."""
    return models.ForeignKey(Customer, models.PROTECT, related_name=name, db_index=False)


def external_id() -> "models.CharField[Any, Any]":
    """The id in the system that the row came from."""
    return models.CharField(max_length=100, help_text="The id in the system that it comes from.")
