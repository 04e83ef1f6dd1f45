"""What erasing a customer means for imports: rows and files that hold them go."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import BooleanField, Func, QuerySet, TextField, Value

from console.customers.erasing import Fate, Part
from console.customers.models import Customer
from console.imports.engine import one_at_a_time
from console.imports.models import ImportRun, RejectedRow

NAMING = ("customers", "contacts", "payment_methods", "connector_links")


class HasCell(Func):
    """Whether a list of cells, trimmed and in small letters, has one of some texts."""

    template = "EXISTS (SELECT FROM jsonb_array_elements_text(%(expressions)s))"
    arg_joiner = ") AS cell (text) WHERE lower(trim(cell.text)) = ANY("
    output_field = BooleanField()


def told(customer: Customer) -> list[Fate]:
    return [
        Fate(
            "Rejected rows of imports",
            rows(customer).count(),
            True,
            "Their cells; that a line was refused stays.",
        ),
        Fate(
            "Files of customers that are in",
            len(files(customer)),
            True,
            "All of them: nobody needs them any more.",
        ),
    ]


def erase(customer: Customer, at: datetime) -> None:
    rows(customer).update(value="", cells=[])
    for name in files(customer):
        transaction.on_commit(partial(default_storage.delete, name))


def rows(customer: Customer) -> "QuerySet[Any]":
    """Rejected rows of which a whole cell is the customer's id, name, address or number."""
    known = [customer.external_id, customer.name, customer.email, customer.phone]
    texts = [text.strip().lower() for text in known if text.strip()]
    named = HasCell("cells", Value(texts, output_field=ArrayField(TextField())))
    return RejectedRow.objects.filter(named, run__organization=customer.organization)


def files(customer: Customer) -> list[str]:
    """The stored files with what names customers that no run will read again."""
    runs = ImportRun.objects.filter(organization=customer.organization, kind__in=NAMING).exclude(file="")
    needed = runs.exclude(state=ImportRun.State.DONE).values("file")
    found = runs.filter(state=ImportRun.State.DONE).exclude(file__in=needed).values_list("file", flat=True)
    return sorted(name for name in set(found) if default_storage.exists(name))


def hold(customer: Customer) -> None:
    """No batch of customers is under way until the erasure is done: it would enter the person anew."""
    one_at_a_time(customer.organization_id, "customers")


PART = Part(told, erase, hold)
