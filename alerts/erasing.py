"""What erasing a customer means for alerts: what staff wrote about them is taken out of the notes."""

import re
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from alerts.models import AlertEvent
from console.customers.erasing import Fate, Part, identities, naming
from console.customers.models import Customer

GONE = "[erased]"


def told(customer: Customer) -> list[Fate]:
    alerts = customer.organization.alerts.filter(account__holders__customer=customer)
    return [
        Fate("Notes on alerts that name them", notes(customer).count(), True, f"The names become {GONE}."),
        Fate(
            "Alerts of their accounts",
            alerts.distinct().count(),
            False,
            "They are about the account’s balance.",
        ),
        Fate(
            "Banners shown",
            customer.impressions.count(),
            False,
            "Counts of the campaign; no name stands there.",
        ),
    ]


def erase(customer: Customer, at: datetime) -> None:
    names = re.compile("|".join(map(re.escape, identities(customer))) or "(?!)", re.IGNORECASE)
    for event in notes(customer):
        event.note = names.sub(GONE, event.note)
        event.save(update_fields=["note"])


def notes(customer: Customer) -> "QuerySet[Any]":
    """Notes anywhere in the inbox in which the customer's name, address, number or id stands."""
    return naming(AlertEvent.objects.filter(alert__organization=customer.organization), customer, "note")


PART = Part(told, erase)
